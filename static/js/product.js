// The product form: the unit price while typing, and what a category usually says, put in and read back.
"use strict";
(() => {
  const form = document.querySelector("form[data-product]");
  if (!form) return;
  const { kinds, story, facts } = JSON.parse(form.dataset.product);
  const byName = (name) => form.elements[name];
  form.querySelectorAll("[data-nojs]").forEach((one) => { one.hidden = true; });

  // Amounts as people say them; the server reads the same words, and its answer counts.
  const WORDS = { g: ["g", 1], "lạng": ["g", 100], lang: ["g", 100], kg: ["g", 1000], "cân": ["g", 1000], can: ["g", 1000],
    "yến": ["g", 10000], yen: ["g", 10000], "tạ": ["g", 100000], ml: ["ml", 1], "lít": ["ml", 1000], lit: ["ml", 1000],
    piece: ["", 1], "chục": ["", 10], chuc: ["", 10] };
  const read = (typed, chosen) => {
    const said = typed.trim().toLowerCase().normalize("NFC").match(/^(nửa|nua|\d+(?:[.,]\d+)?)?\s*([^\d\s]*)(\s+(?:rưỡi|ruoi))?$/);
    const word = said && WORDS[said[2] || chosen];
    if (!word || (!said[1] && !said[2])) return null;
    const many = /^n/.test(said[1] || "") ? 0.5 : Number((said[1] || "1").replace(/^(\d{1,3})\.(\d{3})$/, "$1$2").replace(",", "."));
    return { amount: (many + (said[3] ? 0.5 : 0)) * word[1], unit: word[0] };
  };
  const vnd = (amount) => `${Math.round(amount).toLocaleString(document.documentElement.lang === "en" ? "en" : "vi")}\u00a0đ`;
  const unitPrice = (pack) => {
    const box = pack.querySelector("[data-unit-price]");
    const [amount, unit, price] = ["net_quantity", "net_unit", "price_vnd"].map((end) => pack.querySelector(`[name$=${end}]`));
    if (!box || !amount || !unit || !price) return;
    const thousand = /(?:k|ng[aà]n|ngh[iì]n)\s*đ?$/i.test(price.value.trim()) ? 1000 : 1;
    const money = Number(price.value.replace(/\D/g, "")) * thousand;
    const said = read(amount.value, unit.value);
    box.hidden = !said || !money || !said.amount || (!said.unit && said.amount === 1);
    if (box.hidden) return;
    const base = said.unit ? (said.amount <= 100 ? 100 : 1000) : 1;
    const per = !said.unit ? unit.querySelector("[value=piece]").textContent
      : base === 100 ? `100 ${said.unit}` : said.unit === "g" ? "kg" : unit.querySelector("[value='lít']").textContent;
    box.textContent = box.dataset.of.replace("{price}", `${vnd(money * base / said.amount)} / ${per}`);
  };
  form.querySelectorAll("[data-pack]").forEach((pack) => {
    if (!pack.querySelector("input[type=hidden][name$=net_quantity]")) pack.addEventListener("input", () => unitPrice(pack));
  });

  // A category proposes texts for what is still empty; what was proposed and not touched gives way to the next proposal.
  const proposed = new Map();
  const box = form.querySelector("[data-proposed]");
  const value = (name) => (name === "allergens"
    ? [...form.querySelectorAll("[name=allergens]:checked")].map((one) => one.value).join(",") : byName(name).value);
  const put = (name, text) => {
    if (name === "allergens") form.querySelectorAll("[name=allergens]").forEach((one) => { one.checked = text.split(",").includes(one.value); });
    else byName(name).value = text;
  };
  const label = (name) => form.querySelector(name === "allergens" ? "[data-fact=allergens] summary" : `label[for=${name}]`).textContent;
  const spoken = (name, text) => (name === "allergens"
    ? [...form.querySelectorAll("[name=allergens]:checked")].map((one) => one.closest("label").textContent.trim()).join(", ")
    : text);
  const propose = () => {
    const kind = kinds[byName("category_id").value];
    if (!kind) return;
    const texts = { ...kind.texts };
    if (byName("name").value.trim()) texts.story = story.replace("%s", byName("name").value.trim());
    if (texts.shelf_life_days) texts.shelf_life_days = kind.shelf;
    for (const name of new Set([...proposed.keys(), ...Object.keys(texts)])) {
      const untouched = proposed.has(name) && proposed.get(name) === value(name);
      if (value(name) && !untouched) { proposed.delete(name); continue; }
      put(name, texts[name] || "");
      if (texts[name]) proposed.set(name, value(name)); else proposed.delete(name);
    }
    facts.forEach((name) => {
      const part = form.querySelector(`[data-fact=${name}]`);
      if (part) part.hidden = !kind.asks.includes(name) && !value(name);
    });
    const amount = byName("pack0_net_quantity"), unit = byName("pack0_net_unit");
    if (amount.type !== "hidden" && !amount.value) { amount.placeholder = kind.amount; unit.value = kind.unit === "cái" ? "piece" : kind.unit; }
    byName("filled").value = "1";
    const list = box.querySelector("dl");
    list.textContent = "";
    for (const [name, text] of proposed) {
      const term = document.createElement("dt"), said = document.createElement("dd");
      term.className = "bold";
      term.textContent = label(name);
      said.textContent = spoken(name, text);
      list.append(term, said);
    }
    box.hidden = !proposed.size;
  };
  byName("category_id").addEventListener("change", propose);
  byName("name").addEventListener("change", () => { if (proposed.has("story") || !value("story")) propose(); });
  box.querySelector("a").addEventListener("click", () => { document.getElementById("more").open = true; });
  // A link to something folded away unfolds it.
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const there = link && document.querySelector(link.getAttribute("href"));
    for (let part = there && there.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  });
})();
