/** Short messages that go away by themselves, with Undo where there is something to undo. */
import { t } from '../words.js';
import { el, icon } from './dom.js';

const SHOWN_MS = 8000;
const region = document.querySelector('.toasts');

/**
 * @param {string} text
 * @param {{label?: string, act?: () => void, stays?: boolean}} [options] act: what its button does, e.g. undo
 * @returns {() => void} takes it away
 */
export function toast(text, { label = t('frame-undo'), act, stays = false } = {}) {
  const message = el('div', { class: 'toast' }, el('span', {}, text));
  const close = () => message.remove();
  if (act)
    message.append(
      el(
        'button',
        {
          type: 'button',
          class: 'button',
          onclick: () => {
            close();
            act();
          },
        },
        label,
      ),
    );
  message.append(
    el(
      'button',
      { type: 'button', class: 'button icon-only', 'aria-label': t('frame-close'), onclick: close },
      icon('x'),
    ),
  );
  for (const same of region.children) if (same.firstChild.textContent === text) same.remove();
  region.append(message);
  if (!stays) setTimeout(close, SHOWN_MS);
  return close;
}

/** Say a problem; other errors are ours and go to the console. */
export function toastProblem(error) {
  if (error.name === 'AbortError') return;
  if (error.name !== 'Problem') console.error(error);
  toast(error.name === 'Problem' ? error.message : t('frame-refused'));
}
