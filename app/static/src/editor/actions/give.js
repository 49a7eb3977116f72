/**
 * Give plots to a grid, as when a manager sweeps a border over them, and put grids together, which is to give one
 * all that others have. Figures follow, because a grid is nothing but its plots.
 */

/** @param {object} plan @param {Iterable<number>} plots @param {number | string} to */
export function give(plan, plots, to) {
  const moves = {};
  for (const plot of plots) if (plan.gridOf(plot) !== to) moves[plot] = [plan.gridOf(plot), to];
  return { kind: 'move', moves, grids: {}, parameters: {} };
}

/** Several gifts as one edit. @param {Map<number, number | string>} moves plot -> grid */
export function giveAll(plan, moves) {
  const edit = give(plan, [], null);
  for (const [plot, to] of moves) if (plan.gridOf(plot) !== to) edit.moves[plot] = [plan.gridOf(plot), to];
  return edit;
}

/** Put grids into the first of them. @param {(number | string)[]} ids */
export function merge(plan, [into, ...others]) {
  const plots = others.flatMap(id => plan.grid(id)?.plots ?? []);
  return { ...give(plan, plots, into), kind: 'merge', parameters: { grids: [into, ...others] } };
}
