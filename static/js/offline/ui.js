// Words and small parts of the pages that a phone keeps. Words stand in the page, in its language.
// Each kind of kept page has its own worker: a cooperative's, and those of declaring.
const [worker, scope] = location.pathname.startsWith("/manage") ? ["/sw.js", "/"] : ["/declare/offline/worker.js", "/declare"];
navigator.serviceWorker?.register(worker, { scope }).catch((error) => console.debug(error));

const words = document.querySelector("template[data-words]")?.content;
export const english = document.documentElement.lang === "en";
export const say = (name, n = "") => {
  const found = words?.querySelector(`[data-word="${name}"]`);
  return found ? found.textContent.replace("{n}", n) : name;
};
export const find = (query, from = document) => from.querySelector(query);
export const copy = (name) => find(`template[data-${name}]`).content.cloneNode(true);
export const show = (element, text) => {
  if (!element) return;
  if (text !== undefined) (find("p, span", element) || element).textContent = text;
  element.hidden = text === "" || text === null;
};
export const hour = (instant) => new Date(instant).toLocaleString(english ? "en" : "vi",
  { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit" });
export const number = (n) => n.toLocaleString(english ? "en" : "vi");
export const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
export const own = (path) => english ? path + (path.includes("?") ? "&" : "?") + "hl=en" : path;

// What was refused, beside its field and in a list at the top; the eye goes to the list.
export const faults = (form, errors, message = "") => {
  const box = find("[data-faults]"), list = find("ul", box);
  form.querySelectorAll(".err.here").forEach((line) => line.remove());
  form.querySelectorAll(".field.bad").forEach((field) => field.classList.remove("bad"));
  list.replaceChildren();
  const entries = Object.entries(errors).flatMap(([name, texts]) => texts.map((text) => [name, text]));
  if (message) entries.unshift(["", message]);
  for (const [name, text] of entries) {
    const field = name && find(`[data-field="${name}"], [name="${name}"]`, form);
    const place = field && (field.closest(".field") || field);
    const line = document.createElement("li");
    if (place) {
      const link = document.createElement("a"), beside = document.createElement("p");
      const target = find("input, select, textarea", place) || place;
      target.id ||= `f-${name}`;
      link.href = `#${target.id}`;
      link.textContent = text;
      line.append(link);
      beside.className = "err here";
      beside.append(copy("warning"), text);
      place.classList.add("bad");
      const legend = find("legend, label", place);
      if (legend) legend.after(beside); else place.prepend(beside);
    } else { line.className = "err"; line.textContent = text; }
    list.append(line);
  }
  box.hidden = !entries.length;
  if (!entries.length) return;
  find("h2", box).textContent = say("fix", entries.length);
  box.focus();
};

// What stands in a form, and back again; ticks of one name a line each. Files and hidden fields were not typed.
export const typed = (form) => {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    const [field] = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
    if (typeof value !== "string" || field.type === "hidden") continue;
    fields[name] = field.type === "checkbox" && name in fields ? `${fields[name]}\n${value}` : value;
  }
  return fields;
};
export const fill = (form, fields) => {
  for (const [name, value] of Object.entries(fields || {})) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = value.split("\n").includes(field.value);
      else if (field.type !== "file") field.value = value;
    }
  }
};
