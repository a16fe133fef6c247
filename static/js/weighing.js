// Weighing an order: what the numbers come to while they are typed, and no weight is lost when the line dies.
// Kept in this tab's own store alone (grams and a key, no name): the same key sent twice packs once.
"use strict";
(() => {
  const form = document.querySelector("form[data-weigh]");
  if (!form) return;
  const name = `cp-weigh:${form.dataset.weigh}`;
  let store = null;
  try { store = window.sessionStorage; store.getItem(name); } catch { store = null; }
  const fields = () => [...form.querySelectorAll("input:not([name=csrf_token])")];
  const keep = () => store?.setItem(name, JSON.stringify(Object.fromEntries(fields().map((one) => [one.name, one.value]))));
  const grams = (text) => {
    const bare = text.trim().replace(/\s*kg$/, "").replace(",", ".");
    return /^\d{1,6}(\.\d{1,3})?$/.test(bare) ? Math.round(Number(bare) * 1000) : 0;
  };
  const said = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ".");
  const kilos = (g) => String(g / 1000).replace(".", ",");

  const sum = (section) => {
    const out = section.querySelector("[data-sum]"), { perKg, most, least, count } = section.dataset;
    const weights = [...section.querySelectorAll("input[name*=_g]")].map((one) => grams(one.value)).filter(Boolean);
    const total = weights.reduce((a, b) => a + b, 0);
    const light = weights.some((one) => one < Number(least));
    out.hidden = weights.length < Number(count) && total <= Number(most);
    const price = Math.floor(Number(perKg) * total / 1000), prepaid = Math.floor(Number(perKg) * Number(most) / 1000);
    const text = total > Number(most) ? out.dataset.over : out.dataset.ok;
    out.textContent = text.replace("{kg}", kilos(total)).replace("{price}", said(price))
      .replace("{back}", said(Math.max(0, prepaid - price))).replace("{most}", kilos(Number(most)))
      + (light && total <= Number(most) ? ` ${out.dataset.light}` : "");
    out.classList.toggle("bad-t", total > Number(most));
    if (light) section.querySelector("[data-why]").open = true;
  };
  const all = () => form.querySelectorAll("[data-per-kg]").forEach(sum);

  const kept = store?.getItem(name);
  if (kept && !document.querySelector("[data-errors]")) {
    const values = JSON.parse(kept);
    let found = false;
    for (const one of fields()) {
      if (!(one.name in values)) continue;
      if (one.type !== "hidden" && values[one.name] && one.value !== values[one.name]) found = true;
      if (one.type !== "hidden" || one.name === "key") one.value = values[one.name];
    }
    form.querySelector("[data-kept]").hidden = !found;
  }
  all();
  form.addEventListener("input", () => { keep(); all(); });
  form.addEventListener("submit", keep);
})();
