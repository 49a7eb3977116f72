/**
 * A polygon set corner by corner, in degrees. Corners are frozen lists of [lon, lat]; nothing here changes
 * what it was given.
 */

const FEWEST = 3;
const DEGREE_M = 111_320; // a degree of latitude
const LEAST_M2 = 100; // less is a slip of the hand
const DIGITS = 7; // a centimetre

/** The corners with one more at the end; the same again where it stands on the last. */
export function withCorner(corners, [lon, lat]) {
  const corner = Object.freeze([Number(lon.toFixed(DIGITS)), Number(lat.toFixed(DIGITS))]);
  const last = corners.at(-1);
  if (last && last[0] === corner[0] && last[1] === corner[1]) return corners;
  return Object.freeze([...corners, corner]);
}

/** The corners without the last. */
export function withoutLast(corners) {
  return Object.freeze(corners.slice(0, -1));
}

/** The corners with one of them elsewhere. */
export function withMoved(corners, at, [lon, lat]) {
  return Object.freeze([...withCorner(corners.slice(0, at), [lon, lat]), ...corners.slice(at + 1)]);
}

/** The corners without one of them. */
export function without(corners, at) {
  return Object.freeze(corners.filter((_, number) => number !== at));
}

/** The corners of a closed outline with one more, on the side it lies nearest to. */
export function withBetween(corners, [lon, lat]) {
  if (corners.length < 2) return withCorner(corners, [lon, lat]);
  const far = sidesOf(corners).map(([a, b]) => distanceTo([lon, lat], a, b));
  const after = far.indexOf(Math.min(...far)) + 1;
  return Object.freeze([...withCorner(corners.slice(0, after), [lon, lat]), ...corners.slice(after)]);
}

/**
 * Why a polygon cannot be closed yet, or null: 'corners' (too few), 'crosses' (its sides cross) or 'small'.
 */
export function faultOf(corners) {
  if (corners.length < FEWEST) return 'corners';
  if (crosses(corners)) return 'crosses';
  return areaOf(corners) < LEAST_M2 ? 'small' : null;
}

/** Square metres, near enough for a few kilometres. */
export function areaOf(corners) {
  const narrower = Math.cos(((corners[0]?.[1] ?? 0) * Math.PI) / 180);
  let twice = 0;
  sidesOf(corners).forEach(([[ax, ay], [bx, by]]) => {
    twice += (ax - corners[0][0]) * (by - corners[0][1]) - (bx - corners[0][0]) * (ay - corners[0][1]);
  });
  return (Math.abs(twice) / 2) * narrower * DEGREE_M ** 2;
}

/** Whether two sides that do not follow each other meet. */
export function crosses(corners) {
  const sides = sidesOf(corners);
  return sides.some((one, i) =>
    sides.some((other, j) => {
      const isNext = j === i + 1 || (i === 0 && j === sides.length - 1);
      return j > i && !isNext && meet(...one, ...other);
    }),
  );
}

/** As GeoJSON, closed and counter-clockwise. */
export function polygonOf(corners) {
  const ring = isClockwise(corners) ? [...corners].reverse() : [...corners];
  return { type: 'Polygon', coordinates: [[...ring, ring[0]]] };
}

/** The corners of a GeoJSON polygon's outer ring. */
export function cornersOf({ coordinates: [ring] }) {
  return Object.freeze(ring.slice(0, -1).map(corner => Object.freeze([...corner])));
}

/** The corners of a box, from the south-west. */
export function cornersOfBox([west, south, east, north]) {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ];
}

/** West, south, east, north. */
export function boxOf(positions) {
  const [lons, lats] = [positions.map(([lon]) => lon), positions.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

function sidesOf(corners) {
  return corners.map((corner, at) => [corner, corners[(at + 1) % corners.length]]);
}

/** From a point to a side, in degrees of latitude. */
function distanceTo([x, y], [ax, ay], [bx, by]) {
  const narrower = Math.cos((ay * Math.PI) / 180);
  const [dx, dy, px, py] = [(bx - ax) * narrower, by - ay, (x - ax) * narrower, y - ay];
  const share = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(px - share * dx, py - share * dy);
}

function isClockwise(corners) {
  const twice = sidesOf(corners).reduce((sum, [[ax, ay], [bx, by]]) => sum + (bx - ax) * (by + ay), 0);
  return twice > 0;
}

/** Whether two stretches meet, ends included. */
function meet(a, b, c, d) {
  const turns = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (turns[0] !== turns[1] && turns[2] !== turns[3]) return true;
  return (
    (turns[0] === 0 && lies(c, a, b)) ||
    (turns[1] === 0 && lies(d, a, b)) ||
    (turns[2] === 0 && lies(a, c, d)) ||
    (turns[3] === 0 && lies(b, c, d))
  );
}

function turn([ax, ay], [bx, by], [cx, cy]) {
  return Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
}

function lies([x, y], [ax, ay], [bx, by]) {
  return x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by);
}
