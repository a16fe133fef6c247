// An officer in a village without a line. The list of the day lies in the phone for 24 hours, under a PIN and under the
// person's own key; what is filled in is sealed at once and sent exactly once. No household's name stands in a form.
import { NoLine, dropNames, draft as one, drafts, enter, haveNames, keep, keepNames, me, openNames, passport, whose, works } from "../offline/store.js";
import { copy, find, hour, own, say, show } from "../offline/ui.js";

enter("/declare/offline/token");
const PIN = /^\d{6}$/;
const gate = find("[data-gate]"), day = find("[data-day]"), box = find("[data-asking]"), end = find("[data-end]");
const formA = find("[data-form-a]"), said = find("[data-said]");
let list = null, draft = null, photo = null;
const sending = () => import("../offline/send.js");  // asked for when something is sent

const wrongPin = (text) => show(find("[data-pin-wrong]"), text);
const only = (...shown) => [gate, day, box, end, formA, ...document.querySelectorAll("[data-form]")].forEach((part) => { part.hidden = !shown.includes(part); });

// What can be done for a household: the draft's kind, whether the row asks for it, and what it brings of what stood here.
const DEEDS = [["screen", (row) => row.form_a, "base_a"], ["answers", (row) => row.form_b, "base_b"], ["help", (row) => row.asked, "base_b"],
  ["visit", (row) => row.visits, "base_a"], ["traits", (row) => !row.asked, "base_c"]];

// ---- the list of the day ----

const askPin = async () => {
  const kept = await haveNames("village");
  only(gate);
  find("[data-unlock]").hidden = !kept;
  find("[data-fetch]").hidden = Boolean(kept);
};

const unlock = async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const field = find("#pin"), got = PIN.test(field.value) ? await openNames(field.value) : null;
  if (got) { wrongPin(""); await unlocked(got); return; }
  const left = await haveNames("village");
  wrongPin(!PIN.test(field.value) ? say("pin-short") : left ? say("pin-wrong", left.left) : say("pin-gone"));
  field.value = "";
  field.focus();
  if (!left) await askPin();
};

const take = async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const field = find("#new-pin"), pin = field.value, village = find("#village").value;
  if (!village) { wrongPin(say("pick-village")); return; }
  if (!PIN.test(pin)) { wrongPin(say("pin-short")); return; }
  try {
    const { token } = await passport();
    const answer = await (await sending()).post("/declare/offline/list", new URLSearchParams({ village }), token);
    if (!answer.ok) { wrongPin((await answer.json()).message); return; }
    const got = await answer.json();
    await keepNames(pin, got, "village");
    field.value = "";
    wrongPin("");
    await unlocked(await openNames(pin));
  } catch (error) { wrongPin(say(error instanceof NoLine ? "pin-line" : "pin-signin")); }
};

const unlocked = async (got) => {
  list = got;
  const wanted = new URLSearchParams(location.search).get("draft");
  history.replaceState(null, "", location.pathname + (own("/").includes("hl") ? "?hl=en" : ""));
  if (wanted && await one(wanted) && await (await sending()).hold(wanted)) { open(await one(wanted)); return; }
  await drawDay();
};

const drawDay = async () => {
  only(day);
  find("[data-village]").textContent = list.village;
  find("[data-until]").textContent = say("until", hour(list.until));
  const mine = (await drafts()).filter((row) => row.form === "village");
  find("[data-none]").hidden = Boolean(list.rows.length);
  const badge = (kind, before) => Object.assign(document.createElement("span"), { className: "badge", textContent: `${say(kind)}: ${say(before.state)}` });
  find("[data-homes]").replaceChildren(...list.rows.map((row, place) => {
    const card = copy("home");
    find("[data-head]", card).textContent = `${place + 1}. ${row.head}`;
    find("[data-declared]", card).hidden = !row.declared;
    for (const [kind, asked] of DEEDS) {
      const before = mine.find((one) => one.mark === `${kind}:${row.case}`), button = find(`[data-do="${kind}"]`, card);
      if (before) button.classList.add("quiet");
      button.hidden = !asked(row) || before?.state === "sent";
      find(".sr", button).textContent = ` ${row.head}`;
      button.addEventListener("click", () => open(before || fresh(kind, row, place + 1)));
      if (before) find("[data-states]", card).append(badge(kind, before));
    }
    return card;
  }));
  const meet = find("[data-meet]"), held = mine.find((one) => one.mark === `meeting:${list.village}:${list.until}`);
  meet.hidden = held?.state === "sent" || !list.rows.some((row) => row.meets || mine.some((one) => one.mark === `visit:${row.case}` && one.state !== "writing"));
  meet.onclick = () => open(held || freshMeeting());
  find("[data-met]").replaceChildren(...(held ? [badge("meeting", held)] : []));
};

// ---- forms ----

const blank = (kind, mark, title, fields) => ({ id: crypto.randomUUID(), form: "village", state: "writing", at: Date.now(),
  mark, title, detail: "", fields: { kind, answers: "{}", ...fields } });
const fresh = (kind, row, place) => blank(kind, `${kind}:${row.case}`, `${say(kind)} · ${list.village} · ${say("number-of", place)}`,
  { case: row.case, base: row[DEEDS.find(([one]) => one === kind)[2]] });
const freshMeeting = () => blank("meeting", `meeting:${list.village}:${list.until}`, `${say("meeting")} · ${list.village}`,
  { village: list.village, base: list.meeting });

const put = async (change, photos) => {
  const next = { ...draft, ...change, fields: { ...draft.fields, ...change.fields }, at: Date.now() };
  try { await keep(next, photos); } catch (error) {
    console.debug(error);
    show(said, say("full"));
    return false;
  }
  draft = next;
  return true;
};

// Who this form is about stands on the screen alone, from the opened list.
const nameIt = () => {
  const row = list.rows.find((one) => one.case === draft.fields.case);
  document.querySelectorAll("[data-about]").forEach((place) => { place.textContent = row ? row.head : draft.fields.village || draft.title; });
};

const open = async (chosen) => {
  draft = chosen.state === "writing" || !await (await sending()).hold(chosen.id) ? chosen : await one(chosen.id);
  photo = null;
  show(said, draft.message || "");
  nameIt();
  if (draft.fields.kind === "screen") {
    only(formA);
    formA.reset();
    formA.querySelectorAll("[name=goes_on]").forEach((field) => { field.checked = field.value === draft.fields.goes_on; });
    find("[name=note]", formA).value = draft.fields.note || "";
    find("h2", formA).focus();
    return;
  }
  if (!["answers", "help"].includes(draft.fields.kind)) {
    only();
    await (await import("./cases.js")).openForm(draft, list, await drafts(), { put, away });
    return;
  }
  only(box);
  find("#witness").value = draft.fields.witness || "";
  find("[data-shot]").hidden = true;
  const { Asking } = await import("./asking.js");
  const asking = new Asking(box, JSON.parse(draft.fields.answers),
    (answers) => put({ state: "writing", fields: { answers: JSON.stringify(answers) } }),
    (whole) => { end.hidden = !whole; if (whole) find("h2", end).focus(); });
  asking.begin();
};

const away = async (fields, photos, more = {}) => {
  const change = { state: "waiting", tries: 0, due: 0, errors: {}, message: "", fields, ...more };
  if (!await put(change, photos)) return;
  navigator.storage?.persist?.();
  show(find("[data-done]"), `${say("kept")} ${draft.title}`);
  await drawDay();
  scrollTo(0, 0);
  (await sending()).keepSending(() => { if (!day.hidden) drawDay(); });
};

const screened = async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const goes = find("[name=goes_on]:checked", formA)?.value, note = find("[name=note]", formA).value.trim();
  if (!goes) { show(find("[data-a-wrong]"), say("pick")); return; }
  if (goes === "no" && !note) { show(find("[data-a-wrong]"), say("why")); return; }
  show(find("[data-a-wrong]"), "");
  await away({ goes_on: goes, note });
};

const small = async (file) => {
  try { return await (await import("../shrink.js")).shrink(file); } catch { return file; }
};

const shot = async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  photo = Object.assign(await small(file), { key: crypto.randomUUID() });
  show(find("[data-shot]"), say("shot"));
};

const agreed = async () => {
  const witness = find("#witness").value.trim();
  if (witness.length < 2) { show(find("[data-end-wrong]"), say("witness")); return; }
  if (!photo) { show(find("[data-end-wrong]"), say("photo")); return; }
  show(find("[data-end-wrong]"), "");
  await away({ witness }, [photo]);
};

const start = async () => {
  if (!works) { show(said, say("old")); return; }
  const how = await whose();
  const mine = await me();
  if (!mine) { show(said, say("nobody")); find("[data-enter]").hidden = false; return; }
  if (!mine.village) { show(said, say("not-officer")); return; }
  if (how === "ok") {
    const { villages } = await passport();
    find("#village").append(...Object.entries(villages).map(([name, n]) => new Option(`${name} (${n})`, name)));
  }
  find("[data-unlock]").addEventListener("submit", unlock);
  find("[data-fetch]").addEventListener("submit", take);
  document.querySelectorAll("[data-again]").forEach((button) => button.addEventListener("click", async () => {
    await dropNames();
    wrongPin("");
    await askPin();
  }));
  document.querySelectorAll("[data-to-list]").forEach((button) => button.addEventListener("click", drawDay));
  formA.addEventListener("submit", screened);
  find("#sheet").addEventListener("change", shot);
  find("[data-agreed]").addEventListener("click", agreed);
  find("[data-unsigned]").addEventListener("click", () => away({ witness: "" }, []));
  // Names on the screen end with their day as well.
  addEventListener("visibilitychange", () => { if (list?.until < Date.now()) location.reload(); });
  if ((await drafts()).length) (await sending()).keepSending();
  await askPin();
};
start();
