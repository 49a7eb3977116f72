/**
 * What a grid's label says at which zoom: its number, then households, then the coordinator, as its ground
 * has room. Widths are estimates; the map itself lets no two labels meet.
 */
import { metresPerPixel } from './scale.js';

const SIZE_PX = 13;
const ROOM = 0.92; // of the width of a square as large as the grid
const TWO_LINES_PX = 40,
  THREE_LINES_PX = 58;
const SIGN_EARLIER = 1.5; // zooms: what is out of band says so even where its ground is small
const NEVER = 99;
const MOST_SHOWN = 999;

/** The last three digits of a grid's code, which number it in its community; all of a code of another shape. */
export function numberOf(code) {
  return code.length === 15 ? code.slice(12) : code;
}

/** A count where there is room for three digits; whoever wants all of it is told beside. */
export function shortCount(n) {
  return n > MOST_SHOWN ? `${MOST_SHOWN}+` : String(n);
}

/** From which zoom on a text of that width (in px) fits into a grid of that size. */
export function zoomForWidth(width_px, area_m2, lat) {
  const side_m = Math.sqrt(area_m2) * ROOM;
  return Math.log2((width_px * metresPerPixel(lat, 0)) / side_m);
}

/** About how wide a text is: Chinese characters are square, others about half of that. */
export function widthOf(text, size_px = SIZE_PX) {
  const units = [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) > 0x2e80 ? 1 : 0.56), 0);
  return units * size_px;
}

/**
 * What the map's label layer needs of a grid.
 *
 * @param {object} grid
 * @param {{households: string, coordinator: string, sign: string}} texts as they are to be read; sign ▼, ▲ or none
 * @returns {object} with the zooms from which on number, households and coordinator have room
 */
export function labelOf(grid, { households, coordinator, sign }) {
  const zoomFor = width_px => Math.round(10 * zoomForWidth(width_px, grid.area_m2, grid.label[1])) / 10;
  const number = grid.name || numberOf(grid.code);
  return {
    number,
    households,
    coordinator,
    sign,
    rank: sign ? 0 : 1,
    zoomNumber: zoomFor(widthOf(number) * 0.8) - (sign ? SIGN_EARLIER : 0),
    zoomHouseholds: zoomFor(Math.max(widthOf(households), TWO_LINES_PX)),
    zoomCoordinator: coordinator
      ? zoomFor(Math.max(widthOf(households), widthOf(coordinator), THREE_LINES_PX))
      : NEVER,
  };
}
