/**
 * Whether the map rests, told on the page as `data-map="idle"`: tests wait for it.
 *
 * @param {import('maplibre-gl').Map} map
 */
export function tellIdle(map) {
  map.on('idle', () => {
    document.body.dataset.map = 'idle';
  });
  map.on('movestart', () => {
    delete document.body.dataset.map;
  });
}
