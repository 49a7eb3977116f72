/** The board: another place shows at once; figures of the registers are counted apart and come later. */
import '../frame/frame.js';
import { printOnPress, submitOnChange } from '../frame/forms.js';
import { t } from '../words.js';

submitOnChange();
printOnPress();

const figures = document.querySelectorAll('[data-figure]');
if (figures.length) showRegisters();

/** Ask for what takes long; where it does not come, the cells say so and the board stands. */
async function showRegisters() {
  const counted = await asked();
  for (const cell of figures) {
    const said = counted?.[cell.dataset.figure];
    cell.textContent = said ? said.rate : t('board-not-counted');
    if (said) document.querySelector(`[data-counted="${cell.dataset.figure}"]`).textContent = said.counted;
  }
}

async function asked() {
  try {
    const answer = await fetch(`/board/registers${location.search}`, {
      credentials: 'same-origin',
      redirect: 'manual',
    });
    return answer.ok ? await answer.json() : null;
  } catch (error) {
    if (error.name !== 'TypeError') throw error;
    return null;
  }
}
