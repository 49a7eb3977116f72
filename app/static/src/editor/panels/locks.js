/** Locking and unlocking grids: neither splits nor hands change what is locked. */
import { post } from '../../frame/api.js';
import { toastProblem } from '../../frame/toast.js';
import { t } from '../../words.js';
import { callOf } from './desk.js';

/** @param {object} desk */
export function makeLocks(desk) {
  const { place, plan, editor } = desk;

  async function change(act, done) {
    try {
      await act();
      desk.tell(done);
    } catch (problem) {
      toastProblem(problem);
      desk.say(problem.message);
    }
  }

  return {
    /** Lock a grid, or take its lock off. */
    toggle: grid =>
      change(
        () => editor.lock(grid.id, !grid.locked),
        t('edit-locked', { grid: callOf(grid), locked: grid.locked ? 'no' : 'yes' }),
      ),

    /** @param {boolean} locked lock every grid, or none */
    all: locked =>
      change(
        async () => {
          await post(`/api/places/${place.code}/locks/all`, { locked, plan: plan.id });
          await editor.reload();
        },
        t(locked ? 'locks-all-locked' : 'locks-all-unlocked'),
      ),
  };
}
