/**
 * Lines to divide a grid or to cut ground along that nobody draws: halfway between two buildings, across the middle,
 * or written down. In degrees.
 */

const DIGITS = 7; // a centimetre

/** How long a line must be to leave a box on both sides wherever it runs through it. */
function reachOf([west, south, east, north]) {
  const narrower = narrowerAt((south + north) / 2);
  return Math.hypot((east - west) * narrower, north - south);
}

/** A degree of longitude is so much narrower than one of latitude. */
const narrowerAt = lat => Math.cos((lat * Math.PI) / 180);

/**
 * The line of all points as far from one building as from the other, through and beyond a box.
 *
 * @param {number[]} one [lon, lat] @param {number[]} other @param {number[]} box west, south, east, north
 * @returns {number[][] | null} null where both are at the same place
 */
export function halfway(one, other, box) {
  const narrower = narrowerAt(one[1]);
  const [across, up] = [(other[0] - one[0]) * narrower, other[1] - one[1]];
  const far = Math.hypot(across, up);
  if (!far) return null;
  const reach = reachOf(box) + far;
  const [x, y] = [(-up / far) * (reach / narrower), (across / far) * reach];
  const [lon, lat] = [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
  return [rounded([lon - x, lat - y]), rounded([lon + x, lat + y])];
}

/**
 * The line across the middle of a box, and beyond it.
 *
 * @param {number[]} box west, south, east, north
 * @param {'upright' | 'level'} way upright: into a western and an eastern half; level: a northern and a southern one
 */
export function acrossMiddle(box, way) {
  const [west, south, east, north] = box;
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  const beyond = reachOf(box);
  return way === 'upright'
    ? [rounded([lon, south - beyond]), rounded([lon, north + beyond])]
    : [rounded([west - beyond, lat]), rounded([east + beyond, lat])];
}

/** The box around several of west, south, east, north. */
export function boxAround(boxes) {
  const [wests, souths, easts, norths] = [0, 1, 2, 3].map(side => boxes.map(box => box[side]));
  return [Math.min(...wests), Math.min(...souths), Math.max(...easts), Math.max(...norths)];
}

/**
 * A line as somebody writes it: a corner a line, longitude and latitude.
 *
 * @returns {{line: number[][] | null, fault: 'none' | 'unread' | 'corners' | null}}
 */
export function lineOf(words) {
  const rows = words.split(/[\n;；]+/).filter(row => row.trim());
  if (!rows.length) return { line: null, fault: 'none' };
  const corners = rows.map(row =>
    row
      .trim()
      .split(/[\s,，]+/)
      .map(Number),
  );
  const isPlace = corner => corner.length === 2 && Math.abs(corner[0]) <= 180 && Math.abs(corner[1]) <= 90;
  if (!corners.every(isPlace)) return { line: null, fault: 'unread' };
  const line = corners.filter(
    ([lon, lat], at) => !at || lon !== corners[at - 1][0] || lat !== corners[at - 1][1],
  );
  return line.length < 2 ? { line: null, fault: 'corners' } : { line, fault: null };
}

const rounded = corner => corner.map(degrees => Number(degrees.toFixed(DIGITS)));
