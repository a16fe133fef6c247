// The weighing slip that opens without a line. Names lie in the phone for a day, under a PIN; a code needs none.
import { NoLine, dropNames, haveNames, keepNames, me, openNames, passport, showWaiting, whose, works } from "./store.js";
import { keepSending, post } from "./send.js";
import { begin, fresh, Keeper } from "./writing.js";
import { faults, fill, find, fold, number, own, say, show, typed } from "./ui.js";

const form = find("[data-slip]"), gate = find("[data-gate]"), people = find("[data-people]");
const MOST = 12, PIN = /^\d{6}$/;
let names = null, keeper = null;

// ---- names ----

const tile = ([id, code, name]) => {
  const label = document.createElement("label"), input = document.createElement("input");
  const who = document.createElement("span"), small = document.createElement("small");
  label.className = "tile";
  Object.assign(input, { type: "radio", name: "producer_id", value: id });
  input.dataset.code = code;
  who.textContent = name;
  small.textContent = code;
  label.append(input, who, small);
  return label;
};

const offer = (text = "") => {
  const chosen = find("[name=producer_id]:checked", form)?.value;
  const wanted = fold(text).split(/\s+/).filter(Boolean);
  const fits = ([, code, name]) => wanted.every((word) => fold(`${name} ${code}`).includes(word));
  const found = names.producers.filter((row) => String(row[0]) === chosen || fits(row)).slice(0, MOST);
  people.replaceChildren(...found.map(tile));
  if (chosen) fill(form, { producer_id: chosen });
};

const unlocked = (got) => {
  names = got;
  gate.hidden = true;
  find("[data-names]").hidden = false;
  find("[data-by-code]").hidden = true;
  offer();
  const { producer_code: code, producer_id: id } = keeper.draft.fields;
  const known = names.producers.find((row) => String(row[0]) === id || (code && row[1] === code.toUpperCase()));
  if (known) { find("#find").value = known[1]; offer(known[1]); fill(form, { producer_id: String(known[0]) }); }
  reckon();
};

const askPin = async () => {
  const kept = await haveNames();
  gate.hidden = false;
  find("[data-unlock]").hidden = !kept;
  find("[data-fetch]").hidden = Boolean(kept);
};

const wrongPin = (text) => show(find("[data-pin-wrong]"), text);

const unlock = async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const field = find("#pin"), got = PIN.test(field.value) ? await openNames(field.value) : null;
  if (got) { unlocked(got); return; }
  const left = await haveNames();
  wrongPin(!PIN.test(field.value) ? say("pin-short") : left ? say("pin-wrong", left.left) : say("pin-gone"));
  field.value = "";
  field.focus();
  if (!left) await askPin();
};

const take = async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const field = find("#new-pin"), pin = field.value;
  if (!PIN.test(pin)) { wrongPin(say("pin-short")); return; }
  try {
    const { token } = await passport();
    const answer = await post("/manage/offline/names", null, token);
    const got = await answer.json();
    await keepNames(pin, got);
    wrongPin("");
    field.value = "";
    unlocked({ ...got, until: Date.now() + 86400000 });
  } catch (error) { wrongPin(say(error instanceof NoLine ? "pin-line" : "pin-signin")); }
};

// ---- figures ----

const grams = (text) => {
  const fits = /^(\d{1,6})(?:[.,](\d{1,3}))?$/.exec((text || "").replace(/kg$/, "").trim());
  return fits ? Number(fits[1]) * 1000 + Number((fits[2] || "").padEnd(3, "0")) : null;
};
const dong = (text) => Number((text || "").replace(/\D/g, "")) || 0;

const priceKnown = (fields) => names?.prices?.[fields.crop_id]?.[fields.grade];

const reckon = () => {
  const fields = typed(form), net = (grams(fields.gross_g) || 0) - (grams(fields.tare_g) || 0);
  const last = priceKnown(fields), price = dong(fields.price_vnd_per_kg) || last || 0;
  show(find("[data-last]"), last ? say("last-price", number(last)) : "");
  find("[data-sum]").hidden = net <= 0;
  find("[data-net]").textContent = say("value", number(net / 1000));
  find("[data-value]").textContent = number(Math.round(net * price / 1000));
};

const lacking = (fields) => {
  const wrong = {}, gross = grams(fields.gross_g);
  if (!fields.producer_id && !(fields.producer_code || "").trim()) wrong.producer_id = [say("pick-who")];
  if (!fields.crop_id) wrong.crop_id = [say("pick-crop")];
  if (!gross) wrong.gross_g = [say("weight")];
  else if (gross <= (grams(fields.tare_g) || 0)) wrong.gross_g = [say("sack")];
  if (!fields.grade) wrong.grade = [say("pick-grade")];
  return wrong;
};

// What stands in the list of what waits: a code and a weight, never a name.
const read = () => {
  const fields = typed(form), chosen = find("[name=producer_id]:checked", form);
  const code = chosen?.dataset.code || (fields.producer_code || "").trim().toUpperCase();
  const crop = find("[name=crop_id]:checked", form)?.closest("label").textContent.trim() || "";
  const net = (grams(fields.gross_g) || 0) - (grams(fields.tare_g) || 0);
  const title = [code, crop, net > 0 ? say("kilos", number(net / 1000)) : ""].filter(Boolean).join(" · ");
  if (chosen) fields.producer_code = code;
  return { fields, title, detail: fields.grade ? say("grade", fields.grade) : "" };
};

const next = async (draft) => {
  form.reset();
  fill(form, draft.fields);
  keeper = new Keeper(draft, read, (safe) => show(find("[data-said]"), safe ? "" : say("full")));
  if (names) unlocked(names);
  reckon();
};

const agree = async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const { fields, title } = read(), wrong = lacking(fields);
  faults(form, wrong);
  if (Object.keys(wrong).length) return;
  // A slip is weighed when it was agreed; mending it later does not move that hour.
  if (!await keeper.finish({ weighed: keeper.draft.weighed || Date.now() })) return;
  find("[data-took]").hidden = true;
  show(find("[data-done]"), `${say("kept")} ${title}`);
  await next(fresh("slip"));
  scrollTo(0, 0);
  keepSending();
};

const start = async () => {
  if (!works) { show(find("[data-said]"), say("old")); return; }
  await whose();
  showWaiting();
  if (!await me()) { show(find("[data-said]"), say("nobody")); find("[data-enter]").hidden = false; return; }
  const draft = await begin("slip") || fresh("slip");
  await next(draft);
  if (draft.message || Object.keys(draft.errors || {}).length) faults(form, draft.errors || {}, draft.message);
  find("[data-pay]").hidden = !(await me()).pay;
  form.hidden = false;
  find("[data-took]").hidden = !draft.title;
  await askPin();
  find("[data-unlock]").addEventListener("submit", unlock);
  find("[data-fetch]").addEventListener("submit", take);
  find("[data-again]").addEventListener("click", async () => { await dropNames(); wrongPin(""); await askPin(); });
  find("#find").addEventListener("input", (event) => offer(event.target.value));
  form.addEventListener("input", () => { keeper.touched(); reckon(); });
  form.addEventListener("submit", agree);
  // Names on the screen end with their day as well.
  addEventListener("visibilitychange", () => { if (names?.until < Date.now()) location.reload(); });
};
start();
