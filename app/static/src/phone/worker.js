/**
 * The service worker of who walks: without signal, pages of staff become the shell, which shows what the phone
 * has with it. What the server answers is never kept; only the shell and the files it is made of are.
 *
 * The server puts `self.FILES` before this text.
 */
const SHELL = 'gridkeeper-shell';
const PAGE = '/phone';
const PATIENCE_MS = 10_000;
// Places with a worker of their own, or that are nobody's in particular.
const NOT_OURS = /^\/(find|follow|own-data|ogc|paper|api|tiles|static|health|sign-in|sign-out)(\/|$)/;

self.addEventListener('install', event => event.waitUntil(keepAll().then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(sweep().then(() => self.clients.claim())));
self.addEventListener('fetch', event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (self.FILES.includes(pathname)) event.respondWith(file(request));
  else if (request.mode === 'navigate' && !NOT_OURS.test(pathname)) event.respondWith(page(request));
});

async function keepAll() {
  const cache = await caches.open(SHELL);
  const missing = [];
  for (const path of self.FILES) if (!(await cache.match(path))) missing.push(path);
  await cache.addAll([...missing, PAGE]);
}

async function sweep() {
  const cache = await caches.open(SHELL);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== PAGE && !self.FILES.includes(pathname)) await cache.delete(request);
  }
}

async function file(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}

/** The page itself; the shell where it does not come, or not within what somebody in a stairwell waits. */
async function page(request) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), PATIENCE_MS));
  try {
    return await Promise.race([fetch(request), late]);
  } catch {
    const { pathname } = new URL(request.url);
    const [, kind, id] = /^\/q\/(building|grid)\/(\d+)/.exec(pathname) ?? []; // where the code of a sheet leads
    if (kind) return Response.redirect(kind === 'building' ? `/buildings/${id}` : '/map');
    return (await caches.match(PAGE)) ?? Response.error();
  }
}
