/**
 * Setting points and drawing polygons on the map by pressing, one corner after the other. What a press does is
 * said in a bar above the map, where everything can be done without the map too: the middle of the map set,
 * the last corner taken back, closed, given up. Space sets the middle, Enter closes, Backspace takes back,
 * Escape gives up.
 */
import { faultOf, polygonOf, withCorner, withoutLast } from '../core/polygon.js';
import { el, fill, icon } from '../frame/dom.js';
import { t } from '../words.js';

const NONE = Object.freeze([]);
const NEAR_PX = 12; // a press so near the first corner closes

/**
 * @param {HTMLElement} bar @param {HTMLElement} stage around the maps
 * @param {object} acts
 * @param {() => object} acts.map the map of MapLibre whose middle counts
 * @param {(position: number[]) => void} acts.seed a point was set
 * @param {(polygon: object) => void} acts.special a polygon was closed
 * @param {() => void} acts.changed draw anew
 */
export function makeSketch(bar, stage, { map, seed, special, changed }) {
  let mode = null,
    corners = NONE,
    fault = null;

  const button = (words, symbol, act, more = {}) =>
    el('button', { type: 'button', class: 'button', onclick: act, ...more }, symbol, el('span', {}, words));

  function start(wanted) {
    [mode, corners, fault] = [wanted, NONE, null];
    draw();
    bar.querySelector('button')?.focus({ preventScroll: true });
  }

  function stop() {
    [mode, corners, fault] = [null, NONE, null];
    draw();
  }

  /** @returns {boolean} whether the press was one of drawing */
  function press(position) {
    if (!mode) return false;
    fault = null;
    if (mode === 'seed') seed(position);
    else if (corners.length > 2 && isNear(position, corners[0])) close();
    else corners = withCorner(corners, position);
    draw();
    return true;
  }

  function close() {
    fault = faultOf(corners);
    if (!fault) {
      const polygon = polygonOf(corners);
      stop();
      special(polygon);
    }
    draw();
  }

  function undo() {
    [corners, fault] = [withoutLast(corners), null];
    draw();
  }

  function isNear(one, other) {
    const [a, b] = [map().project(one), map().project(other)];
    return Math.hypot(a.x - b.x, a.y - b.y) < NEAR_PX;
  }

  function draw() {
    bar.hidden = !mode;
    stage.classList.toggle('sketching', Boolean(mode));
    if (mode) {
      const had = bar.contains(document.activeElement) ? document.activeElement.dataset.sketch : null;
      fill(
        bar,
        el(
          'p',
          { class: fault ? 'error' : '', 'aria-live': 'polite' },
          fault
            ? t('studio-polygon-fault', { fault })
            : mode === 'seed'
              ? t('studio-seed-how')
              : t('studio-polygon-how', { corners: corners.length }),
        ),
        el(
          'div',
          { class: 'buttons' },
          button(
            t('studio-here'),
            icon('crosshair'),
            () => {
              press(map().getCenter().toArray());
            },
            { 'data-sketch': 'here' },
          ),
          ...(mode === 'seed'
            ? []
            : [
                button(t('studio-corner-back'), icon('undo-2'), undo, {
                  'data-sketch': 'back',
                  disabled: !corners.length,
                }),
                button(t('studio-close'), icon('check'), close, {
                  'data-sketch': 'close',
                  class: 'button primary',
                }),
              ]),
          button(mode === 'seed' ? t('studio-ready') : t('studio-give-up'), icon('x'), stop, {
            'data-sketch': 'stop',
          }),
        ),
      );
      if (had)
        (bar.querySelector(`[data-sketch="${had}"]:not(:disabled)`) ?? bar.querySelector('button')).focus();
    }
    changed();
  }

  document.addEventListener('keydown', event => {
    if (!mode || event.defaultPrevented || event.target.closest?.('input, select, textarea')) return;
    if (event.key === 'Escape') stop();
    else if (mode === 'special' && event.key === 'Backspace' && corners.length) undo();
    else return;
    event.preventDefault();
  });
  // With the focus on the map, Space sets its middle; Enter does, too, until there is something to close.
  stage.addEventListener(
    'keydown',
    event => {
      if (!mode || !['Enter', ' '].includes(event.key) || !event.target.closest('canvas')) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Enter' && corners.length > 2) close();
      else press(map().getCenter().toArray());
    },
    true,
  );

  return {
    start,
    stop,
    press,
    get mode() {
      return mode;
    },

    /** What is being drawn, as features for the map. */
    get features() {
      if (mode !== 'special') return [];
      const line = corners.length > 2 ? [...corners, corners[0]] : corners;
      const point = corner => feature('corner', { type: 'Point', coordinates: corner });
      return [
        ...(corners.length > 1 ? [feature('ring', { type: 'LineString', coordinates: line })] : []),
        ...corners.map(point),
      ];
    },
  };
}

/** A feature as the map's style knows it. */
export function feature(role, geometry, more = {}) {
  return { type: 'Feature', geometry, properties: { role, ...more } };
}
