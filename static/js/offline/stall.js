// The till that opens without a line. What it sells lies sealed in this phone; each sale is a draft of its own, sent
// once under a key that the phone made. No buyer is ever named. Two phones sell from one outing: the server adds up.
import { NoLine, Stop, copy as kept, drafts, keep, keepCopy, me, news, passport, showWaiting, whose, works } from "./store.js";
import { form, hold, keepSending, post } from "./send.js";
import { copy, find, hour, number, own, say, show } from "./ui.js";

const TILE_PX = 96, FEW_CODES = 20, NOTES = [50000, 100000, 200000, 500000];
const asked = new URLSearchParams(location.search).get("outing");
let till = null, basket = new Map(), sale = null, sendNow = () => {};

const money = (n) => `${number(n)} đ`;
const sum = () => [...basket].reduce((all, [place, count]) => all + till.goods[place].price * count, 0);
const pages = ["goods", "pay", "receipt", "sales"];
const open = (name) => {
  for (const page of pages) find(`[data-page=${page}]`).hidden = page !== name;
  find("[data-bar]").hidden = name !== "goods" || !basket.size;
  scrollTo(0, 0);
  const head = find(`[data-page=${name}] h2`);
  if (head && name !== "goods") head.focus();
};

// ---- what is carried along ----

// A picture of a tile: small, square, and in the phone itself.
const small = async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: TILE_PX, height: TILE_PX });
  const { naturalWidth: width, naturalHeight: height } = image, scale = TILE_PX / (Math.min(width, height) || TILE_PX);
  canvas.getContext("2d").drawImage(image, (TILE_PX - width * scale) / 2, (TILE_PX - height * scale) / 2,
    (width || TILE_PX) * scale, (height || TILE_PX) * scale);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/webp", 0.7));
  return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
};

const pictures = async (goods, before) => {
  const known = Object.fromEntries((before?.goods || []).map((one) => [one.picture, one.shot]));
  await Promise.all(goods.filter((one) => one.picture).map(async (one) => {
    try { one.shot = known[one.picture] || await small(one.picture); } catch (error) { console.debug(error); }
  }));
};

// Sales that have not reached the server yet are not counted by it.
const unsent = async () => (await drafts()).filter((one) => one.form === "stall" && one.state !== "sent" && !one.url);
const lines = (draft) => JSON.parse(draft.fields.lines || "[]");
const discount = async () => {
  for (const draft of await unsent()) {
    if (draft.fields.void_reason || Number(draft.fields.outing) !== till.outing.id) continue;
    for (const [pack, lot, count] of lines(draft)) {
      const good = till.goods.find((one) => one.pack === pack && one.lot === lot);
      if (good) good.left -= count;
    }
  }
};

const fetchTill = async (outing) => {
  const { token } = await passport(), same = till?.outing.id === outing;
  const codes = same ? till.codes : [];
  const answer = await post("/manage/offline/stall/take", form({ outing, have: codes.length }), token);
  if (!answer.ok) return;
  const got = await answer.json();
  await pictures(got.goods, till);
  till = { ...got, codes: [...codes, ...got.codes], taken: Date.now() };
  await discount();
  await keepCopy(till, "till");
};

// ---- goods ----

const drawTiles = () => {
  find("[data-name]").textContent = till.outing.name;
  find("[data-goods]").replaceChildren(...till.goods.map((good, place) => {
    const tile = copy("good").firstElementChild, canvas = find("canvas", tile);
    find("[data-what]", tile).textContent = good.name;
    find("[data-label]", tile).textContent = `${good.label} · ${money(good.price)}`;
    find("[data-left]", tile).textContent = `${good.left > 0 ? say("left", number(good.left)) : say("none-left")} · ${good.lot_code}`;
    const count = find("[data-count]", tile);
    count.hidden = !basket.has(place);
    count.textContent = basket.get(place) || "";
    tile.addEventListener("click", () => add(place));
    canvas.hidden = !good.shot;
    if (good.shot) {
      const bytes = Uint8Array.from(atob(good.shot), (sign) => sign.charCodeAt(0));
      createImageBitmap(new Blob([bytes])).then((image) => canvas.getContext("2d").drawImage(image, 0, 0), (error) => console.debug(error));
    }
    return tile;
  }));
  drawBar();
};
const drawBar = () => {
  find("[data-bar]").hidden = !basket.size || find("[data-page=goods]").hidden;
  find("[data-sum]").textContent = money(sum());
};
const put = (place, count) => {
  if (count > 0) basket.set(place, Math.min(count, 500)); else basket.delete(place);
  const tile = find("[data-goods]").children[place], badge = find("[data-count]", tile);
  badge.hidden = !basket.has(place);
  badge.textContent = basket.get(place) || "";
  drawBar();
};
const add = (place) => put(place, (basket.get(place) || 0) + 1);

// A label says pack and lot, or the pack alone: then the lot that is first on the list and not used up.
const typed = (text) => {
  const said = text.trim().toUpperCase(), digits = /(?:^|\/01\/|\(01\)|01)?(\d{8,14})(?!\d)/.exec(said)?.[1]?.padStart(14, "0");
  const lot = /\/10\/([0-9A-Z-]{1,20})/.exec(said)?.[1] || /\(10\)([0-9A-Z-]{1,20})/.exec(said)?.[1];
  const fits = till.goods.map((good, place) => ({ good, place }))
    .filter(({ good }) => good.lot_code === said || (digits && good.gtin.padStart(14, "0") === digits && (!lot || good.lot_code === lot)));
  return (fits.find(({ good }) => good.left > 0) || fits[0])?.place;
};
const take = (event) => {
  event.preventDefault();
  event.stopPropagation();
  const field = find("#code"), place = typed(field.value);
  show(find("[data-code-wrong]"), place === undefined ? say("no-code") : "");
  if (place === undefined) return;
  add(place);
  show(find("[data-took]"), `${say("took")} ${till.goods[place].name}, ${till.goods[place].label}`);
  field.value = "";
  field.focus();
};

// The phone's own reader of codes, where the browser has one; typing always works.
const camera = async () => {
  const able = "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia
    && (await BarcodeDetector.getSupportedFormats().catch(() => [])).length;
  const button = find("[data-camera]"), video = find("[data-video]");
  button.hidden = !able;
  let stream = null;
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    button.textContent = say("camera");
  };
  button.addEventListener("click", async () => {
    if (stream) { stop(); return; }
    try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); } catch { show(find("[data-code-wrong]"), say("no-camera")); return; }
    Object.assign(video, { srcObject: stream, hidden: false });
    button.textContent = say("stop");
    await video.play();
    const reader = new BarcodeDetector();
    const look = async () => {
      if (!stream) return;
      const found = await reader.detect(video).catch(() => []), code = found.map((one) => one.rawValue).sort((a, b) => b.length - a.length)[0];
      if (!code) { setTimeout(look, 200); return; }
      find("#code").value = code;
      find("[data-code]").requestSubmit();
      setTimeout(look, 1200);
    };
    look();
  });
  addEventListener("pagehide", stop);
};

// ---- paying ----

const drawPay = () => {
  find("[data-lines]").replaceChildren(...[...basket].map(([place, count]) => {
    const row = copy("line").firstElementChild, good = till.goods[place];
    find("[data-what]", row).textContent = `${good.name}, ${good.label}`;
    find("[data-each]", row).textContent = money(good.price * count);
    find("output", row).textContent = count;
    find("[data-more]", row).addEventListener("click", () => { add(place); drawPay(); });
    find("[data-less]", row).addEventListener("click", () => { put(place, count - 1); if (basket.size) drawPay(); else open("goods"); });
    return row;
  }));
  find("[data-total]").textContent = number(sum());
  const bank = till.bank && (till.codes.length || sale?.code);
  find("[data-vietqr]").hidden = !bank;
  find("[data-no-qr]").hidden = Boolean(bank);
  choose(null);
};

const given = () => Number(find("#given").value.replace(/\D/g, "")) || 0;
const reckon = () => {
  const back = given() - sum();
  show(find("[data-back]"), given() ? say(back < 0 ? "short" : "change", number(Math.abs(back))) : "");
  find("[data-back]").className = `note ${back < 0 ? "warn" : "good"}`;
};

const choose = async (method) => {
  find("[data-cash-box]").hidden = method !== "cod";
  find("[data-qr-box]").hidden = method !== "vietqr";
  find("[data-ways]").hidden = Boolean(method);
  if (method === "cod") {
    find("#given").value = "";
    find("[data-notes]").replaceChildren(...[sum(), ...NOTES.filter((note) => note > sum())].slice(0, 4).map((note) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet", textContent: number(note) });
      button.addEventListener("click", () => { find("#given").value = number(note); reckon(); });
      return button;
    }));
    reckon();
    find("#given").focus();
  }
  if (method !== "vietqr") return;
  const code = await takeCode();
  if (!code) { drawPay(); return; }
  const { draw, transfer } = await import("./qr.js");
  const canvas = find("[data-qr]"), text = transfer(till.bank.head, sum(), code);
  draw(canvas, text);
  canvas.dataset.text = text;
  for (const [name, said] of [["bank", till.bank.name], ["number", till.bank.number], ["holder", till.bank.holder], ["sum", money(sum())], ["code", code]]) {
    find(`[data-to-${name}]`).textContent = said;
  }
};

// One code a sale, never given twice, whatever happens to the tab.
const takeCode = () => navigator.locks.request("chophien-till", async () => {
  if (sale?.code) return sale.code;
  const now = await kept("till"), [code, ...codes] = now.codes;
  if (!code) return null;
  await keepCopy({ ...now, codes }, "till");
  till.codes = codes;
  sale = { code };
  return code;
});

const done = async (method) => {
  const rows = [...basket].map(([place, count]) => [till.goods[place], count]), total = sum();
  if (method === "cod" && given() && given() < total) { find("#given").focus(); return; }
  const cash = method === "cod" ? given() || total : 0, at = Date.now();
  const draft = { id: crypto.randomUUID(), form: "stall", state: "waiting", tries: 0, due: 0, at, weighed: at,
    title: rows.map(([good, count]) => `${count} × ${good.name}`).join(", "), detail: `${money(total)} · ${say(method)}`,
    total, method, outing: till.outing.id, given: cash, code: method === "vietqr" ? sale.code : "",
    receipt: rows.map(([good, count]) => [good.name, good.label, good.lot_code, count, good.price]),
    fields: { outing: till.outing.id, method, code: method === "vietqr" ? sale.code : "", given_vnd: cash || "",
      lines: JSON.stringify(rows.map(([good, count]) => [good.pack, good.lot, count, good.price])) } };
  try { await keep(draft); } catch (error) {
    console.debug(error);
    show(find("[data-said]"), say("full"));
    return;
  }
  navigator.storage?.persist?.();
  for (const [good, count] of rows) good.left -= count;
  await navigator.locks.request("chophien-till", () => keepCopy(till, "till"));
  basket = new Map();
  sale = null;
  drawTiles();
  await showReceipt(draft);
  sendNow();
};

// ---- receipt ----

const receiptText = (draft) => [till.outing.seller, till.outing.name, hour(draft.weighed), "",
  ...draft.receipt.flatMap(([name, label, lot, count, price]) => [`${name}, ${label} (${lot})`, `  ${count} × ${money(price)} = ${money(count * price)}`]),
  "", `${say("total")}: ${money(draft.total)}`, say(draft.method),
  ...(draft.given > draft.total ? [`${say("gave")}: ${money(draft.given)}`, `${say("back")}: ${money(draft.given - draft.total)}`] : []),
  ...(draft.code ? [`${say("code")}: ${draft.code}`] : [])].join("\n");

const showReceipt = async (draft) => {
  const text = receiptText(draft);
  find("[data-receipt]").replaceChildren(...text.split("\n").filter(Boolean).map((said) =>
    Object.assign(document.createElement("p"), { textContent: said })));
  find("[data-share]").hidden = !navigator.share;
  find("[data-share]").onclick = () => navigator.share({ text }).catch((error) => console.debug(error));
  find("[data-change]").hidden = draft.given <= draft.total;
  find("[data-change] b").textContent = money(draft.given - draft.total);
  open("receipt");
  await drawDay();
};

// ---- the day ----

const KINDS = { waiting: "warn", writing: "warn", wrong: "bad", sent: "good" };
const today = async () => (await drafts()).filter((one) => one.form === "stall" && one.outing === till.outing.id);

const drawDay = async () => {
  const all = await today(), real = all.filter((one) => !one.voided), of = (method) => real.filter((one) => one.method === method).reduce((n, one) => n + one.total, 0);
  find("[data-day-sum]").textContent = `${say("sales", number(real.length))} · ${money(of("cod") + of("vietqr"))}`;
  find("[data-day-cash]").textContent = money(of("cod"));
  find("[data-day-qr]").textContent = money(of("vietqr"));
  find("[data-none]").hidden = Boolean(all.length);
  const list = find("[data-list]"), asked = find("form", list)?.closest("[data-id]");
  if (asked && all.some((one) => one.id === asked.dataset.id && !one.voided && !one.url)) return; // somebody is writing why
  list.replaceChildren(...all.reverse().map(row));
};

const row = (draft) => {
  const card = copy("sale").firstElementChild, badge = find("[data-badge]", card), away = find("[data-void]", card);
  card.dataset.id = draft.id;
  card.dataset.state = draft.voided ? "void" : draft.state;
  find("[data-title]", card).textContent = draft.title;
  find("[data-text]", card).textContent = `${draft.detail} · ${hour(draft.weighed)}`;
  badge.textContent = say(draft.voided ? "void" : draft.state);
  badge.classList.add(draft.voided ? "bad" : KINDS[draft.state]);
  show(find("[data-wrong]", card), draft.state === "wrong" ? draft.message : draft.voided || "");
  find("[data-again]", card).addEventListener("click", () => showReceipt(draft));
  find("[data-resend]", card).hidden = draft.state !== "wrong";
  find("[data-resend]", card).addEventListener("click", async () => { await wait(draft); sendNow(); });
  away.hidden = Boolean(draft.url) || Boolean(draft.voided);
  away.addEventListener("click", () => askWhy(card, draft));
  return card;
};

// Taken back before it was sent: the sale still goes to the server, with the reason, and moves nothing there.
const askWhy = (card, draft) => {
  if (find("form", card)) return;
  const asks = copy("why");
  find("form", asks).addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const why = find("input", event.target).value.trim();
    if (why.length < 5) { show(find(".err", event.target), say("why")); return; }
    if (!await hold(draft.id)) { show(find(".err", event.target), say("busy")); return; }
    await keep({ ...draft, state: "waiting", tries: 0, due: 0, errors: {}, message: "", voided: why, fields: { ...draft.fields, void_reason: why } });
    for (const [pack, lot, count] of lines(draft)) {
      const good = till.goods.find((one) => one.pack === pack && one.lot === lot);
      if (good) good.left += count;
    }
    await keepCopy(till, "till");
    drawTiles();
    await drawDay();
    sendNow();
  });
  card.append(asks);
  find("input", card).focus();
};

// A sale is whole when it is kept: whatever held it, it goes back into the line.
const wait = (draft) => keep({ ...draft, state: "waiting", tries: 0, due: 0, errors: {}, message: "" });

const heard = async (how) => {
  show(find("[data-line]"), ["idle", "sent"].includes(how) ? "" : say(`line-${how}`));
  find("[data-signin]").hidden = how !== "signin";
  await drawDay();
};

const start = async () => {
  if (!works) { show(find("[data-said]"), say("old")); return; }
  const how = await whose();
  showWaiting();
  const mine = await me();
  if (!mine) { show(find("[data-said]"), say("nobody")); find("[data-enter]").hidden = false; return; }
  if (!mine.stall) { show(find("[data-said]"), say("not-manager")); return; }
  for (const draft of await unsent()) if (draft.state === "writing") await wait(draft);
  till = await kept("till");
  const wanted = Number(asked) || till?.outing.id;
  try {
    if (how === "ok" && wanted) await fetchTill(wanted);
  } catch (error) { if (!(error instanceof NoLine || error instanceof Stop)) throw error; }
  if (!till) { show(find("[data-said]"), say("no-outing")); find("[data-choose]").hidden = false; return; }
  find("[data-till]").hidden = false;
  show(find("[data-few]"), till.bank && till.codes.length < FEW_CODES ? say("few", number(till.codes.length)) : "");
  find("[data-fresh]").textContent = say("taken", hour(till.taken));
  drawTiles();
  await drawDay();
  open("goods");
  find("[data-code]").addEventListener("submit", take);
  find("[data-to-pay]").addEventListener("click", () => { sale = null; drawPay(); open("pay"); });
  find("[data-cash]").addEventListener("click", () => choose("cod"));
  find("[data-vietqr]").addEventListener("click", () => choose("vietqr"));
  document.querySelectorAll("[data-ways-back]").forEach((one) => one.addEventListener("click", () => choose(null)));
  find("#given").addEventListener("input", reckon);
  find("[data-cash-done]").addEventListener("click", () => done("cod"));
  find("[data-qr-done]").addEventListener("click", () => done("vietqr"));
  find("[data-print]").addEventListener("click", () => print());
  document.querySelectorAll("[data-open]").forEach((one) => one.addEventListener("click", () => open(one.dataset.open)));
  news.addEventListener("message", drawDay);
  addEventListener("phone", drawDay);
  sendNow = keepSending(heard);
  await camera();
};

start();
