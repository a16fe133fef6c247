// Checks a label's serial: base 32 of the first 80 bits of SHA-256(history, salt, counter), where the history is the
// RFC 6962 root over the first leaves of the lot's events. proof.js calls it; docs/guide/log.md.
const labelled = async ({ label, events }, sha, leaf) => {
  const tree = async (leaves) => {
    let half = 1;
    while (2 * half < leaves.length) half *= 2;
    return leaves.length === 1 ? leaves[0]
      : sha(Uint8Array.of(1), await tree(leaves.slice(0, half)), await tree(leaves.slice(half)));
  };
  const count = label.leaf_count, counter = new Uint8Array(8);
  if (!(count > 0 && count <= events.length)) return false;
  new DataView(counter.buffer).setBigUint64(0, BigInt(label.counter));
  const salt = Uint8Array.from(label.salt.match(/../g), (pair) => parseInt(pair, 16));
  const history = await tree(await Promise.all(events.slice(0, count).map((one) => leaf(one))));
  const bits = [...await sha(history, salt, counter)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const letters = bits.slice(0, 80).match(/.{5}/g).map((five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[parseInt(five, 2)]);
  return letters.join("") === label.serial;
};
