// On pages of declaring and reviewing: the worker that opens them without a line, whose phone this is, and a sealed copy
// of the household's own answers so far, so that a line that dies in the middle loses nothing.
const who = document.querySelector("meta[name=phone-person]")?.content;
const officer = location.pathname.startsWith("/registry");

const start = async () => {
  const { ask, body, enter, keepCopy, lock, me, passport, works } = await import("../offline/store.js");
  if (!works) return;
  enter("/declare/offline/token");
  const mine = await me();
  if (mine && mine.who !== who) await lock();
  if (mine?.who !== who || officer) await passport();
  if (!officer) await keepCopy(await body(await ask("/declare/offline/mine")));
};
// A line that dies here is no harm: the next page tries again.
if (who) start().catch((error) => console.debug(error));

const keep = (scope) => navigator.serviceWorker?.register("/declare/offline/worker.js", { scope })
  .catch((error) => console.debug(error));
keep(officer ? "/registry" : "/declare");
if (officer) keep("/declare");
