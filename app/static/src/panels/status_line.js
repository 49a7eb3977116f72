/** The thin line below the map: scale, plan with version and date, coordinates on demand. */
import { formats } from '../core/formats.js';
import { niceLength } from '../core/scale.js';
import { el, fill, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';
import { titleOf } from './names.js';

const format = formats(locale);
const LONGEST_PX = 120;

/** @param {HTMLElement} line @param {object} map of MapLibre */
export function makeStatusLine(line, map) {
  const bar = el('span', { class: 'scale-bar' });
  const length = el('span', { class: 'number' });
  const about = el('span', { class: 'status-plan' });
  const whose = el('span', { class: 'status-attribution' });
  const where = el('output', { class: 'number', hidden: true });
  const button = el(
    'button',
    { type: 'button', class: 'status-button', 'aria-pressed': 'false', onclick: toggle },
    icon('crosshair', 'icon small'),
    el('span', {}, t('map-coordinates')),
  );
  fill(line, el('span', { class: 'scale', role: 'img' }, bar, length), about, whose, where, button);

  const showScale = () => {
    const [y, x] = [map.getContainer().clientHeight / 2, map.getContainer().clientWidth / 2];
    const metres = map.unproject([x, y]).distanceTo(map.unproject([x + 100, y])) / 100;
    const nice = niceLength(metres * LONGEST_PX);
    bar.style.width = `${nice / metres}px`;
    length.textContent = format.distance(nice);
    bar.parentElement.setAttribute('aria-label', t('map-scale', { length: format.distance(nice) }));
  };
  const showPoint = ({ lngLat }) => {
    where.textContent = format.lonLat([lngLat.lng, lngLat.lat]);
  };
  const showMiddle = () => showPoint({ lngLat: map.getCenter() });

  function toggle() {
    const shown = where.hidden;
    where.hidden = !shown;
    button.setAttribute('aria-pressed', shown);
    map[shown ? 'on' : 'off']('mousemove', showPoint);
    map[shown ? 'on' : 'off']('move', showMiddle);
    if (shown) showMiddle();
  }

  map.on('move', showScale);
  map.on('resize', showScale);
  showScale();

  return {
    /** @param {object | null} place whose ground is shown: whose data it is */
    place(place) {
      whose.textContent = place?.attribution ?? '';
    },

    /** @param {object | null} plan as the API tells it */
    plan(plan) {
      const day = plan && (plan.published_at ?? plan.made_at);
      const state = plan && t('map-plan-state', { state: plan.state });
      fill(
        about,
        plan &&
          t('map-status', {
            plan: titleOf(plan),
            state,
            version: String(plan.version),
            day: format.date(day),
          }),
      );
    },
  };
}
