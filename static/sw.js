// Chợ Phiên, beside the page: keeps a few pages that say nothing about anybody, and opens them where there is no line.
// It never keeps an answer of the server at run time, so nothing of a signed-in page can stay in it.
"use strict";
const NAME = "chophien-VERSION";
const KEPT = /*KEPT*/[];
const SHELLS = { "/manage": "day", "/manage/products/new": "product", "/manage/slips/new": "slip", "/manage/stalls": "stall" };
const PATIENCE_MS = 10000; // for pages whose work a shell does as well; others, such as long exports, may take their time

const kept = (address) => caches.match(address, { ignoreVary: true });

addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  await cache.addAll(KEPT.map((address) => new Request(address, { credentials: "omit", cache: "no-cache" })));
  await skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("chophien-") && name !== NAME) await caches.delete(name);
  await clients.claim();
})()));

// A page of the manager's: from the line if it answers in time, else the shell that does the same work.
const page = async (request, path, search) => {
  const language = new URLSearchParams(search).get("hl") === "en" ? "?hl=en" : "";
  const own = path.startsWith("/manage/offline/");
  const shell = (own ? path : `/manage/offline/${SHELLS[path] || "day"}`) + language;
  if (own) return await kept(shell) || fetch(request);
  const answer = fetch(request), hurried = request.method === "GET" && SHELLS[path];
  try {
    return await (hurried ? Promise.race([answer, new Promise((_, fail) => setTimeout(fail, PATIENCE_MS))]) : answer);
  } catch {
    return await kept(shell) || Response.error();
  }
};

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname, search } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === "/manage" || pathname.startsWith("/manage/")) event.respondWith(page(request, pathname, search));
  } else if (KEPT.includes(pathname + search)) {
    event.respondWith((async () => await kept(request) || fetch(request))());
  }
});
