// The page of a product's photos: each one is made small, looked at, and sent by itself under its own key, with its
// progress; what fails is tried again, and nothing else on the page is lost. Without this the form sends them together.
const page = document.querySelector("[data-sender]");
const list = document.getElementById("sending");
const row = document.getElementById("sending-row");
const words = document.getElementById("sending-words").dataset;
const tools = () => import(page.dataset.shrink); // fetched with the first photo
const waiting = [];
let busy = false;

for (const one of document.querySelectorAll("[data-scriptless]")) one.hidden = true;

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function faultsOf(look) {
  const found = [];
  if (look.brightness < Number(page.dataset.dark)) found.push(words.faultDark);
  if (look.sharpness < Number(page.dataset.blurred)) found.push(words.faultBlurred);
  if (Math.min(look.width, look.height) < Number(page.dataset.small)) found.push(words.faultSmall);
  return found;
}

class Job {
  constructor(form, field, file) {
    this.form = form;
    this.name = field.name;
    this.file = file;
    this.key = newKey();
    this.tries = 0;
    this.box = row.content.firstElementChild.cloneNode(true);
    this.part("[data-name]").textContent = (form.dataset.replaces ? `${form.dataset.replaces}: ` : "") + file.name;
    this.box.addEventListener("click", (event) => this.pressed(event.target.closest("[data-do]")?.dataset.do));
    list.append(this.box);
    list.hidden = false;
  }

  part(query) { return this.box.querySelector(query); }

  say(state, trouble = "", buttons = []) {
    this.part("[data-state]").textContent = state;
    const told = this.part("[data-trouble]");
    told.textContent = trouble;
    told.hidden = !trouble;
    this.part("progress").hidden = state !== words.sending;
    for (const button of this.box.querySelectorAll("[data-do]")) button.hidden = !buttons.includes(button.dataset.do);
  }

  pressed(what) {
    if (what === "drop") this.leave();
    else if (what) { clearTimeout(this.timer); this.queue(); }
  }

  leave() {
    clearTimeout(this.timer);
    this.box.remove();
    if (waiting.includes(this)) waiting.splice(waiting.indexOf(this), 1);
    list.hidden = !list.children.length;
  }

  async prepare() {
    this.say(words.preparing);
    this.blob = this.file;
    let faults = [];
    try {
      const look = await (await tools()).develop(this.file);
      this.blob = look.blob;
      faults = faultsOf(look);
    } catch { /* this browser cannot open it: it goes as it is, and the worker says what is wrong */ }
    if (faults.length) this.say("", faults.join(" "), ["anyway", "drop"]);
    else this.queue();
  }

  queue() {
    this.say(words.waiting);
    waiting.push(this);
    next();
  }

  async send() {
    this.say(words.sending);
    const { named } = await tools().catch(() => ({ named: (file) => file.name }));
    const form = new FormData(), call = new XMLHttpRequest();
    form.append("csrf_token", this.form.elements.csrf_token.value);
    form.append("key", this.key);
    form.append(this.name, this.blob, named(this.file, this.blob));
    call.open("POST", this.form.action);
    call.setRequestHeader("Accept", "application/json");
    call.timeout = 180000;
    call.upload.onprogress = (event) => { if (event.lengthComputable) this.part("progress").value = 100 * event.loaded / event.total; };
    return new Promise((done) => {
      call.onload = () => { this.answered(call); done(); };
      call.onerror = call.ontimeout = call.onabort = () => { this.later(); done(); };
      call.send(form);
    });
  }

  answered(call) {
    let said = null;
    try { said = JSON.parse(call.responseText); } catch { /* a page, not an answer */ }
    if (call.status === 201 && said) { this.say(words.sent); setTimeout(() => this.leave(), 1500); refresh(); }
    else if (said && call.status < 500 && call.status !== 429) {
      this.say("", `${said.message} ${said.remedy}`.trim() || words.refused, ["drop"]);
    } else if (call.status >= 500 || call.status === 429) this.later();
    else this.say("", words.signin, ["now", "drop"]);
  }

  later() {
    this.tries += 1;
    this.part("progress").value = 0;
    this.say("", words.lost, ["now", "drop"]);
    this.timer = setTimeout(() => this.queue(), Math.min(60000, 2000 * 2 ** this.tries));
  }
}

async function next() {
  if (busy) return;
  busy = true;
  while (waiting.length) await waiting.shift().send();
  busy = false;
}

// What the server knows by now takes the place of what stands here, except where somebody is typing.
let asked = 0, timer = 0;
const typed = (part) => [...part.querySelectorAll("input[type=text], input:not([type]), select, details[open]")].some(
  (one) => (one.matches("details") ? one.open : one.matches("select") ? ![...one.options].some((o) => o.selected && o.defaultSelected) && one.selectedIndex > 0 : one.value !== one.defaultValue));

async function refresh() {
  clearTimeout(timer);
  try {
    const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
    if (answer.ok && !answer.redirected) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-fresh]")) {
        const newer = fresh.getElementById(part.id);
        if (newer && !typed(part) && !part.contains(document.activeElement)) {
          part.replaceWith(document.adoptNode(newer));
          for (const one of newer.querySelectorAll("[data-scriptless]")) one.hidden = true;
        }
      }
    }
  } catch { /* asked again below */ }
  asked += 1;
  if (document.querySelector("[data-fresh][data-pending]") && asked < 100) timer = setTimeout(refresh, 3000);
}

document.addEventListener("change", async (event) => {
  const field = event.target, form = field.closest("form[data-send]");
  if (!form || field.type !== "file") return;
  const jobs = [...field.files].map((file) => new Job(form, field, file));
  field.value = "";
  for (const job of jobs) await job.prepare();
});
addEventListener("beforeunload", (event) => { if (list.children.length) event.preventDefault(); });
if (document.querySelector("[data-pending]")) timer = setTimeout(refresh, 3000);
