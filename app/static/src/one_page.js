/** What maps on one page share. app/services/one_page.py writes it into the page before the script that imports it. */

export const STEP_DEG = 1e-6;

/** Geometries as rings (or lines) of [lat, lon], from steps of 1e-6 degree. */
export function lonLatRings({ rings, corners, xy }) {
  let at = 0,
    ring = 0,
    lon = 0,
    lat = 0;
  return rings.map(count =>
    Array.from({ length: count }, () =>
      Array.from({ length: corners[ring++] }, () => {
        lon += xy[at++];
        lat += xy[at++];
        return [lat * STEP_DEG, lon * STEP_DEG];
      }),
    ),
  );
}

/** Whether the panel lies beneath the map instead of beside it. */
export const narrow = () => window.matchMedia('(max-width: 700px)').matches;

/** The language of the address, else that of who made the page, else that of the browser. */
export function firstLanguage(makers = null) {
  const asked = location.hash.slice(1);
  if (['en', 'zh'].includes(asked)) return asked;
  return makers ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
}

/** Say whose data it is; Leaflet takes HTML only. */
export function tellSource(map, text, position) {
  if (!text) return;
  const credit = window.L.control.attribution({ prefix: false, position });
  credit.addAttribution(element('span', '', text).innerHTML).addTo(map);
}

export function element(name, className = '', text = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function svgElement(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
