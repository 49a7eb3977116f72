/**
 * What a screen finds without network, in what it has kept of its community (`/find/pack/CODE`).
 * The same questions as the server answers: by name, address, code, pinyin and its first letters, ten at most.
 */

const MOST = 10;
const LEAST_SIGNS = 2;

/** Pinyin as it is typed: without blanks and apostrophes, v for ü; small letters. */
export function plain(words) {
  return words
    .toLowerCase()
    .replaceAll('ü', 'v')
    .replace(/[\s'’]/g, '');
}

/**
 * Buildings and grids that answer to the words, best first; null where the words hold too little to ask.
 *
 * @param {{columns: string[], buildings: any[][], grids: object[]}} pack
 * @param {string} words
 * @returns {object[] | null} as the server's: kind, id, name, pinyin, address, code, position, grid {id, code}
 */
export function searchIn(pack, words) {
  const typed = plain(words);
  if (typed.replace(/[\p{P}\p{S}_]/gu, '').length < LEAST_SIGNS) return null;
  const gridOf = new Map(pack.grids.map(grid => [grid.id, grid]));
  const found = pack.grids
    .filter(grid => grid.code === typed || (grid.name && plain(grid.name).startsWith(typed)))
    .map(grid => ({
      rank: grid.code === typed ? 0 : 4,
      one: {
        kind: 'grid',
        id: grid.id,
        code: grid.code,
        name: grid.name,
        pinyin: null,
        address: null,
        position: grid.label,
        grid: { id: grid.id, code: grid.code },
      },
    }));
  for (const row of pack.buildings) {
    const building = Object.fromEntries(pack.columns.map((column, at) => [column, row[at]]));
    const rank = rankOf(building, typed);
    if (rank === null) continue;
    const { lon, lat, grid, initials, ...rest } = building;
    const own = gridOf.get(grid);
    found.push({
      rank,
      one: { kind: 'building', ...rest, position: [lon, lat], grid: { id: grid, code: own.code } },
    });
  }
  const length = ({ one }) => (one.name || one.address || '').length;
  return found
    .sort((a, b) => a.rank - b.rank || length(a) - length(b) || (a.one.code < b.one.code ? -1 : 1))
    .slice(0, MOST)
    .map(({ one }) => one);
}

/** 0 for its code, then what begins so, then what holds it; null for what does not. */
function rankOf({ code, name, address, pinyin, initials }, typed) {
  const [named, addressed, spelt, letters] = [name, address, pinyin, initials].map(text => plain(text ?? ''));
  if (plain(code) === typed) return 0;
  if (named.startsWith(typed)) return 1;
  if (addressed.startsWith(typed)) return 2;
  if (spelt.startsWith(typed) || letters.startsWith(typed)) return 3;
  return [named, addressed, spelt, letters, plain(code)].some(text => text.includes(typed)) ? 5 : null;
}

/**
 * The grid at a point, or null.
 *
 * @param {{grids: {outline: object}[]}} pack outlines as GeoJSON
 * @param {number} lon @param {number} lat
 */
export function gridAt(pack, lon, lat) {
  return pack.grids.find(({ outline }) => isInside(outline, lon, lat)) ?? null;
}

/** Whether a point lies in a polygon or multipolygon: an odd number of sides to its east. */
function isInside({ type, coordinates }, lon, lat) {
  const rings = type === 'Polygon' ? coordinates : coordinates.flat();
  let inside = false;
  for (const ring of rings) {
    for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
      const [[x, y], [u, v]] = [ring[at], ring[before]];
      if (y > lat !== v > lat && lon < ((u - x) * (lat - y)) / (v - y) + x) inside = !inside;
    }
  }
  return inside;
}

/** Numbers of the tiles over a box between two zooms: [z, x, y] of each. */
export function tilesOver([west, south, east, north], lowest, highest) {
  const row = (lat, z) =>
    Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z);
  const column = (lon, z) => Math.floor(((lon + 180) / 360) * 2 ** z);
  const found = [];
  for (let z = lowest; z <= highest; z++)
    for (let x = column(west, z); x <= column(east, z); x++)
      for (let y = row(north, z); y <= row(south, z); y++) found.push([z, x, y]);
  return found;
}
