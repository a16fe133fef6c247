// Photos open large over the page, and a clip plays in its place once it is tapped. Without this both are plain links.
"use strict";
(() => {
  for (const box of document.querySelectorAll("[data-gallery]")) {
    const links = [...box.querySelectorAll("a[data-large]")];
    if (!links.length || typeof HTMLDialogElement !== "function") continue;
    const viewer = document.createElement("dialog"), shown = document.createElement("img"), told = document.createElement("p"), row = document.createElement("p");
    let at = 0;
    viewer.className = "viewer";
    viewer.setAttribute("aria-label", box.dataset.gallery);
    row.className = "row";
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn";
      made.textContent = text;
      made.addEventListener("click", act);
      row.append(made);
    };
    const show = (place) => {
      at = (place + links.length) % links.length;
      const small = links[at].querySelector("img");
      shown.src = links[at].href;
      shown.alt = small.alt;
      told.textContent = `${at + 1}/${links.length}. ${small.alt}`;
    };
    if (links.length > 1) button(box.dataset.before, () => show(at - 1));
    button(box.dataset.close, () => viewer.close());
    if (links.length > 1) button(box.dataset.next, () => show(at + 1));
    told.setAttribute("aria-live", "polite");
    viewer.append(shown, told, row);
    viewer.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") show(at - 1);
      if (event.key === "ArrowRight") show(at + 1);
    });
    links.forEach((link, place) => link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      if (!viewer.isConnected) document.body.append(viewer);
      show(place);
      viewer.showModal();
    }));
  }
  for (const box of document.querySelectorAll("[data-clip][data-frame]")) {
    box.querySelector("a").addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const frame = document.createElement("iframe");
      frame.className = "tall" in box.dataset ? "film tall" : "film";
      frame.title = box.dataset.title;
      frame.allow = "autoplay; fullscreen; encrypted-media";
      frame.referrerPolicy = "strict-origin-when-cross-origin"; // YouTube plays nothing for a page without a name
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation");
      frame.src = box.dataset.frame;
      (box.querySelector("[data-still]") || event.currentTarget).replaceWith(frame);
      frame.focus();
    });
  }
})();
