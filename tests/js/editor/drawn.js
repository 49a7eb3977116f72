/**
 * Plans drawn as letters: each letter a square plot of 100 m, the same letters a grid. A `|` between two plots is a wall,
 * ` ` none.
 *
 *     drawn(`
 *         A A B
 *         A|B B
 *     `)
 *
 * Plots are numbered from 1, row by row; grids from 10, as the letters come: A is 10, B is 11.
 */
import { makeGround } from '../../../app/static/src/editor/ground.js';
import { planOf } from '../../../app/static/src/editor/plan.js';

const SIDE_M = 100;
const DEGREE_M = 111_320;
const [LON, LAT] = [113.1, 36.2];
const STREET = 3;

const side = SIDE_M / DEGREE_M;
const aside = side / Math.cos((LAT * Math.PI) / 180);

/**
 * @param {string} picture
 * @param {{households?: Record<number, number>, names?: Record<number, string[]>, streets?: number[][], rows?: object}} [wish]
 *   households of a plot (else 10), names of its buildings, pairs of plots with a street between, more of each grid's row
 */
export async function drawn(picture, wish = {}) {
  const { plots, edges, lines, letters } = read(picture, wish);
  const ids = new Map([...new Set(letters.values())].sort().map((letter, at) => [letter, 10 + at]));
  const assignment = [...ids].map(([letter, id]) => ({
    id,
    plots: [...letters].filter(([, one]) => one === letter).map(([plot]) => plot),
  }));
  const rows = assignment.map(({ id, plots: own }) => ({
    id,
    code: `14049900200${id + 1000}`,
    name: null,
    kind: 'residential',
    community: '140499002001',
    planned: null,
    locked: false,
    load: null,
    households: own.reduce((sum, one) => sum + plots[one - 1].households, 0),
    buildings: own.length,
    area_m2: own.length * SIDE_M ** 2,
    perimeter_m: perimeterOf(own, edges),
    ...wish.rows?.[id],
  }));
  const ground = makeGround(1, async () => ({ plots, edges, lines }));
  await ground.need([LON, LAT, LON, LAT]);
  return { ground, plan: planOf(rows, assignment), rows, assignment, cell: { plots, edges, lines } };
}

/** The plan as letters again, in rows as it was drawn. */
export function pictureOf(plan, width, plots) {
  const letters = id => (typeof id === 'number' ? String.fromCharCode('A'.charCodeAt(0) + id - 10) : 'N');
  const all = Array.from({ length: plots }, (_, at) => letters(plan.gridOf(at + 1)));
  const rows = [];
  for (let at = 0; at < all.length; at += width) rows.push(all.slice(at, at + width).join(' '));
  return rows.join('\n');
}

function read(picture, { households = {}, names = {}, streets = [] }) {
  const lines = picture
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
  const width = (lines[0].length + 1) / 2;
  const number = (row, column) => row * width + column + 1;
  const [plots, edges, shared, letters] = [[], [], [], new Map()];
  const join = (one, other, isWall, line) => {
    const isStreet = streets.some(pair => pair.includes(one) && pair.includes(other));
    edges.push([one, other, SIDE_M, isStreet ? STREET : 0, isWall ? 1 : 0]);
    shared.push([one, other, [line]]);
  };
  lines.forEach((line, row) => {
    for (let column = 0; column < width; column++) {
      const id = number(row, column);
      const [west, north] = [LON + column * aside, LAT - row * side];
      const [east, south] = [west + aside, north - side];
      letters.set(id, line[column * 2]);
      plots.push({
        id,
        households: households[id] ?? 10,
        buildings: 1,
        area: SIDE_M ** 2,
        perimeter: 4 * SIDE_M,
        outer: 0,
        community: 1,
        point: [west + aside / 2, north - side / 2],
        rings: [[west, south, east, south, east, north, west, north, west, south]],
        compound: null,
        names: names[id] ?? [],
      });
      if (column + 1 < width) join(id, id + 1, line[column * 2 + 1] === '|', [east, south, east, north]);
      if (row + 1 < lines.length) join(id, id + width, false, [west, south, east, south]);
    }
  });
  return { plots, edges, lines: shared, letters };
}

function perimeterOf(own, edges) {
  const inside = edges.filter(([one, other]) => own.includes(one) && own.includes(other)).length;
  return own.length * 4 * SIDE_M - 2 * SIDE_M * inside;
}
