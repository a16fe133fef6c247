// Takes what waits in the phone to the server, one thing at a time, until it was answered. Nothing here believes the
// phone when it says that it is online: only an answer counts. A key made by the phone goes with everything, so that
// what was sent twice, because an answer or the phone itself died on the way, is one thing on the server.
import {
  NoLine, Stop, ask, body, draft as one, drafts, drop, dropPhoto, keep, passport, photos, sha256, works,
} from "./store.js";

const LOCK = "chophien-send", FIRST_MS = 5000, LONGEST_MS = 600000, UPLOAD_MS = 180000, HOLD_MS = 3000;

// What a draft's row says after a failure of the line: later, and later still.
const later = (draft) => {
  const tries = (draft.tries || 0) + 1, wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1));
  return { ...draft, tries, due: Date.now() + wait * (0.75 + Math.random() / 2) };
};

export const post = async (address, data, token, patience, type) => {
  const headers = { "X-CSRFToken": token, ...(type ? { "Content-Type": type } : {}) };
  return ask(address, { method: "POST", body: data, headers }, patience);
};

export const form = (fields) => {
  const data = new URLSearchParams();
  for (const [name, text] of Object.entries(fields)) if (text !== "" && text != null) data.append(name, text);
  return data;
};

// The server's no stays with the draft, in the server's words, until a person mends it.
const refuse = async (draft, answer) => {
  const said = await body(answer);
  const message = said.message ? `${said.message} ${said.remedy || ""}`.trim() : "";
  await keep({ ...draft, state: "wrong", errors: said.errors || {}, message });
};

const DOORS = {
  product: "/manage/offline/products", slip: "/manage/offline/slips",
  stall: "/manage/offline/sales", declaration: "/declare/offline/entries", village: "/declare/offline/entries",
};
const tokenFor = (form_) => `${DOORS[form_].split("/offline/")[0]}/offline/token`;
// A family's own declaration is its own whatever role its person wears; all else belongs to a house.
const fits = (got, draft) => got[draft.form] && (draft.form === "declaration" || got.house === draft.house);

const sendText = async (draft, token) => {
  const fields = { ...draft.fields, key: draft.id };
  const since = draft.weighed || draft.done;  // when it was weighed, or seen
  if (since) fields.ago_s = Math.round((Date.now() - since) / 1000);
  const answer = await post(DOORS[draft.form], form(fields), token);
  if (!answer.ok) { await refuse(draft, answer); return null; }
  const arrived = { ...draft, url: (await body(answer)).url, errors: {}, message: "", tries: 0 };
  await keep(arrived);
  return arrived;
};

const sendPhotos = async (draft, token) => {
  for (const photo of await photos(draft.id)) {
    const address = `${DOORS[draft.form]}/${draft.id}/photos/${photo.key}?sha256=${await sha256(photo)}`;
    const answer = await post(address, photo, token, UPLOAD_MS, photo.type || "application/octet-stream");
    if (answer.status === 409) throw new NoLine("cut short");
    if (!answer.ok) { await refuse(draft, answer); return false; }
    await body(answer);
    await dropPhoto(photo.key);
  }
  return true;
};

const sendOne = async (draft, token) => {
  const arrived = draft.url ? draft : await sendText(draft, token);
  if (!arrived || (draft.form !== "slip" && !await sendPhotos(arrived, token))) return;
  await keep({ ...arrived, state: "sent", at: Date.now(), fields: {}, typed: undefined }, []);
};

// One draft, while nobody changes it. How it went, as `send` says it.
const attempt = async (id, progress) => {
  const before = await one(id);
  if (before?.state !== "waiting") return "idle";
  try {
    const got = await passport(tokenFor(before.form)), draft = await one(id);
    if (!draft) return "other";
    if (!fits(got, draft)) return "role";
    progress(id);
    await sendOne(draft, got.token);
    return "sent";
  } catch (error) {
    if (error instanceof Stop) return error.why;
    if (!(error instanceof NoLine)) throw error;
    const left = await one(id);
    if (left) await keep(later(left));
    return "none";
  }
};

const alone = (id, act, options = { ifAvailable: true }) => navigator.locks.request(`${LOCK}:${id}`, options, act);

const allInTurn = async (now, progress) => {
  const due = (draft) => draft.state === "waiting" && (now || (draft.due || 0) <= Date.now());
  let line = "idle";
  const all = await drafts(), open = new Set(all.filter((draft) => draft.state === "waiting").map((draft) => draft.id));
  for (const { id, after = [] } of all.filter(due)) {
    if (after.some((one) => open.has(one))) continue;  // a meeting goes after the visits that it voted on
    const how = await alone(id, (lock) => lock ? attempt(id, progress) : "idle");
    if (["none", "signin", "other"].includes(how)) return how;
    if (how === "sent") open.delete(id);
    if (how !== "idle") line = how;
  }
  return line;
};

// Send what is due (everything that waits, if `now`). One tab of a phone sends at a time.
// How the line was: sent · idle (nothing due) · busy (another tab sends) · none · signin · role · other (somebody else)
export const send = async ({ now = false, progress = () => {} } = {}) => works
  ? navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock ? allInTurn(now, progress) : "busy") : "idle";

// Take a draft out of the line to change it; false while it is on its way, or once it arrived.
const patiently = () => ({ signal: AbortSignal.timeout(HOLD_MS) });
const unlessBusy = async (id, act) => {
  try { return await alone(id, act, patiently()); } catch (error) {
    if (error.name === "TimeoutError" || error.name === "AbortError") return false;
    throw error;
  }
};

export const hold = (id) => unlessBusy(id, async () => {
  const draft = await one(id);
  if (!draft || draft.url) return false;
  if (draft.state !== "writing") await keep({ ...draft, state: "writing" });
  return true;
});

export const throwAway = (id) => unlessBusy(id, async () => {
  await drop(id);
  return true;
});

// Text that is being typed is also kept on the server whenever there is a line; no line is no harm.
export const keepText = async (form_, id, fields) => {
  try {
    const { token } = await passport();
    await post(`/manage/offline/drafts/${id}`, form({ ...fields, form: form_ }), token);
    return true;
  } catch (error) {
    if (error instanceof NoLine || error instanceof Stop) return false;
    throw error;
  }
};

export const dropText = async (id) => {
  try {
    const { token } = await passport();
    await post(`/manage/offline/drafts/${id}/drop`, null, token);
  } catch (error) { if (!(error instanceof NoLine || error instanceof Stop)) throw error; }
};

export const fetchText = async (id) => {
  const answer = await ask(`/manage/offline/drafts/${id}`);
  return answer.ok ? body(answer) : null;
};

// Try by the clock, at the start, and whenever the page comes to the front. `heard` is told how the line was.
export const keepSending = (heard = () => {}, progress) => {
  let timer = 0;
  const round = async (now) => {
    clearTimeout(timer);
    heard(await send({ now, progress }));
    const left = (await drafts()).filter((draft) => draft.state === "waiting");
    if (!left.length) return;
    const wait = Math.min(...left.map((draft) => (draft.due || 0) - Date.now()));
    timer = setTimeout(round, Math.max(2000, Math.min(wait, 60000)), false);
  };
  addEventListener("visibilitychange", () => { if (!document.hidden) round(false); });
  addEventListener("online", () => round(true));
  round(false);
  return () => round(true);
};
