/** Drafts A, B and C: which plan lies in which, what each comes to, and which is best in what. */

export const SLOTS = ['A', 'B', 'C'];

/** The slot an address names; A where it names none. @param {URL} url */
export function slotOf(url) {
  const named = url.searchParams.get('slot');
  return SLOTS.includes(named) ? named : SLOTS[0];
}

/**
 * The drafts of a place by slot. A draft made elsewhere (imported, re-balanced, split by command) has no slot
 * and is shown in the first that is free, the newest first.
 *
 * @param {object[]} plans as the API tells them, the newest draft first @param {string} place code
 * @returns {{A: object | null, B: object | null, C: object | null}}
 */
export function draftsBySlot(plans, place) {
  const drafts = plans.filter(plan => plan.state === 'draft' && plan.place.code === place);
  const found = Object.fromEntries(
    SLOTS.map(slot => [slot, drafts.find(plan => plan.slot === slot) ?? null]),
  );
  for (const plan of drafts.filter(plan => !plan.slot)) {
    const free = SLOTS.find(slot => !found[slot]);
    if (free) found[free] = plan;
  }
  return found;
}

/** The drafts of a place that found no slot free, the newest first. */
export function draftsBesides(plans, place, bySlot) {
  const shown = new Set(Object.values(bySlot));
  return plans.filter(plan => plan.state === 'draft' && plan.place.code === place && !shown.has(plan));
}

/**
 * What a plan comes to, in the numbers drafts are compared by; null for what is not known.
 *
 * @param {object} plan @param {object[]} grids as the API tells them
 * @param {object | null} border shares of what runs along the borders between grids
 * @param {object | null} comparison with the plan in force
 */
export function tallyOf(plan, grids, border, comparison) {
  const inhabited = grids.filter(grid => grid.class !== null && !isSpecial(grid));
  const round = grids.map(grid => grid.compactness).filter(Number.isFinite);
  const inBand = inhabited.filter(grid => grid.in_band).length;
  return {
    grids: grids.length,
    out: inhabited.length - inBand,
    inBand: inhabited.length ? inBand / inhabited.length : null,
    compactness: round.length ? round.reduce((sum, n) => sum + n, 0) / round.length : null,
    street: border?.metres ? border.street + border.river + border.rail : null,
    moved: comparison ? comparison.households_moved : null,
    coordinators: comparison ? comparison.coordinators.length : null,
  };
}

/** Of each number that is better large or small, the slots that are best in it; none where all are alike. */
export function bestOf(tallies) {
  const wanted = { inBand: 1, compactness: 1, street: 1, moved: -1, coordinators: -1 };
  const best = {};
  for (const [name, way] of Object.entries(wanted)) {
    const known = Object.entries(tallies).filter(([, tally]) => Number.isFinite(tally?.[name]));
    const values = known.map(([, tally]) => way * tally[name]);
    const top = Math.max(...values);
    best[name] =
      Math.min(...values) < top ? known.filter((_, at) => values[at] === top).map(([slot]) => slot) : [];
  }
  return best;
}

/** Whether a grid is none of households: a mall, market, park or site. */
export function isSpecial(grid) {
  return Boolean(grid.kind) && !['residential', 'mixed'].includes(grid.kind);
}

/**
 * The grids farthest from the target: those out of band first, then by how far. Special ones and those where
 * nobody lives are none of it.
 */
export function worstOf(grids, most = 5) {
  const far = grid => [grid.in_band ? 0 : 1, Math.abs(grid.deviation)];
  return grids
    .filter(grid => grid.class !== null && !isSpecial(grid))
    .sort((a, b) => far(b)[0] - far(a)[0] || far(b)[1] - far(a)[1] || (a.code < b.code ? -1 : 1))
    .slice(0, most);
}
