// What this phone puts aside and saw last, and the province it buys for: in this phone alone, nothing is sent but ids.
"use strict";
(() => {
  const MOST = 40;
  let store = null;
  try { store = window.localStorage; store.getItem("cp"); } catch { return; }
  const read = (name) => {
    try {
      const found = JSON.parse(store.getItem("cp_" + name) || "[]");
      return Array.isArray(found) ? found.filter((one) => /^\d{1,11}$/.test(one)).slice(0, MOST) : [];
    } catch { return []; }
  };
  const write = (name, ids) => { try { store.setItem("cp_" + name, JSON.stringify(ids.slice(0, MOST))); } catch { /* full or refused: the page goes on without */ } };

  // A product page: seen now; put aside by its button.
  const page = document.querySelector("[data-seen]");
  if (page) write("seen", [page.dataset.seen, ...read("seen").filter((one) => one !== page.dataset.seen)].slice(0, 12));
  document.querySelectorAll("[data-keep]").forEach((button) => {
    const id = button.dataset.keep, word = button.querySelector("span"), off = word.textContent;
    const show = () => {
      const on = read("kept").includes(id);
      button.setAttribute("aria-pressed", String(on));
      word.textContent = on ? button.dataset.on : off;
    };
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      const others = read("kept").filter((one) => one !== id);
      write("kept", read("kept").includes(id) ? others : [id, ...others]);
      show();
    });
  });

  // Delivery to my province: asked when chosen, and remembered.
  document.querySelectorAll("form[data-delivery]").forEach((form) => {
    const field = form.elements.to, out = form.querySelector("[data-delivery-out]");
    const ask = async () => {
      try { store.setItem("cp_to", field.value); } catch { /* not remembered */ }
      const asked = new URLSearchParams(new FormData(form));
      try {
        const answer = await fetch(`${form.dataset.delivery}?${asked}`);
        if (!answer.ok) throw new Error(String(answer.status));
        out.innerHTML = await answer.text();
      } catch { form.submit(); }
    };
    form.querySelector("button").hidden = true;
    field.addEventListener("change", ask);
    const mine = store.getItem("cp_to");
    if (field.value) store.setItem("cp_to", field.value);
    else if (mine && [...field.options].some((one) => one.value === mine)) {
      field.value = mine;
      fetch(`${form.dataset.delivery}?${new URLSearchParams(new FormData(form))}`)
        .then((answer) => (answer.ok ? answer.text() : ""))
        .then((text) => { if (text) out.innerHTML = text; })
        .catch(() => { field.value = ""; });
    }
  });

  // The page of both lists.
  const shelf = document.querySelector("[data-kept]");
  if (!shelf) return;
  shelf.querySelector("[data-unread]").hidden = true;
  const part = (name) => shelf.querySelector(`[data-${name}]`);
  const fill = async (name) => {
    const ids = read(name), list = shelf.querySelector(`[data-list="${name}"]`);
    if (!ids.length) return 0;
    const hl = document.documentElement.lang === "vi" ? "" : `&hl=${document.documentElement.lang}`;
    const answer = await fetch(`${shelf.dataset.kept}?ids=${ids.join(",")}${hl}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const cards = list.querySelector("[data-cards]");
    cards.innerHTML = await answer.text();
    list.hidden = !cards.children.length;
    return cards.children.length;
  };
  const draw = async () => {
    try {
      const [kept, seen] = await Promise.all([fill("kept"), fill("seen")]);
      part("none").hidden = kept > 0;
      part("forget").hidden = !(kept || seen);
    } catch { part("broken").hidden = false; }
  };
  part("forget").querySelector("button").addEventListener("click", () => {
    ["kept", "seen"].forEach((name) => store.removeItem("cp_" + name));
    shelf.querySelectorAll("[data-list]").forEach((list) => { list.hidden = true; });
    part("none").hidden = false;
    part("forget").hidden = true;
  });
  draw();
})();
