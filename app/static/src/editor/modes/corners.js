/**
 * A line or polygon set corner by corner: by pressing, or with the keys: the map moves under its middle, Space sets
 * it, Backspace takes the last corner back. An outline that is loaded is changed: a press on a corner takes it up and
 * the next one sets it down, a press elsewhere puts a corner on the nearest side, Backspace removes the one taken up.
 */
import { withBetween, withCorner, withMoved, without, withoutLast } from '../../core/polygon.js';
import { icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { button } from './pieces.js';

const NONE = Object.freeze([]);
const NEAR_PX = 14;

/** @param {object} tools @param {{isOpen: boolean, changed: () => void}} wish isOpen: a line, no polygon */
export function cornersOf({ layers, map }, { isOpen, changed }) {
  let corners = NONE,
    hovered = null,
    isLoaded = false,
    held = null; // number of the corner taken up

  function draw() {
    let shown = corners;
    if (hovered && held !== null) shown = withMoved(corners, held, hovered);
    else if (hovered && corners.length && !isLoaded) shown = [...corners, hovered];
    layers.sketch(shown, { isOpen, corners: corners.length });
  }

  function set(next) {
    [corners, hovered, held] = [next, null, null];
    draw();
    changed();
  }

  function put(lngLat) {
    if (!isLoaded) return set(withCorner(corners, lngLat));
    if (held !== null) return set(withMoved(corners, held, lngLat));
    const near = nearest(lngLat);
    if (near === null) return set(withBetween(corners, lngLat));
    held = near;
    changed();
  }

  /** The number of the corner at a point of the screen, or null. */
  function nearest(lngLat) {
    const here = map.project(lngLat);
    const far = corners.map(corner => map.project(corner).dist(here));
    const least = Math.min(...far);
    return least <= NEAR_PX ? far.indexOf(least) : null;
  }

  const corner = {
    get all() {
      return corners;
    },
    get isHolding() {
      return held !== null;
    },
    load(outline) {
      isLoaded = true;
      set(outline);
    },
    press: ({ lngLat }) => put(lngLat),
    hover({ lngLat }) {
      if (!corners.length || (isLoaded && held === null)) return;
      hovered = lngLat;
      draw();
    },
    back: () => set(held === null ? withoutLast(corners) : without(corners, held)),
    clear() {
      isLoaded = false;
      set(NONE);
    },
    here: () => put(map.getCenter().toArray()),

    key({ key, target }) {
      if (target !== map.getCanvas() && target !== document.body) return false;
      if (key === ' ') return (corner.here(), true);
      if (key === 'Backspace' && corners.length) return (corner.back(), true);
      return false;
    },

    buttons: () => [
      button(t('studio-here'), icon('crosshair'), corner.here, {
        'data-act': 'corner-here',
        title: t('edit-space'),
      }),
      button(t('studio-corner-back'), icon('undo-2'), corner.back, {
        disabled: !corners.length,
        'data-act': 'corner-back',
        title: t('studio-corner-back'),
      }),
    ],
  };
  return corner;
}
