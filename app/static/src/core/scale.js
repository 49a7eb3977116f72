/** Lengths on the map. */

const EQUATOR_M = 40_075_016.686;
const TILE_PX = 512;

/**
 * The longest length that reads well and is no longer than given: 1, 2 or 5 times a power of ten.
 *
 * @param {number} most in metres
 */
export function niceLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return power * [5, 2, 1].find(first => first * power <= most);
}

/** How many metres a pixel shows at a latitude, in degrees, and a zoom of the map. */
export function metresPerPixel(lat, zoom) {
  return (EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / (TILE_PX * 2 ** zoom);
}
