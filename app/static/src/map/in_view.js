/**
 * A layer that is drawn for what is in view: anew when the map has come to rest elsewhere, one question at a time.
 */

const SETTLED_MS = 200;

/**
 * @param {object} map as `makeMap` gives it
 * @param {(isOn: boolean, signal: AbortSignal) => Promise<void>} show fetches and draws, or takes away; given up by
 *   the signal when the next begins
 */
export function makeInView(map, show) {
  let isOn = false,
    asking = new AbortController(),
    waiting = 0;
  map.map.on('moveend', () => {
    if (!isOn) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => void draw(), SETTLED_MS);
  });

  async function draw() {
    asking.abort();
    asking = new AbortController();
    try {
      await show(isOn, asking.signal);
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    }
  }

  return {
    get on() {
      return isOn;
    },
    /** Show it or not. */
    set on(yes) {
      isOn = yes;
      void draw();
    },
    again: () => void draw(),
  };
}
