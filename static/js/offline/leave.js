// Signing out: what waits in the phone is named first, then everything of this person leaves the phone.
import { leave, lock, me, waiting, works } from "./store.js";

const form = document.querySelector("form[data-leave]"), warning = document.querySelector("[data-left]");

// What another person left here stays, locked: it is not hers to delete.
const hers = async () => (await me())?.who === form.dataset.leave;

const go = async () => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("cp-weigh:")) sessionStorage.removeItem(key);
  await (await hers() ? leave() : lock());
  const done = document.createElement("input");
  Object.assign(done, { type: "hidden", name: "wiped", value: "1" });
  form.append(done);
  form.submit();
};

if (works && form) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const n = await hers() ? await waiting() : 0;
  if (!n || event.submitter?.hasAttribute("data-anyway")) { await go(); return; }
  warning.querySelector("b").textContent = n;
  warning.hidden = false;
  form.querySelector("[data-plain]").hidden = true;
  warning.focus();
});
