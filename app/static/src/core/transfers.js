/** Moves of a proposal gathered by the two grids they run between. */

/** Okabe–Ito without black, which is drawn as text; after eight they begin again and the words tell them apart. */
export const TRANSFER_COLOURS = [
  '#e69f00',
  '#0072b2',
  '#009e73',
  '#cc79a7',
  '#d55e00',
  '#56b4e9',
  '#a6761d',
  '#7a4fa3',
];

/**
 * @param {object[]} moves as the API tells them
 * @returns {{from: string | null, to: string | null, isNew: boolean, colour: string, households: number, moves: object[],
 *   bbox: number[]}[]} the largest first; one colour for each grid that is moved to
 */
export function transfers(moves) {
  const found = new Map();
  for (const move of moves) {
    const key = `${move.from} ${move.number}`;
    const one = found.get(key) ?? {
      from: move.from,
      to: move.to,
      number: move.number,
      isNew: move.new !== null,
      households: 0,
      moves: [],
    };
    one.households += move.households;
    one.moves.push(move);
    found.set(key, one);
  }
  const ranked = [...found.values()].sort((a, b) => b.households - a.households || a.number - b.number);
  const targets = [...new Set(ranked.map(one => one.number))];
  return ranked.map(one => ({
    ...one,
    colour: TRANSFER_COLOURS[targets.indexOf(one.number) % TRANSFER_COLOURS.length],
    bbox: boxOf(one.moves),
  }));
}

/** West, south, east, north around moves. */
export function boxOf(moves) {
  const lons = moves.map(move => move.lon);
  const lats = moves.map(move => move.lat);
  const least = list => list.reduce((a, b) => Math.min(a, b));
  const most = list => list.reduce((a, b) => Math.max(a, b));
  return [least(lons), least(lats), most(lons), most(lats)];
}
