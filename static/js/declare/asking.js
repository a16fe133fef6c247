// One question a page: shows it, takes the answer, tells it at each step. The same for a family and for an officer.
import { copy, find, say, show } from "../offline/ui.js";

const numberOf = (section) => find("input[data-number]", section);
const chosen = (section) => find("input[type=radio]:checked", section)?.value || "";

export class Asking {
  // answers: question → answer so far; kept(answers) hears of each; finished() when nothing is left.
  constructor(box, answers, kept, finished) {
    Object.assign(this, { box, answers: { ...answers }, kept, finished });
    this.sections = [...box.querySelectorAll("[data-question]")];
    this.sections.forEach((section) => this.fill(section));
    this.nextButton = find("[data-next]", box);
    this.beforeButton = find("[data-before]", box);
    this.nextButton.onclick = () => this.next();
    this.beforeButton.onclick = () => this.go(this.at - 1);
    this.listen();
    box.onkeydown = (event) => { if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); this.next(); } };
  }

  // A question is read aloud where the phone has a voice for it; how, is fetched when somebody first asks to hear one.
  listen() {
    const speech = window.speechSynthesis, wanted = document.documentElement.lang;
    const ready = () => {
      if (!speech.getVoices().some((one) => one.lang.toLowerCase().startsWith(wanted))) return;
      this.box.querySelectorAll("[data-say]").forEach((button) => { button.hidden = false; });
    };
    const first = async (event) => {
      const button = event.target.closest("[data-say]");
      if (!button) return;
      this.box.removeEventListener("click", first);
      await import("../speech.js");
      button.click();
    };
    if (!speech || this.box.dataset.hears) return;
    this.box.dataset.hears = "once";
    this.box.addEventListener("click", first);
    speech.addEventListener?.("voiceschanged", ready);
    ready();
  }

  id(section) { return section.dataset.question; }

  fill(section) {
    const given = this.answers[this.id(section)] ?? "", number = numberOf(section);
    section.querySelectorAll("input[type=radio]").forEach((one) => { one.checked = one.value === given; });
    if (number) number.value = /^\d+$/.test(given) ? given : "";
    if (number) number.oninput = () => section.querySelectorAll("input[type=radio]").forEach((one) => { one.checked = false; });
  }

  given(section) {
    const number = numberOf(section), typed = number?.value.trim() || "";
    if (!typed) return chosen(section);
    const n = Number(typed);
    return /^\d+$/.test(typed) && n >= Number(number.min) && n <= Number(number.max) ? String(n) : null;
  }

  begin() {
    const left = this.sections.findIndex((section) => !this.answers[this.id(section)]);
    if (left < 0) this.end(); else this.go(left);
  }

  go(at) {
    this.at = Math.max(0, at);
    this.box.hidden = false;
    this.sections.forEach((section, place) => { section.hidden = place !== this.at; });
    find("[data-at]", this.box).textContent = say("question-at", this.at + 1);
    find("progress", this.box).value = this.at + 1;
    this.beforeButton.hidden = this.at === 0;
    show(find("[data-asking-wrong]", this.box), "");
    const title = find("h2", this.sections[this.at]);
    title.focus();
    scrollTo(0, 0);
  }

  async next() {
    const section = this.sections[this.at], given = this.given(section), number = numberOf(section);
    if (!given) {
      const words = given === null || number ? `${say("number")} ${number.min}–${number.max}` : say("pick");
      show(find("[data-asking-wrong]", this.box), words);
      return;
    }
    this.answers[this.id(section)] = given;
    if (!await this.kept(this.answers)) return;
    const left = this.sections.findIndex((one, place) => place > this.at && !this.answers[this.id(one)]);
    if (left >= 0 && !this.changing) this.go(left); else this.end();
  }

  // Everything said, each to be changed.
  end() {
    this.changing = false;
    this.box.hidden = true;
    const rows = this.sections.map((section, place) => {
      const row = copy("said"), given = this.answers[this.id(section)] ?? "";
      const label = find(`input[value="${CSS.escape(given)}"]`, section)?.closest("label");
      find("[data-what]", row).textContent = find("h2", section).textContent;
      find("[data-words]", row).textContent = label ? label.textContent.trim() : `${given} ${numberOf(section)?.dataset.number || ""}`;
      const change = find("button", row);
      find(".sr", change).textContent = ` ${find("h2", section).textContent}`;
      change.addEventListener("click", () => { this.changing = true; this.finished(false); this.go(place); });
      return row;
    });
    find("[data-said-list]").replaceChildren(...rows);
    this.finished(true);
  }
}
