// Where things were sent before, on this phone alone and only where its owner asked: nothing here goes to the server.
"use strict";
(() => {
  const MOST = 3;
  let kept = null, now = null;
  try { kept = window.localStorage; now = window.sessionStorage; kept.getItem("cp"); } catch { return; }
  const text = (value) => (typeof value === "string" ? value.slice(0, 200) : "");
  const read = () => {
    try {
      const found = JSON.parse(kept.getItem("cp_addresses") || "[]");
      return (Array.isArray(found) ? found : []).slice(0, MOST).map((one) => ({
        name: text(one.name), phone: text(one.phone), place: text(one.place), line: text(one.line),
      })).filter((one) => one.name && one.place);
    } catch { return []; }
  };
  const put = (store, key, value) => { try { store.setItem(key, JSON.stringify(value)); } catch { /* full: not remembered */ } };
  const took = (key) => { try { return JSON.parse(now.getItem(key) || "null") || {}; } catch { return {}; } };
  const box = document.querySelector("[data-addresses]"), form = document.querySelector("main form");
  if (!box || !form) return;
  const field = (name) => form.elements[name];
  const fill = (one) => {
    if (field("phone")) { field("name").value = one.name; field("phone").value = one.phone; put(now, "cp_pick", one); }
    else { field("place").value = one.place; field("address_line").value = one.line; }
  };
  const list = box.querySelector("[data-list]");
  for (const one of read()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet wide";
    button.textContent = field("phone") ? `${one.name}, ${one.phone}. ${one.line}, ${one.place}` : `${one.line}, ${one.place}`;
    button.addEventListener("click", () => { fill(one); form.querySelector("button.btn").focus(); });
    list.append(button);
    box.hidden = false;
  }
  box.querySelector("[data-forget]").addEventListener("click", () => {
    kept.removeItem("cp_addresses");
    now.removeItem("cp_pick");
    box.hidden = true;
  });

  if (field("phone")) {
    form.addEventListener("submit", () => put(now, "cp_who", { name: field("name").value.trim(), phone: field("phone").value.trim() }));
    return;
  }
  const tick = document.querySelector("[data-remember]"), picked = took("cp_pick");
  if (!field("place").value && picked.place) fill(picked);
  tick.hidden = false;
  tick.querySelector("input").checked = read().length > 0;
  form.addEventListener("submit", () => {
    const who = took("cp_who"), one = { ...who, place: field("place").value.trim(), line: field("address_line").value.trim() };
    if (!tick.querySelector("input").checked || !who.name || !one.place || !one.line) return;
    const others = read().filter((other) => other.line !== one.line || other.place !== one.place || other.name !== one.name);
    put(kept, "cp_addresses", [one, ...others].slice(0, MOST));
  });
})();
