/** What an edit of a plan was, as the id of a message and its facts: kind and figures, never a stored sentence. */
import { numberOf } from './labels.js';

const SHOWN_GRIDS = 3;

/** Operations that say more than the kind of edit they make. */
const ACTS = ['follow_street', 'repair', 'rebalance_pair', 'give'];

/** Attributes an edit of kind `change` may tell in its parameters. */
const ATTRIBUTES = ['name', 'code', 'kind', 'planned', 'locked', 'unlocked'];

/**
 * @param {object} edit as the API tells it
 * @param {(name: number | string) => object | undefined} [editOf] another edit of the plan by its version or key
 * @returns {{id: string, facts: Record<string, string | number>, of?: {id: string, facts: object}}} `of`: what it undid
 *   or brought back, to be worded the same way; its facts `grids` are numbers parted by a comma sign the page puts in
 */
export function wordsOf(edit, editOf = () => undefined) {
  const { kind, parameters } = edit;
  if (kind === 'undo') return reversal(edit, editOf);
  if (kind === 'restore') return { id: 'history-restore', facts: { version: parameters?.to ?? 0 } };
  if (kind === 'change') return { id: 'history-change', facts: { attribute: attributeOf(edit) } };
  const street = parameters?.street_name ?? parameters?.street;
  if (parameters?.do === 'follow_street' && typeof street === 'string')
    return { id: 'history-street', facts: { street } };
  if (ACTS.includes(parameters?.do)) return { id: 'history-act', facts: { act: parameters.do } };
  return { id: 'history-kind', facts: { kind } };
}

/** Undoing an undo brings the edit back: what is worded is the edit itself, and whether it holds again. */
function reversal(edit, editOf) {
  let [undone, isBack] = [editOf(edit.parameters?.undoes), false];
  while (undone?.kind === 'undo') [undone, isBack] = [editOf(undone.parameters?.undoes), !isBack];
  const id = isBack ? 'history-redo' : 'history-undo';
  return undone ? { id, facts: {}, of: wordsOf(undone, editOf) } : { id, facts: {} };
}

function attributeOf({ parameters, changes }) {
  const named = parameters?.attribute ?? Object.values(changes ?? {}).flatMap(changedIn)[0];
  if (named === 'own_lock')
    return Object.values(changes).some(({ now }) => now?.own_lock) ? 'locked' : 'unlocked';
  return ATTRIBUTES.includes(named) ? named : 'other';
}

/** Names of the attributes of a grid that differ. */
function changedIn({ was, now }) {
  if (!was || !now) return [];
  return Object.keys(now)
    .filter(name => now[name] !== was[name])
    .map(name => (name === 'planned_id' ? 'planned' : name));
}

/** Numbers of the grids an edit concerns: the first few, and how many more there are. */
export function gridsOf({ grids = [] }) {
  const numbers = grids.map(numberOf);
  return { first: numbers.slice(0, SHOWN_GRIDS), more: Math.max(0, numbers.length - SHOWN_GRIDS) };
}
