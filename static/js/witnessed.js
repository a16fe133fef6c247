// Whether as many witnesses countersigned as are needed (C2SP tlog-cosignature, key type 4). proof.js calls it.
const witnessed = async ({ witnesses, quorum }, text, lines) => {
  const b64 = (s) => Uint8Array.from(atob(s), (x) => x.charCodeAt(0)), hexed = (all) =>
    [...all].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const signed = async (vkey) => {
    const [name, id] = vkey.split("+"), key = b64(vkey.slice(name.length + id.length + 2));
    if (key[0] !== 4) return false;
    const ready = await crypto.subtle.importKey("raw", key.slice(1), "Ed25519", false, ["verify"]);
    for (const line of lines) {
      const [, of, value] = line.split(" "), all = b64(value);
      if (of !== name || all.length !== 76 || hexed(all.slice(0, 4)) !== id.toLowerCase()) continue;
      const time = new DataView(all.buffer).getBigUint64(4), said = new TextEncoder().encode(`cosignature/v1\ntime ${time}\n${text}`);
      if (await crypto.subtle.verify("Ed25519", ready, all.slice(12), said)) return true;
    }
    return false;
  };
  return (await Promise.all([...new Set(witnesses)].map(signed))).filter(Boolean).length >= quorum;
};
