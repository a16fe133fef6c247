// Visits, form C and the village meeting: plain forms. What is typed is sealed at once; what goes out is made when it
// is put away, and checked here first, so that nobody has to come back to a village for a number.
import { photos as stored } from "../offline/store.js";
import { copy, fill, find, hour, say, show, typed } from "../offline/ui.js";

export const formOf = (kind) => find(`form[data-form="${kind}"]`);
const said = (form, name) => (form.elements[name]?.value ?? "").trim();
const whole = (text) => /^\d{1,4}$/.test(text) ? Number(text) : null;
const className = (code) => find(`form[data-form="visit"] input[value="${CSS.escape(code)}"]`)?.closest("label").textContent.trim();
const byScore = (row) => row?.score ? say(row.is_demo ? "by-demo" : "by-score", className(row.score)) : "";
const small = async (file) => {
  try { return await (await import("../shrink.js")).shrink(file); } catch { return file; }
};

// Households that the meeting may vote on: those that waited for it, and those visited with this phone since.
export const toMeet = (list, mine) => list.rows.flatMap((row) => {
  const visit = mine.find((one) => one.mark === `visit:${row.case}` && one.state !== "writing");
  if (!row.meets && !visit) return [];
  return [{ ...row, base: visit ? "" : row.base_a, put: visit?.typed?.chosen || row.chosen }];
});

const drawVotes = (form, rows) => {
  find("[data-votes]", form).replaceChildren(...rows.map((row, place) => {
    const part = copy("vote"), score = find("[data-by-score]", part);
    find("[data-head]", part).textContent = `${place + 1}. ${row.head}`;
    score.textContent = byScore(row);
    part.querySelectorAll("input, textarea").forEach((field) => {
      if (field.type === "radio") field.checked = field.value === row.put;
      field.name = `${row.case}.${field.name}`;
    });
    return part;
  }));
};

// What is not right with a meeting, in words, and the field it is about; its votes otherwise.
const votesOf = (form, rows, listed) => {
  const present = whole(said(form, "present"));
  for (const name of ["held_on", "led_by", "written_by"]) if (said(form, name).length < 2) return [say("meeting-who"), name];
  if (present === null || present > listed) return [say("meeting-present", listed), "present"];
  const votes = [];
  for (const [place, row] of rows.entries()) {
    const of = (name) => said(form, `${row.case}.${name}`), yes = whole(of("yes") || "0"), no = whole(of("no") || "0");
    const fault = (word, name, n = place + 1) => [say(word, n), `${row.case}.${name}`];
    if (!of("yes") && !of("no")) continue;
    if (present * 2 < listed) return fault("meeting-few", "yes");
    if (yes === null || no === null || yes + no < 1 || yes + no > present) return fault("vote-hands", "yes");
    if (no && !of("dissent")) return fault("vote-dissent", "dissent");
    if (!of("chosen")) return fault("vote-class", "yes");
    if (yes > no && row.score && of("chosen") !== row.score && !of("note")) return fault("vote-reason", "note");
    votes.push({ case: row.case, base: row.base, chosen: of("chosen"), yes, no, dissent: of("dissent"), note: of("note") });
  }
  return votes;
};

const checked = (form, kind, rows, listed) => {
  const fields = typed(form);
  if (kind === "visit") return !said(form, "note") ? [say("visit-note"), "note"] : !fields.chosen ? [say("visit-class"), "chosen"] : fields;
  if (kind === "traits") return fields.disability ? { causes: "", ...fields } : [say("traits-pick"), "disability"];
  const votes = votesOf(form, rows, listed);
  if (typeof votes[0] === "string") return votes;
  const own = Object.fromEntries(Object.entries(fields).filter(([name]) => !name.includes(".")));
  return { ...own, listed: String(listed), votes: JSON.stringify(votes) };
};

// Open a form for a draft. put(change, photos) seals what is so far; away(fields, photos, change) puts it in the line.
export const openForm = async (draft, list, mine, { put, away }) => {
  const { kind } = draft.fields, form = formOf(kind), rows = kind === "meeting" ? toMeet(list, mine) : [];
  const row = list.rows.find((one) => one.case === draft.fields.case), wrong = find("[data-case-wrong]", form);
  const listed = Math.max(list.to_meet + rows.filter((one) => !one.meets).length, rows.length);
  let shots = await stored(draft.id), later = 0, turn = Promise.resolve();
  form.reset();
  show(wrong, "");
  if (kind === "meeting") {
    drawVotes(form, rows);
    find("[data-listed]", form).textContent = say("meeting-listed", listed);
    form.elements.held_on.value = new Date().toLocaleDateString("sv");
  }
  if (kind === "visit") find("[data-by-score]", form).textContent = byScore(row);
  fill(form, draft.typed || {});
  const shotsKept = find("[data-shots-kept]", form);
  const count = () => { if (shotsKept) show(shotsKept, shots.length ? say("shots", shots.length) : ""); };
  const save = (photos) => turn = turn.then(async () => {
    if (await put({ state: "writing", typed: typed(form) }, photos)) find("[data-case-saved]", form).textContent = `${say("kept")} ${hour(Date.now())}`;
  });
  count();
  form.oninput = () => { show(wrong, ""); clearTimeout(later); later = setTimeout(save, 600); };
  const file = find("[data-shots]", form);
  if (file) file.onchange = async () => {
    const [taken] = file.files;
    if (!taken) return;
    const shot = Object.assign(await small(taken), { key: crypto.randomUUID() });
    shots = kind === "meeting" ? [shot] : [...shots, shot].slice(-6);
    file.value = "";
    await save(shots);
    count();
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(later);
    const answers = checked(form, kind, rows, listed);
    if (Array.isArray(answers)) {
      const [text, name] = answers, field = form.elements[name];
      show(wrong, text);
      (field?.focus ? field : field?.[0])?.focus();
      return;
    }
    show(wrong, "");
    await turn;
    const after = kind === "meeting" ? mine.filter((one) => one.state === "waiting").map((one) => one.id) : [];
    await away({ answers: JSON.stringify(answers) }, undefined, { typed: typed(form), done: Date.now(), after });
  };
  form.hidden = false;
  find("h2", form).focus();
};
