// A form that is being filled in: kept in the phone while it is typed, and on the server whenever there is a line.
import { draft as one, drafts, keep } from "./store.js";
import { fetchText, hold, keepText } from "./send.js";

const HERE_MS = 800, THERE_MS = 5000;

// The draft that this page goes on with: named in the address (here, or on the server), else the one begun last.
export const begin = async (form) => {
  const asked = new URLSearchParams(location.search), wanted = asked.get("draft");
  if (asked.has("new")) return null;
  if (!wanted) {
    const open = (await drafts()).filter((draft) => draft.form === form && draft.state === "writing");
    return open.pop() || null;
  }
  const here = await one(wanted);
  if (here) return await hold(wanted) ? one(wanted) : null;
  try {
    const there = await fetchText(wanted);
    return there && there.form === form ? { id: there.key, form, fields: there.fields, state: "writing" } : null;
  } catch { return null; }
};

export const fresh = (form) => ({ id: crypto.randomUUID(), form, state: "writing", at: Date.now(), fields: {} });

// Keeps what `read` gives after every pause in typing. `told` hears of each time whether it lies safe in the phone.
export class Keeper {
  constructor(draft, read, told = () => {}) {
    Object.assign(this, { draft, read, told, timer: 0, there: 0, done: false, turn: Promise.resolve(true) });
  }

  touched() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), HERE_MS);
    this.there ||= setTimeout(() => { this.there = 0; this.far(); }, THERE_MS);
  }

  // One write after the other, so that the last one stays. False when the phone has no room.
  now(change = {}, photos = undefined) {
    clearTimeout(this.timer);
    this.turn = this.turn.then(() => this.write(change, photos));
    return this.turn;
  }

  async write(change, photos) {
    if (this.done) return true;
    const { fields, title, detail } = this.read();
    this.draft = { ...this.draft, fields: { ...this.draft.fields, ...fields }, title, detail, at: Date.now(), ...change };
    try { await keep(this.draft, photos); } catch (error) {
      console.debug(error);
      this.told(false);
      return false;
    }
    this.told(true);
    return true;
  }

  async far() {
    if (this.done) return;
    await keepText(this.draft.form, this.draft.id, this.read().fields);
  }

  // Into the line of what waits to be sent; false when the phone has no room.
  async finish(change = {}) {
    clearTimeout(this.there);
    navigator.storage?.persist?.();
    this.done = await this.now({ state: "waiting", tries: 0, due: 0, errors: {}, message: "", ...change });
    return this.done;
  }
}
