// The phone's own cupboard: what waits in it is sealed with a key that belongs to the person who signed in here.
// The key comes from the server at sign-in, cannot be read out of the browser, and leaves the phone at sign-out or
// when somebody else signs in. What is left then is noise, until its owner signs in again.

const DAY_MS = 86400000, STRANGERS_MS = 30 * DAY_MS;
const STORES = { me: "id", drafts: "id", photos: "id", names: "who", orders: "who" };
const encoder = new TextEncoder(), decoder = new TextDecoder();
export const works = Boolean(globalThis.indexedDB && globalThis.crypto && crypto.subtle && navigator.locks);
export const news = globalThis.BroadcastChannel ? new BroadcastChannel("chophien") : new EventTarget();
const tell = () => { if (news.postMessage) news.postMessage("changed"); dispatchEvent(new Event("phone")); };

// ---- the database ----

let opened = null;
const open = () => opened ??= new Promise((done, fail) => {
  const ask = indexedDB.open("chophien", 1);
  ask.onupgradeneeded = () => {
    for (const [name, keyPath] of Object.entries(STORES)) {
      const store = ask.result.createObjectStore(name, { keyPath });
      if (name === "drafts") store.createIndex("who", "who");
      if (name === "photos") store.createIndex("draft", "draft");
    }
  };
  ask.onsuccess = () => {
    ask.result.onversionchange = () => { ask.result.close(); opened = null; };
    done(ask.result);
  };
  ask.onerror = () => { opened = null; fail(ask.error); };
});
const answer = (ask) => new Promise((done, fail) => {
  ask.onsuccess = () => done(ask.result);
  ask.onerror = () => fail(ask.error);
});
const read = async (store, act) => answer(act((await open()).transaction(store).objectStore(store)));
const write = async (stores, act) => {
  const deal = (await open()).transaction(stores, "readwrite", { durability: "strict" });
  const end = new Promise((done, fail) => {
    deal.oncomplete = done;
    deal.onerror = deal.onabort = () => fail(deal.error);
  });
  act(...stores.map((name) => deal.objectStore(name)));
  await end;
};

// ---- sealing ----

const plain = { name: "AES-GCM", length: 256 };
const seal = async (key, bytes, label) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ ...plain, iv, additionalData: encoder.encode(label) }, key, bytes);
  return { iv, data };
};
const unseal = (key, { iv, data }, label) =>
  crypto.subtle.decrypt({ ...plain, iv, additionalData: encoder.encode(label) }, key, data);
const sealText = (key, value, label) => seal(key, encoder.encode(JSON.stringify(value)), label);
const unsealText = async (key, sealed, label) => JSON.parse(decoder.decode(await unseal(key, sealed, label)));
const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
export const sha256 = async (blob) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");

// ---- whose phone it is now ----

export const me = async () => works ? await read("me", (store) => store.get("me")) : undefined;

// What the server lets her do; a page knows only its own part of it.
const MAY = ["product", "slip", "pay", "village", "stall"];

// Somebody signed in: her passport as the server gave it. Another person's names go, and so does her key.
const welcome = async (passport) => {
  const before = await me();
  const key = await crypto.subtle.importKey("raw", fromHex(passport.key), plain, false, ["encrypt", "decrypt"]);
  const { who, house } = passport;
  const same = before && before.who === who && before.house === house;
  const orders = Boolean(same && before.orders);
  await write(["me", "names", "orders"], (mine, names, codes) => {
    if (!same) { names.clear(); codes.clear(); }
    const may = Object.fromEntries(MAY.filter((name) => name in passport).map((name) => [name, passport[name]]));
    mine.put({ ...(same ? before : {}), ...may, id: "me", who, house, key, orders });
  });
  await forgetOld();
  tell();
  return me();
};

// ---- the line: only an answer counts ----

const ASK_MS = 20000;
export class NoLine extends Error {}
export class Stop extends Error { constructor(why) { super(why); this.why = why; } }

export const ask = async (address, options = {}, patience = ASK_MS) => {
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(patience),
      ...options, headers: { Accept: "application/json", ...options.headers } });
  } catch (error) { throw new NoLine(String(error)); }
  if (answer.status === 401) throw new Stop("signin");
  if (answer.status === 403) throw new Stop("role");
  // 400: the token grew old; 429 and 5xx: the server is busy. All of them pass.
  if ([400, 408, 425, 429].includes(answer.status) || answer.status >= 500) throw new NoLine(String(answer.status));
  return answer;
};

// Read an answer to its end: a line that dies in the middle of it is no answer.
export const body = async (answer) => {
  try { return answer.status === 204 ? {} : await answer.json(); } catch (error) { throw new NoLine(String(error)); }
};

// At which door this page asks who is signed in: a cooperative's pages, or those of declaring.
let door = "/manage/offline/token";
export const enter = (address) => { door = address; };

// Who is signed in on the server now, with a fresh token; makes the phone hers. Throws NoLine or Stop.
export const passport = async (address = door) => {
  const got = await body(await ask(address)), mine = await me();
  if (!got.who) throw new Stop(got.why);
  const other = !mine || mine.who !== got.who || mine.house !== got.house;
  if (other || MAY.some((name) => name in got && mine[name] !== got[name])) await welcome(got);
  if (got.now) await endList(got.now);
  return got;
};

// At the start of a page: whose phone it is, if the server says so in time. ok · signin · role · none
export const whose = (patience = 4000) => Promise.race([
  passport().then(() => "ok", (error) => {
    if (error instanceof Stop) return error.why;
    if (error instanceof NoLine) return "none";
    throw error;
  }),
  new Promise((done) => setTimeout(done, patience, "none")),
]);

// Somebody else stands here: the key goes at once, and with it all that could be opened.
export const lock = async () => {
  await write(["me", "names", "orders"], (...all) => all.forEach((store) => store.clear()));
  tell();
};

// Signing out: the person's drafts, photos, names, codes and key leave the phone. Others' noise stays noise.
export const leave = async () => {
  const mine = await me();
  const rows = mine ? await read("drafts", (store) => store.index("who").getAll(mine.who)) : [];
  const ids = rows.map((row) => row.id);
  const photos = (await read("photos", (store) => store.getAll())).filter((photo) => ids.includes(photo.draft));
  await write(["drafts", "photos"], (drafts, pictures) => {
    ids.forEach((id) => drafts.delete(id));
    photos.forEach((photo) => pictures.delete(photo.id));
  });
  await lock();
};

// What strangers left is kept for a month, names for a day, what was sent for a day.
const forgetOld = async () => {
  const now = Date.now(), mine = await me();
  const rows = await read("drafts", (store) => store.getAll());
  const old = rows.filter((row) => row.who !== mine?.who ? row.at < now - STRANGERS_MS
    : row.state === "sent" && row.at < now - DAY_MS);
  for (const row of old) await drop(row.id);
  for (const name of ["names", "orders"]) {
    const all = await read(name, (store) => store.getAll());
    const past = all.filter((row) => isOver(row, now) || row.who !== mine?.who);
    if (past.length) await write([name], (store) => past.forEach((row) => store.delete(row.who)));
  }
};

// ---- drafts ----
// A draft: { id, form, fields, title, state: writing | waiting | wrong | sent, tries, due, at, url, message, errors }

const shown = async (mine, row) => ({ ...await unsealText(mine.key, row.sealed, row.id), id: row.id, house: row.house,
  state: row.state, at: row.at, due: row.due });

export const drafts = async () => {
  const mine = await me();
  if (!mine) return [];
  await forgetOld();
  const rows = await read("drafts", (store) => store.index("who").getAll(mine.who));
  const all = await Promise.all(rows.map((row) => shown(mine, row)));
  return all.sort((one, other) => one.at - other.at);
};

export const draft = async (id) => (await drafts()).find((one) => one.id === id);

// How many of the person's things are in this phone and nowhere else, finished or not; nothing is opened for it.
export const waiting = async () => {
  const mine = await me();
  if (!mine) return 0;
  const rows = await read("drafts", (store) => store.index("who").getAll(mine.who));
  return rows.filter((row) => row.state !== "sent").length;
};

// The number in the head of the page, kept right from now on; how many there are at first.
export const showWaiting = async () => {
  const badge = document.querySelector("[data-waiting]");
  const count = async () => {
    const n = await waiting();
    badge.hidden = !n;
    badge.querySelector("b").textContent = n;
    return n;
  };
  news.addEventListener("message", count);
  addEventListener("phone", count);
  return count();
};

// Keep a draft; with `photos` (Blobs) its pictures are replaced by these, in this order.
export const keep = async (draft, photos) => {
  const mine = await me();
  if (!mine) throw new Error("nobody signed in on this phone");
  const { id, state, at, due = 0, house = mine.house, ...inner } = draft;
  const row = { id, who: mine.who, house, state, at, due, sealed: await sealText(mine.key, inner, id) };
  const pictures = await Promise.all((photos || []).map(async (blob, place) => {
    const name = blob.key || crypto.randomUUID();
    return { id: name, draft: id, place, type: blob.type, ...await seal(mine.key, await blob.arrayBuffer(), name) };
  }));
  const before = photos ? await read("photos", (store) => store.index("draft").getAllKeys(id)) : [];
  await write(["drafts", "photos"], (rows, stored) => {
    rows.put(row);
    before.forEach((name) => stored.delete(name));
    pictures.forEach((picture) => stored.put(picture));
  });
  tell();
};

export const drop = async (id) => {
  const photos = await read("photos", (store) => store.index("draft").getAllKeys(id));
  await write(["drafts", "photos"], (rows, stored) => {
    rows.delete(id);
    photos.forEach((name) => stored.delete(name));
  });
  tell();
};

// The draft's pictures that have not arrived yet, in order; each Blob carries its own `key`.
export const photos = async (id) => {
  const mine = await me();
  const rows = await read("photos", (store) => store.index("draft").getAll(id));
  rows.sort((one, other) => one.place - other.place);
  return Promise.all(rows.map(async (row) =>
    Object.assign(new Blob([await unseal(mine.key, row, row.id)], { type: row.type }), { key: row.id })));
};

export const dropPhoto = (key) => write(["photos"], (store) => store.delete(key));

// ---- codes of orders, if the person wishes ----

export const wishOrders = async (wish) => {
  const mine = await me();
  await write(["me", "orders"], (who, codes) => { who.put({ ...mine, orders: wish }); if (!wish) codes.clear(); });
};

// As they stand now, each time the day is opened with a line.
export const refreshOrders = async () => {
  const mine = await me(), { orders: list } = await body(await ask("/manage/offline/orders"));
  const sealed = await sealText(mine.key, list, "orders");
  await write(["orders"], (store) => store.put({ who: mine.who, until: Date.now() + DAY_MS, ...sealed }));
};

export const orders = async () => {
  const mine = await me();
  const row = mine && await read("orders", (store) => store.get(mine.who));
  return row && row.until > Date.now() ? { until: row.until, list: await unsealText(mine.key, row, "orders") } : null;
};

// ---- names for the scale: under the PIN, and under the person's key around it ----

const ROUNDS = 600000, TRIES = 5;
const pinKey = async (pin, salt) => crypto.subtle.deriveKey(
  { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS },
  await crypto.subtle.importKey("raw", encoder.encode(pin), "PBKDF2", false, ["deriveKey"]), plain, false,
  ["encrypt", "decrypt"]);

// Over by its hour, or because the phone's clock was set back behind the last time it was looked at.
const SLACK_MS = 120000;
const isOver = (row, now = Date.now()) => row.until < now || now < (row.seen || 0) - SLACK_MS;

// kind: scale (names of producers) or village (an officer's list of the day, which carries the server's own hours).
export const keepNames = async (pin, names, kind = "scale") => {
  const mine = await me(), salt = crypto.getRandomValues(new Uint8Array(16)), seen = Date.now();
  const until = seen + (names.now ? (names.until - names.now) * 1000 : DAY_MS), ends = names.now ? names.until : 0;
  const inner = await sealText(await pinKey(pin, salt), { ...names, until, seen }, "names");
  const packed = new Uint8Array([...inner.iv, ...new Uint8Array(inner.data)]);
  const outer = await seal(mine.key, packed, "names");
  await write(["names"], (store) =>
    store.put({ who: mine.who, house: mine.house, kind, until, ends, seen, salt, wrong: 0, ...outer }));
};

// The server's clock says that the day of a list is over, whatever the phone's own clock says.
const endList = async (now) => {
  const mine = await me(), row = await read("names", (store) => store.get(mine.who));
  if (row?.ends && row.ends < now) await dropNames();
};

export const haveNames = async (kind = "scale") => {
  const mine = await me();
  await forgetOld();
  const row = mine && await read("names", (store) => store.get(mine.who));
  const here = row && row.house === mine.house && (row.kind || "scale") === kind;
  return here ? { until: row.until, left: TRIES - row.wrong } : null;
};

// The names, or null for a wrong PIN; the fifth wrong one in a row takes them away.
export const openNames = async (pin) => {
  const mine = await me(), row = await read("names", (store) => store.get(mine.who));
  if (!row) return null;
  if (isOver(row)) { await dropNames(); return null; }
  const wrong = row.wrong + 1;
  await write(["names"], (store) => wrong >= TRIES ? store.delete(mine.who) : store.put({ ...row, wrong }));
  const packed = new Uint8Array(await unseal(mine.key, row, "names"));
  let names;
  try {
    const inner = { iv: packed.slice(0, 12), data: packed.slice(12) };
    names = await unsealText(await pinKey(pin, row.salt), inner, "names");
  } catch { return null; }
  if (isOver(names)) { await dropNames(); return null; }
  await write(["names"], (store) => store.put({ ...row, wrong: 0, seen: Math.max(row.seen || 0, Date.now()) }));
  return names;
};

export const dropNames = () => write(["names"], (store) => store.clear());

// ---- what stood on the server when there was last a line: a household's own answers, or the goods of a stall ----

export const keepCopy = async (value, name = "copy") => {
  const mine = await me(), sealed = await sealText(mine.key, value, name);
  await write(["me"], (store) => store.put({ ...mine, [name]: sealed }));
};

export const copy = async (name = "copy") => {
  const mine = await me();
  return mine?.[name] ? unsealText(mine.key, mine[name], name) : null;
};
