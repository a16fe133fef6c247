// The product form that the server draws, while it is being filled in: its text is kept in the phone and, whenever there
// is a line, on the server, so that a dead line, tab or phone loses nothing. Photos have their own page.
import { draft as one, drop, keep, photos } from "./store.js";
import { dropText, fetchText } from "./send.js";
import { Keeper } from "./writing.js";
import { fill, own, typed } from "./ui.js";

const SENT = "chophien-sent";
// What the form without a line calls its one pack.
const PACK = { net_quantity: "pack0_net_quantity", price_vnd: "pack0_price_vnd" };

// What was handed in on the page before is on the server now, unless this page is that form again, with its faults.
export const settle = async (form) => {
  const key = sessionStorage.getItem(SENT);
  if (!key) return;
  sessionStorage.removeItem(SENT);
  if (form?.elements.key?.value === key) return;
  await drop(key);
  await dropText(key);
};

const takenUp = async (form) => {
  const wanted = new URLSearchParams(location.search).get("draft");
  if (!wanted) return null;
  const here = await one(wanted);
  if (form.elements.key.value === wanted) return here; // came back with faults: what was sent stands in it already
  if (here && (await photos(wanted)).length) { location.replace(own(`/manage/offline/product?draft=${wanted}`)); return null; }
  const draft = here || await fetchText(wanted);
  if (!draft) return null;
  const fields = { ...draft.fields };
  for (const [few, many] of Object.entries(PACK)) fields[many] ||= fields[few] || "";
  fill(form, fields);
  form.elements.key.value = wanted;
  if (here && here.state !== "writing") await keep({ ...here, state: "writing" });
  form.dispatchEvent(new Event("input", { bubbles: true }));
  return here;
};

// typing: whether the first words stand in the form already.
export const begun = async (form, typing) => {
  const here = await takenUp(form);
  const read = () => {
    const fields = typed(form);
    for (const [few, many] of Object.entries(PACK)) fields[few] = fields[many] || "";
    const unit = fields.pack0_net_unit;
    if (/^[\d.,]+$/.test(fields.net_quantity)) fields.net_quantity += unit === "piece" ? " cái" : ` ${unit}`;
    return { fields, title: (fields.name || "").trim(), detail: "" };
  };
  const fresh = { id: form.elements.key.value, form: "product", state: "writing", at: Date.now(), fields: {} };
  const keeper = new Keeper(here ? { ...here, state: "writing" } : fresh, read);
  form.addEventListener("input", (event) => { if (event.isTrusted && event.target.type !== "file") keeper.touched(); });
  if (typing) keeper.touched();
  form.addEventListener("submit", () => {
    sessionStorage.setItem(SENT, keeper.draft.id);
    keeper.now();
  });
};
