/**
 * What may be done with plots. The same codes and facts as the server's refusals: it has the last word, but
 * whoever drags a border sees at once why it does not follow.
 */

const MOST_NAMES = 3;

/**
 * The pieces a set of plots is in: those are one that lines without a wall join.
 *
 * @param {Iterable<number>} ids @param {object} ground
 * @returns {number[][]} the largest first
 */
export function piecesOf(ids, ground) {
  const left = new Set(ids);
  const pieces = [];
  for (const first of left) {
    const piece = [first];
    left.delete(first);
    for (const one of piece) {
      for (const [other, { open }] of ground.around(one)) {
        if (open && left.delete(other)) piece.push(other);
      }
    }
    pieces.push(piece);
  }
  return pieces.sort((one, other) => other.length - one.length);
}

/**
 * Why an edit may not be, or null.
 *
 * @param {object} plan @param {object} ground
 * @param {Map<number, number | string>} moves plot -> the grid it goes to
 * @param {{locked?: Map<number, string>}} [known] locked: plots with a locked building -> its name
 * @returns {{code: string, facts: object} | null}
 */
export function refusalOf(plan, ground, moves, { locked = NONE } = {}) {
  const [losing, gaining] = [new Map(), new Map()];
  for (const [plot, to] of moves) {
    const from = plan.gridOf(plot);
    if (from === to) continue;
    const fault = faultOf(plan, plot, from, to, locked);
    if (fault) return fault;
    push(losing, from, plot);
    push(gaining, to, plot);
  }
  for (const [id, plots] of gaining) {
    const communities = new Set(plots.map(plot => plan.grid(plan.gridOf(plot)).community ?? null));
    if (communities.size > 1)
      return { code: 'community_crossed', facts: { grid: plan.grid(id)?.code ?? '' } };
  }
  for (const id of new Set([...losing.keys(), ...gaining.keys()])) {
    const fault = tornOf(plan, ground, id, losing.get(id) ?? [], gaining.get(id) ?? []);
    if (fault) return fault;
  }
  return null;
}

const NONE = new Map();

function faultOf(plan, plot, from, to, locked) {
  const [source, target] = [plan.grid(from), plan.grid(to)];
  if (!source) return { code: 'plot_moved', facts: { plot } };
  for (const grid of [source, target])
    if (grid?.locked) return { code: 'grid_is_locked', facts: { grid: grid.code } };
  if (locked.has(plot)) return { code: 'building_is_locked', facts: { building: locked.get(plot) } };
  if (target?.community && source.community && target.community !== source.community)
    return { code: 'community_crossed', facts: { grid: target.code } };
  return null;
}

/** Whether a grid is in more pieces after plots leave and join; a grid that is given up is in none. */
function tornOf(plan, ground, id, leaving, joining) {
  const before = plan.grid(id)?.plots ?? [];
  const after = new Set(before);
  for (const plot of leaving) after.delete(plot);
  for (const plot of joining) after.add(plot);
  if (!after.size) return null;
  if (ground.missing(after).length)
    return { code: 'ground_not_loaded', facts: { grid: plan.grid(id)?.code ?? '' } };
  const pieces = piecesOf(after, ground);
  if (pieces.length <= 1 || pieces.length <= piecesOf(before, ground).length) return null;
  const plots = pieces.slice(1).flat();
  return {
    code: 'grid_in_pieces',
    facts: {
      grid: plan.grid(id)?.code ?? '',
      pieces: pieces.length,
      plots,
      buildings: namesOf(plots, ground),
    },
  };
}

/** Up to three names of buildings on these plots. */
export function namesOf(plots, ground) {
  return plots.flatMap(id => ground.plot(id)?.names ?? []).slice(0, MOST_NAMES);
}

/**
 * As many of the wanted plots as may go, nearest first, and those that may not.
 *
 * @param {number[]} wanted in the order of their nearness
 * @param {number | string} to the grid they shall be in
 * @returns {{accepted: number[], forbidden: number[], refusal: object | null}} refusal: why the first does not go
 */
export function mostOf(plan, ground, wanted, to, known = {}) {
  const moves = new Map(wanted.map(plot => [plot, to]));
  const whole = wanted.length ? refusalOf(plan, ground, moves, known) : null;
  if (!whole) return { accepted: wanted, forbidden: [], refusal: null };
  const taken = new Map();
  let [waiting, refusal] = [wanted, null];
  for (let before = Infinity; waiting.length && waiting.length < before;) {
    before = waiting.length;
    refusal = null;
    waiting = waiting.filter(plot => {
      const why = refusalOf(plan, ground, taken.set(plot, to), known);
      if (why) taken.delete(plot);
      refusal ??= why;
      return why;
    });
  }
  return { accepted: [...taken.keys()], forbidden: waiting, refusal: refusal ?? whole };
}

function push(lists, key, value) {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
