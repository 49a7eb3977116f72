/**
 * Keeps the public page alive without network: its shell, what it asked and the tiles it drew. The server puts
 * the list of files, `self.FILES`, before this. Its scope is `/find`: it never sees a page of staff.
 */
const KEPT = 'find-3'; // another name sweeps what was kept under the former
const PATIENCE_MS = 4000; // a network that does not answer is as good as none
const GET = 'GET';

self.addEventListener('install', event => {
  const fill = async () => {
    const cache = await caches.open(KEPT);
    await cache.addAll(self.FILES);
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener('activate', event => {
  const settle = async () => {
    for (const name of await caches.keys())
      if (name.startsWith('find-') && name !== KEPT) await caches.delete(name);
    const shell = new Set(self.FILES);
    const cache = await caches.open(KEPT);
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/static/build/') && !shell.has(pathname)) await cache.delete(request);
    }
    await self.clients.claim();
  };
  event.waitUntil(settle());
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== GET || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/static/build/')) event.respondWith(keptFirst(request));
  else if (url.pathname === '/find') event.respondWith(networkFirst(request, pageOf(url)));
  else if (url.pathname.startsWith('/find/pack/') || url.pathname.startsWith('/ogc/tiles/'))
    event.respondWith(networkFirst(request, url.origin + url.pathname)); // its latest, not one for each ?v=
});

/** A page is kept once for each place, language and manner; what it looked at is in the address alone. */
function pageOf(url) {
  const kept = new URLSearchParams();
  for (const name of ['place', 'lang', 'kiosk', 'here'])
    if (url.searchParams.has(name)) kept.set(name, url.searchParams.get(name));
  return `${url.origin}/find?${kept}`;
}

async function keptFirst(request) {
  const cache = await caches.open(KEPT);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function networkFirst(request, name) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) await cache.put(name, answer.clone());
    if (answer.status < 500) return answer;
  } catch {
    // no network: what was kept serves, and where nothing was, the page hears of it
  }
  return (await cache.match(name)) ?? Response.error();
}
