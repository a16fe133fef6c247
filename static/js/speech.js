// Reads a sum aloud where the phone has a voice for the page's language; the words stand beside it anyway.
"use strict";
(() => {
  const speech = window.speechSynthesis, wanted = document.documentElement.lang || "vi";
  if (!speech || !window.SpeechSynthesisUtterance) return;
  const buttons = document.querySelectorAll("[data-say]");
  const voice = () => speech.getVoices().find((one) => one.lang.toLowerCase().startsWith(wanted));
  const show = () => { if (voice()) buttons.forEach((button) => { button.hidden = false; }); };
  buttons.forEach((button) => button.addEventListener("click", () => {
    const said = new SpeechSynthesisUtterance(button.dataset.say);
    said.voice = voice() || null;
    said.lang = said.voice ? said.voice.lang : wanted;
    said.rate = 0.9;
    speech.cancel();
    speech.speak(said);
  }));
  show();
  speech.addEventListener?.("voiceschanged", show);
})();
