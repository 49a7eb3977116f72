/**
 * Two people changed the same: what each of them wants, as rows to choose between. Plots that went the same ways are
 * one row, for nobody decides thirty plots one by one.
 */

/**
 * @param {{plots: object[], grids: object[]}} facts of the refusal `edit_conflict`
 * @param {(id: number | string) => {code: string, name?: string | null} | undefined} gridOf a grid by its id
 * @returns {{plots: {from: object, yours: object, theirs: object, by: object | null, plots: number[]}[],
 *   grids: {grid: object, attribute: string, yours: any, theirs: any, by: object | null}[]}}
 */
export function rowsOf({ plots = [], grids = [] }, gridOf) {
  const named = id => gridOf(id) ?? { id, code: String(id ?? ''), name: null };
  const ways = new Map();
  for (const { plot, from, to, now, by } of plots) {
    const key = [from, to, now, by?.id ?? ''].join(' ');
    const way = ways.get(key) ?? {
      from: named(from),
      yours: named(to),
      theirs: named(now),
      by: by ?? null,
      plots: [],
    };
    way.plots.push(plot);
    ways.set(key, way);
  }
  return {
    plots: [...ways.values()].sort((a, b) => b.plots.length - a.plots.length),
    grids: grids.map(({ grid, attribute, yours, now, by }) => ({
      grid: named(grid),
      attribute,
      yours: yours ?? null,
      theirs: now ?? null,
      by: by ?? null,
    })),
  };
}

/** Everybody whose changes stand against mine, once each. */
export function peopleIn({ plots, grids }) {
  const people = new Map([...plots, ...grids].filter(row => row.by).map(row => [row.by.id, row.by]));
  return [...people.values()];
}

/** One or two letters for somebody, as beside his changes on the map: Chinese names by the last two. */
export function initialsOf(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return '?';
  if (/[\u4e00-\u9fff]/.test(words[0])) return [...words.join('')].slice(-2).join('');
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : ''];
  return ([...first][0] + ([...last][0] ?? '')).toUpperCase();
}
