/** The list of grids: which are shown, in which order, and how many have how many households. */

export const COLUMNS = [
  'code',
  'households',
  'deviation',
  'buildings',
  'area_m2',
  'compactness',
  'coordinator',
];

const STEPS_IN_BAND = 6,
  STEPS_BELOW = 10,
  STEPS_ABOVE = 12;
const ROUNDING = 1e-9;

/** Which grids a filter keeps. */
export const FILTERS = {
  all: () => true,
  out: grid => !grid.in_band && grid.class !== null,
  vacant: grid => Boolean(grid.vacant_since),
};

/**
 * Grids a person asked for. Words are looked for in code, name and coordinator, in any case.
 *
 * @param {object[]} grids as the API tells them
 * @param {{filter: keyof FILTERS, words: string}} wish
 */
export function filtered(grids, { filter, words }) {
  const wanted = words.trim().toLowerCase();
  const says = grid =>
    [grid.code, grid.name, grid.coordinator?.name].some(text => text?.toLowerCase().includes(wanted));
  return grids.filter(grid => FILTERS[filter](grid) && (!wanted || says(grid)));
}

/**
 * The same grids in order of a column; what has no value comes last either way, equals by code.
 *
 * @param {{column: string, descending: boolean}} order
 * @param {string} locale whose alphabet orders names
 */
export function sorted(grids, { column, descending }, locale) {
  const { compare } = new Intl.Collator(locale);
  const value =
    { coordinator: grid => grid.coordinator?.name ?? null }[column] ?? (grid => grid[column] ?? null);
  const way = descending ? -1 : 1;
  const byValue = (a, b) =>
    typeof a === 'string' ? (column === 'code' ? order(a, b) : compare(a, b)) : a - b;
  return grids
    .map(grid => [value(grid), grid])
    .sort(([a, gridA], [b, gridB]) => {
      if ((a === null) !== (b === null)) return a === null ? 1 : -1;
      return (a === null ? 0 : way * byValue(a, b)) || order(gridA.code, gridB.code);
    })
    .map(([, grid]) => grid);
}

/**
 * How many grids have how many households, in equal steps; the band is a whole number of them, so that no
 * step is half inside it. The first and the last hold all that lie farther off. Grids where nobody lives,
 * and those whose count is not told, are not counted.
 *
 * @param {{least: number, most: number}} band
 * @param {object[]} [former] grids of another plan, counted in the same steps as `before`
 * @returns {{from: number, to: number, grids: number, before: number, side: ''|'few'|'many'}[]} households from
 *   ≤ n < to, whole numbers
 */
export function stepsOfHouseholds(grids, band, former = []) {
  const [will, was] = [householdsOf(grids), householdsOf(former)];
  return counted(edgesOf([...will, ...was], band), { grids: will, before: was });
}

/**
 * Which rows to draw of a list that scrolls: those in sight and a few beyond.
 *
 * @returns {{first: number, last: number}} first ≤ number < last
 */
export function rowsInSight({ scrolled, height, rowHeight, count, beyond = 12 }) {
  const first = Math.max(0, Math.floor(scrolled / rowHeight) - beyond);
  return { first, last: Math.min(count, Math.ceil((scrolled + height) / rowHeight) + beyond) };
}

/** What is balanced between grids, of those where anybody lives: households, or the load a formula gives. */
function householdsOf(grids) {
  return grids
    .filter(grid => grid.class !== null && grid.households !== null)
    .map(grid => grid.load ?? grid.households);
}

/** Steps that hold all these numbers; their edges fall on those of the band. */
function edgesOf(households, { least, most }) {
  if (!households.length) return [];
  const [low, high] = [Math.min(...households), Math.max(...households)];
  const inBand = Math.min(STEPS_IN_BAND, most + 1 - least);
  const step = (most + 1 - least) / inBand;
  const below = Math.min(STEPS_BELOW, Math.max(0, Math.ceil((least - low) / step)));
  const above = Math.min(STEPS_ABOVE, Math.max(0, Math.ceil((high - most) / step)));
  const edge = number => Math.ceil(least + number * step - ROUNDING);
  return Array.from({ length: below + inBand + above }, (_, at) => at - below).map(number => ({
    from: number === -below ? Math.min(low, edge(number)) : edge(number),
    to: number === inBand + above - 1 ? Math.max(high + 1, edge(number + 1)) : edge(number + 1),
    side: number < 0 ? 'few' : number >= inBand ? 'many' : '',
  }));
}

/** How many of each list of numbers fall into each step. */
function counted(steps, lists) {
  const rows = steps.map(step => ({
    ...step,
    ...Object.fromEntries(Object.keys(lists).map(name => [name, 0])),
  }));
  for (const [name, numbers] of Object.entries(lists))
    for (const n of numbers) rows.find(({ from, to }) => from <= n && n < to)[name] += 1;
  return rows;
}

function order(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
