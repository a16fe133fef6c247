// [data-proof]: docs/guide/log.md
(() => {
  const U8 = Uint8Array;
  const bytes = s => new TextEncoder().encode(s);
  const hex = s => U8.from(s.match(/../g) || [], x => parseInt(x, 16));
  const b64 = s => U8.from(atob(s), x => x.charCodeAt(0));
  const sha = async (...parts) =>
    new U8(await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer()));
  const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
  const zero = U8.of(0), node = U8.of(1);

  const leaf = async (one, salt = hex(one.salt), said = bytes(one.document)) =>
    one.first ? sha(zero, salt, said) : sha(zero, await sha(salt, said));

  // RFC 9162
  async function included(one, size, root) {
    let found = await leaf(one), at = one.index, last = size - 1;
    const up = () => { at = Math.floor(at / 2); last = Math.floor(last / 2); };
    if (!(at >= 0 && at <= last)) return false;
    for (const beside of one.path.map(hex)) {
      if (!last) return false;
      if (at % 2 || at === last) {
        found = await sha(node, beside, found);
        while (at && !(at % 2)) up();
      } else found = await sha(node, found, beside);
      up();
    }
    return !last && same(found, root);
  }

  async function signed(text, lines, keys) {
    let held = false;
    for (const line of lines) for (const vkey of keys) {
      const [, name, value] = line.split(" "), sig = b64(value);
      const [of, id] = vkey.split("+"), key = b64(vkey.slice(of.length + id.length + 2));
      if (of !== name || !same(sig.slice(0, 4), hex(id)) || key[0] !== 1) continue;
      let own;
      try {
        own = await crypto.subtle.importKey("raw", key.slice(1), "Ed25519", false, ["verify"]);
      } catch { return null; }
      if (!await crypto.subtle.verify("Ed25519", own, sig.slice(4), bytes(text))) return false;
      held = true;
    }
    return held;
  }

  async function verify(e) {
    const cut = e.checkpoint.lastIndexOf("\n\n") + 1, text = e.checkpoint.slice(0, cut);
    const [origin, size, root] = text.split("\n");
    if (origin !== e.origin || !e.events.length) return "bad";
    for (const one of [...e.events, ...e.papers])
      if (!await included(one, Number(size), b64(root))) return "bad";
    if (e.label && !await labelled(e, sha, leaf)) return "bad";
    const lines = e.checkpoint.slice(cut).trim().split("\n"), ours = await signed(text, lines, e.keys);
    if (ours === null) return "unchecked";
    return ours && (!e.quorum || await witnessed(e, text, lines)) ? "good" : "bad";
  }

  for (const box of document.querySelectorAll("[data-proof]")) {
    const button = box.querySelector("button"), source = box.dataset.proof;
    button.hidden = false;
    button.onclick = async () => {
      let found = "failed";
      try {
        found = await verify(JSON.parse(
          source[0] === "#" ? document.querySelector(source).textContent : await (await fetch(source)).text()));
      } catch {}
      box.dataset.verdict = found;
      box.querySelector("[role=status]").textContent = box.dataset[found];
    };
  }
})();
