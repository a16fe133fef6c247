// Lines offered while somebody types in the search box: an accessible combobox. Without this script the box searches.
"use strict";
(() => {
  const box = document.querySelector("[data-suggest]");
  if (!box || !window.fetch) return;
  const WAIT_MS = 120;
  const kept = new Map();
  const list = document.createElement("ul");
  let asked = null, timer = 0, at = -1, typed = box.value;

  list.id = "find-list";
  list.className = "offers p0";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.label);
  box.form.append(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  const close = () => {
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };

  const choose = (place) => {
    const rows = [...list.children];
    at = place;
    rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
    if (at < 0) { box.value = typed; box.removeAttribute("aria-activedescendant"); return; }
    box.value = rows[at].dataset.text;
    box.setAttribute("aria-activedescendant", rows[at].id);
    rows[at].scrollIntoView({ block: "nearest" });
  };

  const show = (lines) => {
    list.replaceChildren(...lines.map((line, number) => {
      const row = document.createElement("li");
      row.id = `find-${number}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.dataset.href = line.href;
      row.dataset.text = line.text;
      const kind = document.createElement("span");
      kind.textContent = line.kind;
      row.append(line.text, " ", kind);
      return row;
    }));
    at = -1;
    list.hidden = !lines.length;
    box.setAttribute("aria-expanded", String(lines.length > 0));
    box.removeAttribute("aria-activedescendant");
  };

  const ask = async () => {
    const text = box.value.trim();
    if (!text) { close(); return; }
    if (asked) asked.abort();
    if (kept.has(text)) { show(kept.get(text)); return; }
    asked = new AbortController();
    try {
      const address = new URL(box.dataset.suggest, location.href);
      address.searchParams.set("q", text);
      const answer = await fetch(address, { signal: asked.signal, credentials: "omit" });
      if (!answer.ok) return;
      const lines = await answer.json();
      kept.set(text, lines);
      if (document.activeElement === box && box.value.trim() === text) show(lines);
    } catch { /* the line is gone, or a newer question is on its way: the box searches all the same */ }
  };

  box.addEventListener("input", () => {
    typed = box.value;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  box.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); choose(-1); close(); }
    else if (event.key === "Enter" && at >= 0) { event.preventDefault(); location.assign(list.children[at].dataset.href); }
    else if (!list.hidden && count && event.key === "ArrowDown") { event.preventDefault(); choose(at + 1 < count ? at + 1 : -1); }
    else if (!list.hidden && count && event.key === "ArrowUp") { event.preventDefault(); choose(at < 0 ? count - 1 : at - 1); }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus until the tap is done
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) location.assign(row.dataset.href);
  });
  box.addEventListener("blur", close);
})();
