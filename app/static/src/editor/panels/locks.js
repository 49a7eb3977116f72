/** Locking and unlocking grids as part of the draft: in its history, undone as all else. */
import { t } from '../../words.js';
import { callOf } from './desk.js';

/** @param {object} desk */
export function makeLocks(desk) {
  const { editor } = desk;
  const undo = { act: () => void editor.undo() };

  return {
    /** Lock a grid, or take its lock off. */
    toggle(grid) {
      const { locked } = desk.grid(grid.id);
      editor.lock([grid.id], !locked);
      desk.tell(t('edit-locked', { grid: callOf(grid), locked: locked ? 'no' : 'yes' }), undo);
    },

    /** @param {boolean} yes lock every grid, or none */
    all(yes) {
      const ids = desk.grids().map(({ id }) => id);
      const done = editor.lock(ids, yes);
      desk.tell(t(yes ? 'locks-all-locked' : 'locks-all-unlocked'), done ? undo : undefined);
    },
  };
}
