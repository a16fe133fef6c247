// Where things were sent before, on this phone alone and only where its owner asked: nothing here goes to the server.
"use strict";
(() => {
  const MOST = 3, KEPT = "cp_addresses";
  let kept = null;
  try { kept = window.localStorage; kept.getItem(KEPT); } catch { return; }
  const text = (value) => (typeof value === "string" ? value.slice(0, 200) : "");
  const read = () => {
    try {
      const found = JSON.parse(kept.getItem(KEPT) || "[]");
      return (Array.isArray(found) ? found : []).slice(0, MOST).map((one) => ({
        name: text(one.name), phone: text(one.phone), place: text(one.place), line: text(one.line),
      })).filter((one) => one.name && one.place);
    } catch { return []; }
  };
  const box = document.querySelector("[data-addresses]"), form = document.querySelector("main form");
  if (!box || !form) return;
  const field = (name) => form.elements[name], typed = (name) => field(name).value.trim();
  const list = box.querySelector("[data-list]");
  for (const one of read()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet wide";
    button.textContent = `${one.name}, ${one.phone}. ${one.line}, ${one.place}`;
    button.addEventListener("click", () => {
      field("name").value = one.name;
      field("phone").value = one.phone;
      field("place").value = one.place;
      field("address_line").value = one.line;
      form.querySelector("button.btn").focus();
    });
    list.append(button);
    box.hidden = false;
  }
  box.querySelector("[data-forget]").addEventListener("click", () => {
    kept.removeItem(KEPT);
    box.hidden = true;
  });
  const tick = form.querySelector("[data-remember]");
  tick.hidden = false;
  tick.querySelector("input").checked = read().length > 0;
  form.addEventListener("submit", () => {
    const one = { name: typed("name"), phone: typed("phone"), place: typed("place"), line: typed("address_line") };
    if (!tick.querySelector("input").checked || !one.name || !one.place || !one.line) return;
    const others = read().filter((other) => other.line !== one.line || other.place !== one.place || other.name !== one.name);
    try { kept.setItem(KEPT, JSON.stringify([one, ...others].slice(0, MOST))); } catch { /* full: not remembered */ }
  });
})();
