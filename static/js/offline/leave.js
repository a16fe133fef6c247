// Signing out: what waits in the phone is named first, then everything of this person leaves the phone.
import { leave, waiting, works } from "./store.js";

const form = document.querySelector("form[data-leave]"), warning = document.querySelector("[data-left]");

const go = async () => {
  await leave();
  const done = document.createElement("input");
  Object.assign(done, { type: "hidden", name: "wiped", value: "1" });
  form.append(done);
  form.submit();
};

if (works && form) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const n = await waiting();
  if (!n || event.submitter?.hasAttribute("data-anyway")) { await go(); return; }
  warning.querySelector("b").textContent = n;
  warning.hidden = false;
  form.querySelector("[data-plain]").hidden = true;
  warning.focus();
});
