/**
 * Undo and redo over the edits the server keeps: nothing is forgotten, taking back is an edit itself. What a
 * person takes back is the last of his own; a colleague's work is undone from the list of edits only.
 */

const NOT_UNDOABLE = new Set(['split', 'rebalance', 'import', 'layer']);

/** Whether this edit can be taken back at all. @param {object} edit as the API tells it */
export function isUndoable(edit) {
  return !NOT_UNDOABLE.has(edit.kind) && !edit.undone_by;
}

/**
 * The edit that Undo takes back, or null.
 *
 * @param {object[]} edits newest first; those not sent yet have a `key` and no version
 * @param {number} me id of the person
 */
export function nextUndo(edits, me) {
  return mine(edits, me).find(edit => edit.kind !== 'undo' && isUndoable(edit)) ?? null;
}

/** The undo that Redo takes back, or null: once something new was done there is nothing to redo. */
export function nextRedo(edits, me) {
  for (const edit of mine(edits, me)) {
    if (edit.kind !== 'undo') {
      if (!edit.undone_by) return null;
    } else if (!edit.undone_by && !isRedo(edit, edits)) return edit;
  }
  return null;
}

/** An undo of an undo. */
function isRedo(edit, edits) {
  return edits.find(one => isSame(one, edit.undoes))?.kind === 'undo';
}

/** Whether `named` (a version, or the key of one not sent yet) is this edit. */
export function isSame(edit, named) {
  return named !== null && named !== undefined && (edit.version === named || edit.key === named);
}

function mine(edits, me) {
  return edits.filter(edit => edit.by?.id === me);
}
