/**
 * A line or polygon set corner by corner: by pressing, or with the keys: the map moves under its middle, Space sets
 * it, Backspace takes the last corner back.
 */
import { withCorner, withoutLast } from '../../core/polygon.js';
import { icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { button } from './pieces.js';

const NONE = Object.freeze([]);

/** @param {object} tools @param {{isOpen: boolean, changed: () => void}} wish isOpen: a line, no polygon */
export function cornersOf({ layers, map }, { isOpen, changed }) {
  let corners = NONE,
    hovered = null;

  function draw() {
    layers.sketch(hovered && corners.length ? [...corners, hovered] : corners, {
      isOpen,
      corners: corners.length,
    });
  }

  function set(next) {
    [corners, hovered] = [next, null];
    draw();
    changed();
  }

  const corner = {
    get all() {
      return corners;
    },
    press: ({ lngLat }) => set(withCorner(corners, lngLat)),
    hover({ lngLat }) {
      if (!corners.length) return;
      hovered = lngLat;
      draw();
    },
    back: () => set(withoutLast(corners)),
    clear: () => set(NONE),
    here: () => set(withCorner(corners, map.getCenter().toArray())),

    key({ key, target }) {
      if (target !== map.getCanvas() && target !== document.body) return false;
      if (key === ' ') return (corner.here(), true);
      if (key === 'Backspace' && corners.length) return (corner.back(), true);
      return false;
    },

    buttons: () => [
      button(t('studio-here'), icon('crosshair'), corner.here, { title: t('edit-space') }),
      button(t('studio-corner-back'), icon('undo-2'), corner.back, { disabled: !corners.length }),
    ],
  };
  return corner;
}
