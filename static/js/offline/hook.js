// On every page of the manager's: the worker that opens pages without a line, whose phone this is, and how much waits.
// Small, because every page pays for it; the rest is fetched only when something waits or somebody new signed in.
const who = document.querySelector("meta[name=phone-person]")?.content;

const start = async () => {
  const { lock, me, passport, refreshOrders, showWaiting, works } = await import("./store.js");
  if (!works) return;
  const mine = await me();
  if (mine && mine.who !== who) await lock();
  const number = showWaiting();
  if (mine?.who !== who) await passport();
  if (mine?.who === who && mine.orders && location.pathname === "/manage") await refreshOrders();
  const form = document.querySelector("form[data-keep]"), asked = location.search.includes("draft=");
  if (sessionStorage.getItem("chophien-sent")) await (await import("./begun.js")).settle(form);
  if (form) {
    const begin = async (typing) => (await import("./begun.js")).begun(form, typing);
    if (asked) await begin(false); else form.addEventListener("input", () => begin(true), { once: true });
  }
  if (await number) (await import("./send.js")).keepSending();
};
// A line that dies here is no harm: the next page tries again.
if (who) start().catch((error) => console.debug(error));

navigator.serviceWorker?.register("/sw.js").catch((error) => console.debug(error));
