// The household's own declaration, which opens without a line: each answer is sealed in the phone at once, the whole is
// sent exactly once, and what was begun on another device goes on here.
import { NoLine, Stop, ask, body, copy, draft as one, drafts, enter, keep, keepCopy, me, whose, works } from "../offline/store.js";
import { find, hour, own, say, show } from "../offline/ui.js";
import { Asking } from "./asking.js";

enter("/declare/offline/token");
const box = find("[data-asking]"), end = find("[data-end]"), said = find("[data-said]");
let draft = null, part = false;
const sending = () => import("../offline/send.js");  // asked for when something is sent

const begun = async () => {
  const wanted = new URLSearchParams(location.search).get("draft");
  if (wanted && await one(wanted) && await (await sending()).hold(wanted)) return one(wanted);
  return (await drafts()).filter((row) => row.form === "declaration" && ["writing", "wrong"].includes(row.state)).pop();
};

// What stands on the server now, else what stood there when this phone last had a line.
const there = async (how) => {
  if (how === "ok") {
    try {
      const got = await body(await ask("/declare/offline/mine"));
      await keepCopy(got);
      return got;
    } catch (error) { if (!(error instanceof NoLine || error instanceof Stop)) throw error; }
  }
  return await copy() || { answers: {}, base: "?", household: true };
};

const fresh = async (how) => {
  const { answers, base, household } = await there(how);
  show(find("[data-no-home]"), household ? "" : undefined);
  return { id: crypto.randomUUID(), form: "declaration", state: "writing", at: Date.now(),
    fields: { kind: "own", base, answers: JSON.stringify(answers) } };
};

const put = async (change) => {
  const fields = { ...draft.fields, ...change.fields }, n = Object.keys(JSON.parse(fields.answers)).length;
  const next = { ...draft, ...change, fields, title: say("own-title"), detail: say("answered", n), at: Date.now() };
  try { await keep(next); } catch (error) {
    console.debug(error);
    show(said, say("full"));
    return false;
  }
  draft = next;
  find("[data-saved]").textContent = `${say("kept")} ${hour(draft.at)}`;
  return true;
};

const tell = async (how) => {
  const now = await one(draft.id);
  const words = now?.state === "sent" ? say(part ? "arrived-part" : "arrived") : now?.state === "wrong" ? now.message || say("mend") : say(`line-${how}`);
  show(find("[data-line]"), words);
  find("[data-line]").className = `note ${{ sent: "good", wrong: "bad" }[now?.state] || ""}`;
  const drawing = find("[data-line] use");
  drawing.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, now?.state === "sent" ? "#check" : "#cloud"));
  find("[data-result]").hidden = now?.state !== "sent";
  find("[data-signin]").hidden = how !== "signin";
  if (now?.url) find("[data-result] a").href = own(now.url);
};

// done: "1" the whole; "0" as far as it got, to go on with on another device.
const finish = async (done) => {
  part = done === "0";
  if (!await put({ state: "waiting", tries: 0, due: 0, errors: {}, message: "", fields: { done } })) return;
  navigator.storage?.persist?.();
  box.hidden = end.hidden = true;
  find("[data-sending]").hidden = false;
  show(find("[data-line]"), say("line-busy"));
  (await sending()).keepSending(tell);
};

const start = async () => {
  if (!works) { show(said, say("old")); return; }
  const how = await whose();
  if (!await me()) { show(said, say("nobody")); find("[data-enter]").hidden = false; return; }
  draft = await begun() || await fresh(how);
  if (draft.message) show(said, draft.message);
  const asking = new Asking(box, JSON.parse(draft.fields.answers),
    (answers) => put({ state: "writing", fields: { answers: JSON.stringify(answers) } }),
    (whole) => { end.hidden = !whole; if (whole) find("h2", end).focus(); });
  find("[data-send-all]").addEventListener("click", () => finish("1"));
  find("[data-later]").addEventListener("click", () => finish("0"));
  asking.begin();
};
start();
