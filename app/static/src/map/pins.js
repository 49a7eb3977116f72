/** Pins with a number on a map, each a button; and the one pin that is being set. */
import { Marker } from 'maplibre-gl';
import { el } from '../frame/dom.js';

const TIP = [0, -8]; // px from a pin's circle to what it points at

/**
 * @param {object} map of MapLibre
 * @param {{choose: (id: number) => void, title: (pin: object) => string}} acts
 */
export function makePins(map, { choose, title }) {
  let markers = [];
  let set = null;
  return {
    /** @param {{id: number, number: number, position: number[], settled: boolean}[]} pins */
    show(pins) {
      markers.forEach(marker => marker.remove());
      markers = pins.map(pin => {
        const element = el(
          'button',
          {
            type: 'button',
            class: `pin ${pin.settled ? 'settled' : ''}`,
            'aria-label': title(pin),
            title: title(pin),
            'data-pin': pin.id,
            onclick: event => {
              event.stopPropagation(); // the map beneath is not pressed
              choose(pin.id);
            },
          },
          String(pin.number),
        );
        return new Marker({ element, anchor: 'bottom', offset: TIP }).setLngLat(pin.position).addTo(map);
      });
    },

    /** Mark one of them, or none. @param {number | null} id */
    choose(id) {
      for (const marker of markers) {
        const element = marker.getElement();
        element.classList.toggle('chosen', element.dataset.pin === String(id));
      }
    },

    /** The pin that is being set; null takes it away. @param {number[] | null} position lon, lat */
    set(position) {
      set?.remove();
      set = position
        ? new Marker({
            element: el('div', { class: 'pin new', 'aria-hidden': 'true' }, '+'),
            anchor: 'bottom',
          })
            .setLngLat(position)
            .addTo(map)
        : null;
    },
  };
}
