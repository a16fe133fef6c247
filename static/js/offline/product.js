// The product form that opens without a line.
import { me, photos as storedPhotos, showWaiting, whose, works } from "./store.js";
import { begin, fresh, Keeper } from "./writing.js";
import { faults, fill, find, hour, own, say, show, typed } from "./ui.js";

const form = find("form"), shots = find("[data-shots]");
let blobs = [], shrinking = Promise.resolve();

const small = async (file) => {
  try { return await (await import("../shrink.js")).shrink(file); } catch { return file; }
};

const drawShots = (changed) => {
  shots.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  shots.replaceChildren(...blobs.map((blob, place) => {
    const row = document.createElement("li"), image = document.createElement("img"), away = document.createElement("button");
    image.className = "pic";
    image.alt = "";
    image.src = URL.createObjectURL(blob);
    away.type = "button";
    away.className = "btn quiet wide";
    away.textContent = say("remove", place + 1);
    away.addEventListener("click", () => { blobs = blobs.filter((other) => other !== blob); changed(); });
    row.append(image, away);
    return row;
  }));
};

const read = () => {
  const fields = typed(form);
  const detail = fields.price_vnd ? `${fields.price_vnd} đ` : "";
  return { fields, title: fields.name.trim(), detail };
};

const start = async () => {
  if (!works) { show(find("[data-said]"), say("old")); return; }
  await whose();
  showWaiting();
  if (!await me()) { show(find("[data-said]"), say("nobody")); find("[data-enter]").hidden = false; return; }
  const draft = await begin("product") || fresh("product");
  fill(form, draft.fields);
  blobs = await storedPhotos(draft.id);
  const keeper = new Keeper(draft, read, (safe) => {
    find("[data-saved]").textContent = safe ? `${say("kept")} ${hour(Date.now())}` : "";
    show(find("[data-said]"), safe ? "" : say("full"));
  });
  const changed = () => { drawShots(changed); return keeper.now({}, blobs); };
  drawShots(changed);
  form.hidden = false;
  find("[data-took]").hidden = !draft.title;
  if (draft.message || Object.keys(draft.errors || {}).length) faults(form, draft.errors || {}, draft.message);
  form.addEventListener("input", (event) => { if (event.target.type !== "file") keeper.touched(); });
  const take = async (chosen) => {
    for (const file of chosen) blobs.push(Object.assign(await small(file), { key: crypto.randomUUID() }));
    await changed();
  };
  form.querySelectorAll("[data-photos]").forEach((field) => field.addEventListener("change", () => {
    const chosen = [...field.files];
    field.value = "";
    shrinking = shrinking.then(() => take(chosen));
  }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (!read().title) { faults(form, { name: [say("name-it")] }); return; }
    await shrinking;
    if (await keeper.finish()) location.href = own("/manage/offline/day");
  });
};
start();
