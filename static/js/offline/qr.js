// A VietQR code drawn in the phone itself: the transfer's text, and its QR code (ISO/IEC 18004, bytes, correction M).
// Written from the standard; versions 1 to 10 hold up to 213 bytes, a transfer needs about 110.

// ---- the text: EMVCo objects behind the head that the server made ----

const item = (tag, value) => tag + String(value.length).padStart(2, "0") + value;
const crc16 = (text) => {
  let value = 0xFFFF;
  for (const sign of text) {
    value ^= sign.charCodeAt(0) << 8;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 0x8000 ? value << 1 ^ 0x1021 : value << 1) & 0xFFFF;
  }
  return value.toString(16).toUpperCase().padStart(4, "0");
};
export const transfer = (head, amount, code) => {
  const text = `${head}${item("54", String(amount))}5802VN${item("62", item("08", code))}6304`;
  return text + crc16(text);
};

// ---- arithmetic in GF(256) ----

const EXP = new Uint8Array(512), LOG = new Uint8Array(256);
for (let at = 0, value = 1; at < 255; at += 1) {
  EXP[at] = EXP[at + 255] = value;
  LOG[value] = at;
  value = value << 1 ^ (value & 0x80 ? 0x11D : 0);
}
const times = (one, other) => one && other ? EXP[LOG[one] + LOG[other]] : 0;
const checks = (data, count) => {
  let divisor = [1];
  for (let at = 0; at < count; at += 1) {
    const next = [...divisor, 0];
    divisor.forEach((value, place) => { next[place + 1] ^= times(value, EXP[at]); });
    divisor = next;
  }
  const rest = new Uint8Array(count);
  for (const byte of data) {
    const factor = byte ^ rest[0];
    rest.copyWithin(0, 1);
    rest[count - 1] = 0;
    for (let at = 0; at < count; at += 1) rest[at] ^= times(divisor[at + 1], factor);
  }
  return rest;
};

// For each version at correction M: check bytes a block, then [blocks, data bytes] of both kinds (table 9 of the standard).
const BLOCKS = [null, [10, 1, 16, 0, 0], [16, 1, 28, 0, 0], [26, 1, 44, 0, 0], [18, 2, 32, 0, 0], [24, 2, 43, 0, 0],
  [16, 4, 27, 0, 0], [18, 4, 31, 0, 0], [22, 2, 38, 2, 39], [22, 3, 36, 2, 37], [26, 4, 43, 1, 44]];
const MARKS = [null, [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];
const room = ([, many, of, more, each]) => many * of + more * each;

const codewords = (bytes, version) => {
  const [check, many, of, more, each] = BLOCKS[version], total = room(BLOCKS[version]);
  const bits = [];
  const put = (value, count) => { for (let at = count - 1; at >= 0; at -= 1) bits.push(value >> at & 1); };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => put(byte, 8));
  put(0, Math.min(4, total * 8 - bits.length));
  put(0, (8 - bits.length % 8) % 8);
  for (let pad = 0xEC; bits.length < total * 8; pad ^= 0xFD) put(pad, 8);
  const data = Array.from({ length: total }, (_, at) => bits.slice(at * 8, at * 8 + 8).reduce((sum, bit) => sum << 1 | bit, 0));
  const blocks = [];
  for (let number = 0, from = 0; number < many + more; number += 1) {
    const size = number < many ? of : each;
    blocks.push(data.slice(from, from += size));
  }
  const ends = blocks.map((block) => checks(block, check)), out = [];
  for (let at = 0; at < Math.max(of, each); at += 1) for (const block of blocks) if (at < block.length) out.push(block[at]);
  for (let at = 0; at < check; at += 1) for (const end of ends) out.push(end[at]);
  return out;
};

// ---- the drawing ----

const MASKS = [(x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => ((x / 3 | 0) + (y >> 1)) % 2, (x, y) => x * y % 2 + x * y % 3, (x, y) => (x * y % 2 + x * y % 3) % 2,
  (x, y) => ((x + y) % 2 + x * y % 3) % 2];

const frame = (version) => {
  const size = version * 4 + 17, dark = Array.from({ length: size }, () => new Array(size).fill(null));
  const set = (x, y, on) => { if (x >= 0 && y >= 0 && x < size && y < size) dark[y][x] = Boolean(on); };
  for (let at = 0; at < size; at += 1) { set(6, at, at % 2 === 0); set(at, 6, at % 2 === 0); }
  for (const [left, top] of [[0, 0], [size - 7, 0], [0, size - 7]]) {
    for (let y = -1; y < 8; y += 1) for (let x = -1; x < 8; x += 1) {
      const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
      set(left + x, top + y, ring !== 2 && ring !== 4);
    }
  }
  const marks = MARKS[version], last = marks.length - 1;
  marks.forEach((cx, one) => marks.forEach((cy, other) => {
    if ((one === 0 && other === 0) || (one === 0 && other === last) || (one === last && other === 0)) return;
    for (let y = -2; y < 3; y += 1) for (let x = -2; x < 3; x += 1) set(cx + x, cy + y, Math.max(Math.abs(x), Math.abs(y)) !== 1);
  }));
  return { size, dark, set };
};

const remainder = (value, count, by) => {
  let rest = value;
  for (let at = 0; at < count; at += 1) rest = rest << 1 ^ (rest >> count - 1) * by;
  return rest;
};
const sign = ({ size, set }, mask, version) => {
  const said = mask, bits = (said << 10 | remainder(said, 10, 0x537)) ^ 0x5412, bit = (at) => bits >> at & 1; // M is 00
  for (let at = 0; at < 6; at += 1) set(8, at, bit(at));
  set(8, 7, bit(6)); set(8, 8, bit(7)); set(7, 8, bit(8));
  for (let at = 9; at < 15; at += 1) set(14 - at, 8, bit(at));
  for (let at = 0; at < 8; at += 1) set(size - 1 - at, 8, bit(at));
  for (let at = 8; at < 15; at += 1) set(8, size - 15 + at, bit(at));
  set(8, size - 8, true);
  if (version < 7) return;
  const number = version << 12 | remainder(version, 12, 0x1F25);
  for (let at = 0; at < 18; at += 1) {
    const a = size - 11 + at % 3, b = at / 3 | 0;
    set(a, b, number >> at & 1);
    set(b, a, number >> at & 1);
  }
};

const fault = (dark, size) => {
  let sum = 0, on = 0;
  const runs = (cell) => {
    for (let y = 0; y < size; y += 1) {
      let run = 0, before = null;
      for (let x = 0; x < size; x += 1) {
        if (cell(x, y) === before) { run += 1; if (run === 5) sum += 3; else if (run > 5) sum += 1; } else { before = cell(x, y); run = 1; }
      }
      const row = Array.from({ length: size }, (_, x) => cell(x, y) ? "1" : "0").join("");
      sum += 40 * (row.match(/(?=10111010000|00001011101)/g) || []).length;
    }
  };
  runs((x, y) => dark[y][x]);
  runs((x, y) => dark[x][y]);
  for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) {
    on += dark[y][x];
    if (y && x && dark[y][x] === dark[y - 1][x] && dark[y][x] === dark[y][x - 1] && dark[y][x] === dark[y - 1][x - 1]) sum += 3;
  }
  return sum + 10 * Math.floor(Math.abs(on * 20 - size * size * 10) / (size * size));
};

// Rows of dark cells, without the quiet zone.
export const matrix = (text) => {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex((one, at) => one && room(one) >= bytes.length + (at < 10 ? 2 : 3));
  if (version < 0) throw new RangeError("too long for a code");
  const words = codewords(bytes, version), drawn = MASKS.map((mask, number) => {
    const made = frame(version), { size, dark } = made;
    sign(made, number, version);
    let at = 0;
    for (let right = size - 1; right > 0; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < size; step += 1) {
        const y = (right + 1 & 2) === 0 ? size - 1 - step : step;
        for (const x of [right, right - 1]) {
          if (dark[y][x] !== null) continue;
          dark[y][x] = Boolean((words[at >> 3] >> 7 - at % 8 & 1) ^ (mask(x, y) === 0));
          at += 1;
        }
      }
    }
    return { dark, sum: fault(dark, size) };
  });
  return drawn.reduce((best, one) => one.sum < best.sum ? one : best).dark;
};

// Onto a canvas, black on white with its quiet zone, whole pixels a cell.
export const draw = (canvas, text) => {
  const dark = matrix(text), cells = dark.length + 8, scale = Math.max(4, Math.floor(640 / cells)), pen = canvas.getContext("2d");
  canvas.width = canvas.height = cells * scale;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  dark.forEach((row, y) => row.forEach((on, x) => { if (on) pen.fillRect((x + 4) * scale, (y + 4) * scale, scale, scale); }));
};
