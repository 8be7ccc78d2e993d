// The worker: keeps the app's own files, so that it starts without any network. VERSION and FILES are written above when it is served.
// It never touches what goes to or comes from /v1: answers with observations in them are in no cache.

const CACHE = `hearsight-${VERSION}`;
const PAGE = new URL(self.registration.scope);
const ADDRESSES = [PAGE.href, ...FILES.map((name) => new URL(`observe/${name}`, PAGE).href)];
const KNOWN = new Set(ADDRESSES);

self.addEventListener("install", (event) => {
  event.waitUntil(kept());
});

// All of them or none: an app with a file missing would fail in the courtroom.
async function kept() {
  const cache = await caches.open(CACHE);
  await cache.addAll(ADDRESSES.map((address) => new Request(address, { cache: "no-cache", credentials: "omit" })));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(settled());
});

async function settled() {
  const old = (await caches.keys()).filter((name) => name.startsWith("hearsight-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  address.search = address.hash = "";
  if (request.method === "GET" && KNOWN.has(address.href)) event.respondWith(found(request, address.href));
});

async function found(request, address) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(request);
}
