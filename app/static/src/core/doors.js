/** Numbers on doors, as a house counts them: floor and door in two digits. */

const MOST = 400;

/**
 * Doors of some floors: (1, 2, 3) gives 101, 102, 103, 201, 202, 203.
 *
 * @param {number} from lowest floor
 * @param {number} to highest floor
 * @param {number} each doors on a floor
 * @returns {string[]}
 */
export function doorsOf(from, to, each) {
  if (![from, to, each].every(number => Number.isInteger(number) && number > 0) || each > 99) return [];
  const found = [];
  for (let floor = from; floor <= to && found.length < MOST; floor += 1) {
    for (let door = 1; door <= each; door += 1) found.push(`${floor}${String(door).padStart(2, '0')}`);
  }
  return found.slice(0, MOST);
}

/** What somebody wrote as a list of doors: separated by spaces, commas of either script, or lines. */
export function doorsWritten(text) {
  return [...new Set(text.split(/[\s,，、;；]+/u).filter(Boolean))].slice(0, MOST);
}

/** Metres between two points in degrees, near enough to say which house is nearer. */
export function metresBetween([lon, lat], [otherLon, otherLat]) {
  const across = (otherLon - lon) * Math.cos((lat * Math.PI) / 180);
  return Math.hypot(across, otherLat - lat) * 111_195;
}
