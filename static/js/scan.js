// Fields that take a code: [data-scan]. The phone reads it through its camera where the browser knows how; else a photograph
// goes to the server; else it is typed, which always works. [data-scan-send]: the form goes off with the code.
(() => {
  const words = document.getElementById("scan-words").dataset;
  const make = (name, more) => Object.assign(document.createElement(name), more);
  const button = (text) => make("button", { type: "button", className: "btn quiet wide", textContent: text });

  const filled = (field, code) => {
    field.value = code;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if ("scanSend" in field.dataset) field.form.requestSubmit();
    else field.focus();
  };

  function live(field, box, told, otherwise) {
    const open = button(words.open);
    let stream = null, video = null;
    const stop = () => {
      if (stream) for (const track of stream.getTracks()) track.stop();
      if (video) video.remove();
      stream = video = null;
      open.textContent = words.open;
      told.textContent = "";
    };
    open.onclick = async () => {
      if (stream) { stop(); return; }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch { told.textContent = words.refused; otherwise(); return; }
      video = make("video", { muted: true, playsInline: true, srcObject: stream, width: 320 });
      box.prepend(video);
      open.textContent = words.stop;
      told.textContent = words.look;
      await video.play();
      const detector = new BarcodeDetector();
      const look = async () => {
        if (!stream) return;
        let found = [];
        try { found = await detector.detect(video); } catch { /* no frame yet */ }
        const code = found.map((one) => one.rawValue).sort((a, b) => b.length - a.length)[0];
        if (code && stream) { stop(); filled(field, code); } else setTimeout(look, 200);
      };
      look();
    };
    addEventListener("pagehide", stop);
    box.append(open);
  }

  function photograph(field, box, told) {
    if (sending.has(field.form) || box.querySelector("input")) return;
    const input = make("input", { type: "file", accept: "image/*", className: "sr", tabIndex: -1 });
    input.setAttribute("capture", "environment");
    input.setAttribute("aria-label", words.photo);
    const take = button(words.photo);
    take.onclick = () => input.click();
    input.onchange = async () => {
      if (!input.files.length) return;
      told.textContent = words.reading;
      const sent = new FormData();
      sent.append("csrf_token", field.form.elements.csrf_token.value);
      sent.append("photo", input.files[0]);
      input.value = "";
      try {
        const answer = await (await fetch(words.read, { method: "POST", body: sent, headers: { Accept: "application/json" } })).json();
        told.textContent = answer.message || "";
        if (answer.code) filled(field, answer.code);
      } catch { told.textContent = words.failed; }
    };
    box.append(take, input);
  }

  // Some browsers have the detector and no format that it reads.
  const camera = "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia
    ? BarcodeDetector.getSupportedFormats().then((all) => all.length > 0, () => false) : Promise.resolve(false);
  const sending = new Set([...document.querySelectorAll("input[type=file]")].map((one) => one.form)); // these take a photo already
  camera.then((able) => { for (const field of document.querySelectorAll("[data-scan]")) {
    const box = make("div", { className: "stack-s" }), told = make("p", { className: "hint" });
    told.setAttribute("role", "status");
    const still = () => photograph(field, box, told);
    if (able) live(field, box, told, still);
    else still();
    box.append(told);
    field.after(box);
  } });
})();
