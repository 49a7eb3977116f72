/**
 * What the map shows, as the address of the page: `?place=140499&plan=3&grid=…&date=2026-03-03&hide=plots&show=hazards&lang=zh#14.2/36.19/113.11`.
 * Anything else in the address stays as it is; what cannot be read is as good as not said.
 */

/**
 * @typedef {object} View
 * @property {string | null} place code
 * @property {number | null} plan id
 * @property {string | null} grid code
 * @property {string | null} date a day of the past whose plan is shown, as in 2026-03-03
 * @property {string[]} hide layers switched off
 * @property {string[]} [show] layers switched on that are off until asked for
 * @property {{zoom: number, lat: number, lon: number} | null} camera
 */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CODE = /^\d{1,15}$/;

/** @param {URL} url @returns {View} */
export function viewOf(url) {
  const given = url.searchParams;
  const code = name => (CODE.test(given.get(name) ?? '') ? given.get(name) : null);
  const plan = Number(code('plan'));
  return {
    place: code('place'),
    plan: Number.isSafeInteger(plan) && plan > 0 ? plan : null,
    grid: code('grid'),
    date: dayOf(given.get('date')),
    hide: namesOf(given.get('hide')),
    show: namesOf(given.get('show')),
    camera: cameraOf(url.hash),
  };
}

/** @param {URL} url @param {View} view @returns {URL} the same address with that view */
export function addressOf(url, view) {
  const address = new URL(url);
  const said = {
    place: view.place,
    plan: view.plan,
    grid: view.grid,
    date: view.date,
    hide: view.hide.join(','),
    show: view.show?.join(','),
  };
  for (const [name, value] of Object.entries(said)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  const { camera } = view;
  address.hash = camera ? `${round(camera.zoom, 2)}/${round(camera.lat, 6)}/${round(camera.lon, 6)}` : '';
  return address;
}

/** Names of layers, as in `plots,names`. */
function namesOf(said) {
  return (said ?? '').split(',').filter(name => /^[a-z]+$/.test(name));
}

/** A day of the calendar, or null. */
function dayOf(said) {
  return DAY.test(said ?? '') && !Number.isNaN(Date.parse(`${said}T00:00:00Z`)) ? said : null;
}

function cameraOf(hash) {
  const numbers = hash.replace(/^#/, '').split('/').map(Number);
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return null;
  const [zoom, lat, lon] = numbers;
  return zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
}

function round(number, digits) {
  return Number(number.toFixed(digits));
}
