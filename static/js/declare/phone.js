// What this phone holds of declaring and reviewing, and the button that wipes it.
import { drafts, dropNames, enter, haveNames, leave, me, news, whose, works } from "../offline/store.js";
import { hold, keepSending, throwAway } from "../offline/send.js";
import { copy, find, hour, own, say, show } from "../offline/ui.js";

enter("/declare/offline/token");
const PAGES = { declaration: "/declare/offline", village: "/declare/offline/village", product: "/manage/offline/product",
  slip: "/manage/offline/slip" };
const KINDS = { writing: "warn", waiting: "warn", wrong: "bad", sent: "good" };
const line = find("[data-line]");

const card_of = (draft) => {
  const card = copy("card").firstElementChild, badge = find("[data-badge]", card);
  card.dataset.state = draft.state;
  find("[data-title]", card).textContent = draft.title || say("nameless");
  badge.textContent = say(draft.state);
  badge.classList.add(KINDS[draft.state]);
  find("[data-text]", card).textContent = [draft.detail, say("written", hour(draft.at))].filter(Boolean).join(" · ");
  show(find("[data-wrong]", card), draft.state === "wrong" ? draft.message || say("mend") : "");
  const edit = find("[data-edit]", card), opens = find("[data-open]", card), away = find("[data-drop]", card);
  edit.hidden = Boolean(draft.url);
  edit.href = own(`${PAGES[draft.form]}?draft=${draft.id}`);
  edit.addEventListener("click", async (event) => {
    event.preventDefault();
    if (await hold(draft.id)) location.href = edit.href; else show(find("[data-wrong]", card), say("busy"));
  });
  opens.hidden = !draft.url;
  if (draft.url) opens.href = own(draft.url);
  away.hidden = draft.state === "sent";
  away.addEventListener("click", async () => {
    if (away.dataset.sure) await throwAway(draft.id); else { away.dataset.sure = "1"; away.textContent = say("sure"); }
  });
  return card;
};

let turn = Promise.resolve();
const draw = () => turn = turn.then(async () => {
  const all = await drafts(), list = await haveNames("village");
  find("[data-list]").replaceChildren(...all.map(card_of));
  find("[data-none]").hidden = Boolean(all.length || list);
  find("[data-send]").hidden = !all.some((draft) => draft.state === "waiting");
  find("[data-day-list]").hidden = !list;
  if (list) find("[data-until]").textContent = say("until", hour(list.until));
});

const heard = async (how) => {
  show(line, how === "idle" ? "" : say(`line-${how}`));
  const drawing = find("use", line);
  drawing.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, how === "sent" ? "#check" : "#cloud"));
  line.className = `note ${{ sent: "good", signin: "warn", role: "warn" }[how] || ""}`;
  find("[data-signin]").hidden = how !== "signin";
  find("[data-send]").removeAttribute("aria-busy");
  await draw();
};

const start = async () => {
  if (!works) { show(line, say("old")); return; }
  await whose();
  const mine = await me();
  find("[data-wipe]").hidden = !mine;
  await draw();
  if (!mine) { show(line, say("nobody")); find("[data-signin]").hidden = false; return; }
  const now = keepSending(heard);
  find("[data-send]").addEventListener("click", (event) => { event.currentTarget.setAttribute("aria-busy", "true"); now(); });
  find("[data-drop-list]").addEventListener("click", async () => { await dropNames(); await draw(); });
  find("[data-wipe]").addEventListener("click", () => { find("[data-sure]").hidden = false; find("[data-sure] button").focus(); });
  find("[data-no]").addEventListener("click", () => { find("[data-sure]").hidden = true; });
  find("[data-yes]").addEventListener("click", async () => {
    await leave();
    find("[data-sure]").hidden = true;
    await draw();
    show(line, say("wiped"));
  });
  news.addEventListener("message", draw);
  addEventListener("phone", draw);
};
start();
