// Chợ Phiên, beside the pages of declaring: keeps three pages that say nothing about anybody, and opens them where there
// is no line. It never keeps an answer of the server at run time, so no family's page can get into it.
"use strict";
const NAME = "kekhai-VERSION";
const KEPT = /*KEPT*/[];
const PATIENCE_MS = 10000;

const kept = (address) => caches.match(address, { ignoreVary: true });

addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  await cache.addAll(KEPT.map((address) => new Request(address, { credentials: "omit", cache: "no-cache" })));
  await skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("kekhai-") && name !== NAME) await caches.delete(name);
  await clients.claim();
})()));

// A page from the line if it answers in time, else the kept page on which the same work goes on.
const page = async (request, path, search) => {
  const language = new URLSearchParams(search).get("hl") === "en" ? "?hl=en" : "";
  if (KEPT.includes(path + language)) return await kept(path + language) || fetch(request);
  const shell = `/declare/offline${path.startsWith("/registry") ? "/village" : ""}${language}`;
  const answer = fetch(request), hurried = request.method === "GET" && path.startsWith("/declare");
  try {
    return await (hurried ? Promise.race([answer, new Promise((_, fail) => setTimeout(fail, PATIENCE_MS))]) : answer);
  } catch {
    return await kept(shell) || Response.error();
  }
};

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname, search } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname, search));
  else if (KEPT.includes(pathname + search)) event.respondWith((async () => await kept(request) || fetch(request))());
});
