// What waits in this phone: the list, its buttons, codes of orders, and the way onto the home screen.
import { drafts, me, news, orders, photos, refreshOrders, showWaiting, whose, wishOrders, works } from "./store.js";
import { hold, keepSending, throwAway } from "./send.js";
import { copy, find, hour, own, say, show } from "./ui.js";

const list = find("[data-list]"), line = find("[data-line]");
const KINDS = { writing: "warn", waiting: "warn", sending: "", wrong: "bad", sent: "good" };
// What a family, or an officer, wrote on the same phone has pages of its own.
const ELSEWHERE = { stall: "/manage/offline/stall", declaration: "/declare/offline", village: "/declare/offline/village" };
let under_way = "";

const about = async (draft) => {
  const parts = draft.form === "product" && draft.state !== "sent"
    ? [say("photos", (await photos(draft.id)).length)] : [];
  if (draft.detail) parts.push(draft.detail);
  if (draft.state !== "sent") parts.push(say("written", hour(draft.at)));
  return parts.join(" · ");
};

const complaint = (draft) => draft.state !== "wrong" ? ""
  : [draft.message, ...Object.values(draft.errors || {}).flat()].filter(Boolean).join(" ") || say("mend");
const again = (draft) => draft.state === "waiting" && draft.tries ? say("retry", hour(draft.due)) : "";

const acts = (card, draft) => {
  const edit = find("[data-edit]", card), open = find("[data-open]", card), away = find("[data-drop]", card);
  edit.hidden = draft.state === "sent" || Boolean(draft.url);
  const online = "pack0_price_vnd" in (draft.fields || {}) && draft.state === "writing";
  const page = ELSEWHERE[draft.form] || `/manage/${online ? "products/new" : `offline/${draft.form}`}`;
  edit.href = own(`${page}?draft=${draft.id}`);
  edit.addEventListener("click", async (event) => {
    event.preventDefault();
    if (draft.form === "stall" || await hold(draft.id)) location.href = edit.href; else show(find("[data-wrong]", card), say("busy"));
  });
  open.hidden = !draft.url;
  if (draft.url) open.href = own(draft.url);
  away.hidden = draft.state === "sent" || draft.form === "stall"; // money changed hands: taken back at the till, with a reason
  away.addEventListener("click", () => {
    if (find(".note", card)) return;
    const sure = copy("sure");
    find("[data-yes]", sure).addEventListener("click", async () => {
      if (!await throwAway(draft.id)) show(find("[data-wrong]", card), say("busy"));
    });
    find("[data-no]", sure).addEventListener("click", () => find(".note", card).remove());
    card.append(sure);
    find("[data-no]", card).focus();
  });
};

const card_of = async (draft) => {
  const card = copy("card").firstElementChild, badge = find("[data-badge]", card);
  const state = draft.id === under_way ? "sending" : draft.state;
  card.dataset.state = state;
  find("[data-title]", card).textContent = draft.title || say("nameless");
  badge.textContent = say(state);
  if (KINDS[state]) badge.classList.add(KINDS[state]);
  find("[data-text]", card).textContent = await about(draft);
  show(find("[data-wrong]", card), complaint(draft));
  show(find("[data-again]", card), again(draft));
  acts(card, draft);
  return card;
};

let turn = Promise.resolve();
const draw = () => turn = turn.then(async () => {
  const all = await drafts(), cards = await Promise.all(all.map(card_of));
  list.replaceChildren(...cards);
  find("[data-none]").hidden = Boolean(all.length);
  find("[data-send]").hidden = !all.some((draft) => draft.state === "waiting");
});

const heard = async (how) => {
  under_way = "";
  const all = await drafts();
  if (how === "idle" && all.some((draft) => draft.state === "waiting")) how = "none";
  const quiet = how === "idle" || (how === "sent" && all.some((draft) => draft.state === "wrong"));
  show(line, quiet ? "" : say(`line-${how}`));
  find("[data-signin]").hidden = how !== "signin";
  const drawing = find("use", line);
  drawing.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, how === "sent" ? "#check" : "#cloud"));
  line.className = `note ${{ sent: "good", signin: "warn", role: "warn" }[how] || ""}`;
  find("[data-send]").removeAttribute("aria-busy");
  await draw();
};

const drawOrders = async () => {
  const mine = await me(), kept = await orders();
  find("[data-orders]").hidden = !mine;
  find("[data-wish]").checked = Boolean(mine?.orders);
  find("[data-codes]").replaceChildren(...(kept?.list || []).map(([code, summary, tab]) => {
    const row = document.createElement("li"), name = document.createElement("b"), what = document.createElement("span");
    const state = document.createElement("span");
    name.textContent = code;
    what.append(name, ` ${summary}`);
    state.className = "badge";
    state.textContent = say(tab);
    row.append(document.createElement("span"), what, state);
    return row;
  }));
  find("[data-until]").textContent = kept ? say("until", hour(kept.until)) : "";
};

const wish = async (event) => {
  await wishOrders(event.target.checked);
  if (event.target.checked) {
    try { await refreshOrders(); } catch { show(line, say("line-none")); }
  }
  await drawOrders();
};

// Onto the home screen: where the browser offers it a button, else a sentence on how.
let offer = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  find("[data-install]").hidden = false;
  find("[data-by-hand]").hidden = true;
});
find("[data-install]").addEventListener("click", async () => { if (offer) await offer.prompt(); });
if (matchMedia("(display-mode: standalone), (display-mode: minimal-ui)").matches) {
  find("[data-install]").closest("section").hidden = true;
}

const start = async () => {
  if (!works) { show(line, say("old")); return; }
  const progress = (id) => { under_way = id; show(line, say("line-busy")); draw(); };
  const how = await whose();
  showWaiting();
  if (how === "ok" && (await me()).orders) await refreshOrders().catch((error) => console.debug(error));
  await draw();
  await drawOrders();
  if (!await me()) { show(line, say("nobody")); find("[data-signin]").hidden = false; return; }
  const now = keepSending(heard, progress);
  find("[data-send]").addEventListener("click", (event) => {
    event.currentTarget.setAttribute("aria-busy", "true");
    now();
  });
  find("[data-wish]").addEventListener("change", wish);
  news.addEventListener("message", draw);
  addEventListener("phone", draw);
};
start();
