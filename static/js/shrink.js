// A photo made small in the phone: upright, at most 300 KB, and only pixels, so that position and all else the camera
// wrote about it never leave. What the browser cannot open (HEIC on most) goes as it is, and the server does the same.
const MOST = 300 * 1024, EDGES = [1600, 1280, 960], QUALITIES = [0.82, 0.7, 0.55];

const blobOf = (canvas, type, quality) => new Promise((done) => canvas.toBlob(done, type, quality));

/** The picture upright, by whichever way this browser knows. */
async function open(file) {
  if (typeof createImageBitmap === "function") {
    try { return await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { /* the older way below */ }
  }
  const image = new Image(), address = URL.createObjectURL(file);
  try {
    image.src = address;
    await image.decode();
    return image;
  } finally { URL.revokeObjectURL(address); }
}

/** The picture on a canvas on white, its longer side (or its width) at most `edge`. */
function draw(picture, edge, across) {
  const width = picture.naturalWidth || picture.width, height = picture.naturalHeight || picture.height;
  const scale = Math.min(1, edge / (across ? width : Math.max(width, height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const brush = canvas.getContext("2d", { willReadFrequently: Boolean(across) });
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function encode(picture) {
  let best = null;
  for (const edge of EDGES) {
    const canvas = draw(picture, edge);
    for (const quality of QUALITIES) {
      let blob = await blobOf(canvas, "image/webp", quality);
      if (!blob || blob.type !== "image/webp") blob = await blobOf(canvas, "image/jpeg", quality);
      if (!blob) continue;
      if (!best || blob.size < best.size) best = blob;
      if (blob.size <= MOST) return blob;
    }
  }
  if (!best) throw new Error("nothing came out");
  return best;
}

/** Brightness and sharpness as catalog/photos/measures.py has them: 640 px wide, the sharpest of nine parts. */
function measure(picture) {
  const canvas = draw(picture, 640, true), { width, height } = canvas;
  const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const grey = new Float32Array(width * height);
  let sum = 0;
  for (let at = 0; at < grey.length; at += 1) {
    grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
    sum += grey[at];
  }
  const wide = Math.floor((width - 2) / 3), high = Math.floor((height - 2) / 3);
  let sharpest = 0;
  for (let part = 0; part < 9 && wide > 0 && high > 0; part += 1) {
    let total = 0, squares = 0;
    const left = 1 + (part % 3) * wide, top = 1 + Math.floor(part / 3) * high;
    for (let y = top; y < top + high; y += 1) {
      for (let x = left; x < left + wide; x += 1) {
        const at = y * width + x;
        const edge = Math.max(-128, Math.min(127, grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * grey[at]));
        total += edge;
        squares += edge * edge;
      }
    }
    const count = wide * high;
    sharpest = Math.max(sharpest, squares / count - (total / count) ** 2);
  }
  return { brightness: sum / grey.length, sharpness: sharpest };
}

/** A small photo and what was measured on it. Rejects where the browser cannot open the file. */
export async function develop(file) {
  const picture = await open(file);
  try {
    const width = picture.naturalWidth || picture.width, height = picture.naturalHeight || picture.height;
    return { blob: await encode(picture), width, height, ...measure(picture) };
  } finally { if (picture.close) picture.close(); }
}

/** A small photo without anything but pixels; the file itself where the browser cannot open it. */
export async function shrink(file) {
  try { return (await develop(file)).blob; } catch { return file; }
}

/** A file's name with the ending of what it has become. */
export const named = (file, blob) => blob === file ? file.name : file.name.replace(/\.\w+$/, "") + (blob.type === "image/webp" ? ".webp" : ".jpg");
