// Chợ Phiên, in the page: small helps. Every page works without them.
"use strict";
(() => {
  const all = (query, act, from = document) => from.querySelectorAll(query).forEach(act);

  // The cart's badge: public pages are the same for everybody, so the number comes from a readable cookie.
  const cookie = document.cookie.match(/(?:^|; )cart_n=(\d{1,3})/);
  if (cookie && Number(cookie[1]) > 0) {
    all("[data-cart-count]", (badge) => { badge.textContent = cookie[1]; badge.hidden = false; });
  }

  // Copy a value into a bank's app.
  const copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "sr";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  };
  all("[data-copy]", (button) => {
    button.hidden = false;
    const word = button.querySelector("span") || button;
    const before = word.textContent;
    button.addEventListener("click", async () => {
      try { await copy(button.dataset.copy); } catch { return; }
      word.textContent = button.dataset.done || before;
      button.setAttribute("aria-live", "polite");
      setTimeout(() => { word.textContent = before; }, 2500);
    });
  });

  // − and + beside a quantity.
  all("[data-step]", (button) => button.addEventListener("click", () => {
    const field = button.parentElement.querySelector("input");
    const most = Number(field.dataset.most || 999);
    const least = Number(field.dataset.least || 1);
    field.value = Math.min(most, Math.max(least, (parseInt(field.value, 10) || 0) + Number(button.dataset.step)));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }));

  // One press, one deed: the second press while the first is on its way does nothing, and the button says so.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "1";
    const button = event.submitter || form.querySelector("button:not([type=button])");
    if (button) button.setAttribute("aria-busy", "true");
    setTimeout(() => { delete form.dataset.sending; if (button) button.removeAttribute("aria-busy"); }, 15000);
  });
  addEventListener("pageshow", () => all("form[data-sending]", (form) => {
    delete form.dataset.sending;
    all("[aria-busy]", (button) => button.removeAttribute("aria-busy"), form);
  }));

  // The keypad of the scale: writes into the field it names.
  all("[data-keypad]", (pad) => {
    const field = document.getElementById(pad.dataset.keypad);
    if (!field) return;
    pad.hidden = false;
    pad.addEventListener("click", (event) => {
      const key = event.target.closest("[data-key]");
      if (!key) return;
      const sign = key.dataset.key;
      if (sign === "back") field.value = field.value.slice(0, -1);
      else if (sign !== "," || !field.value.includes(",")) field.value = (field.value + sign).slice(0, 8);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  // A photo is made small before it leaves the phone; when that fails the original goes.
  all("input[type=file]", (field) => field.addEventListener("change", async () => {
    const names = document.querySelector(`[data-chosen="${CSS.escape(field.id)}"]`);
    if (field.dataset.shrink && field.files.length) {
      try {
        const { shrink, named } = await import(field.dataset.shrink), small = new DataTransfer();
        for (const file of field.files) {
          const blob = await shrink(file);
          small.items.add(blob === file ? file : new File([blob], named(file, blob), { type: blob.type }));
        }
        field.files = small.files;
      } catch { /* an old browser keeps its originals */ }
    }
    if (names) {
      names.textContent = [...field.files].map((f) => `${f.name} (${Math.ceil(f.size / 1024)} KB)`).join(", ");
      names.hidden = !field.files.length;
    }
  }));

  // A page that waits for money asks every five seconds, then less and less often, and reloads when the state changes.
  // A screen in front of a camera (data-steady) goes on asking.
  all("[data-poll]", (box) => {
    let wait = 5000;
    const since = Date.now(), steady = "steady" in box.dataset;
    const again = () => setTimeout(ask, document.hidden ? Math.max(wait, 20000) : wait);
    const ask = async () => {
      try {
        const answer = await fetch(box.dataset.poll, { headers: { Accept: "application/json" }, cache: "no-store" });
        if (!answer.ok) throw new Error(String(answer.status));
        const { state } = await answer.json();
        if (state && state !== box.dataset.state) { location.reload(); return; }
        wait = !steady && Date.now() - since > 180000 ? Math.min(wait * 1.5, 60000) : 5000;
      } catch { wait = Math.min(wait * 2, 60000); }
      if (steady || Date.now() - since < 7200000) again();
    };
    again();
  });

  // Who came by a short link goes on with its code, so that the cart's post can name it; nothing is kept meanwhile.
  const via = new URLSearchParams(location.search).get("via");
  if (via && /^[a-z2-9]{6}$/.test(via)) {
    all('main a[href^="/products/"]', (link) => {
      const to = new URL(link.href);
      to.searchParams.set("via", via);
      link.href = to.pathname + to.search + to.hash;
    });
  }

  // After a refusal the eye and the screen reader start at the list of what to mend.
  const errors = document.querySelector("[data-errors]");
  if (errors) errors.focus();
})();
