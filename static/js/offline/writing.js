// A form that is being filled in: kept in the phone while it is typed, and on the server whenever there is a line.
import { draft as one, drafts, drop, keep } from "./store.js";
import { dropText, fetchText, hold, keepText } from "./send.js";

const HERE_MS = 800, THERE_MS = 5000;

// The draft that this page goes on with: named in the address (here, or on the server), else the one begun last.
export const begin = async (form) => {
  const wanted = new URLSearchParams(location.search).get("draft");
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

// Keeps what `read` gives after every pause in typing. `saved` is told when it lies safe in the phone.
export class Keeper {
  constructor(draft, read, saved) {
    Object.assign(this, { draft, read, saved, timer: 0, there: 0, done: false, turn: Promise.resolve() });
  }

  touched() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), HERE_MS);
    this.there ||= setTimeout(() => { this.there = 0; this.far(); }, THERE_MS);
  }

  // One write after the other, so that the last one stays.
  now(change = {}, photos = undefined) {
    clearTimeout(this.timer);
    this.turn = this.turn.then(async () => {
      if (this.done) return;
      const { fields, title, detail } = this.read();
      this.draft = { ...this.draft, fields, title, detail, at: Date.now(), ...change };
      await keep(this.draft, photos);
      this.saved?.();
    });
    return this.turn;
  }

  async far() {
    if (this.done) return;
    await keepText(this.draft.form, this.draft.id, this.read().fields);
  }

  // Into the line of what waits to be sent.
  async finish(change = {}) {
    clearTimeout(this.there);
    await this.now({ state: "waiting", tries: 0, due: 0, errors: {}, message: "", ...change });
    this.done = true;
  }

  async discard() {
    this.done = true;
    clearTimeout(this.timer);
    clearTimeout(this.there);
    await drop(this.draft.id);
    await dropText(this.draft.id);
  }
}
