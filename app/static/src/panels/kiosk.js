/** What a screen in a lobby has that a page has not: a countdown after which it starts over, and keys to touch. */
import { el, fill, icon } from '../frame/dom.js';
import { t } from '../words.js';

const STAYS_S = 60,
  SOON_S = 15;
const ROWS = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/**
 * Counts down from sixty seconds once somebody has touched the screen, in sight; then `over` is called.
 *
 * @param {HTMLElement} line holds a span for the words; hidden while nobody is there
 * @param {() => void} over
 */
export function makeCountdown(line, over) {
  const words = line.querySelector('span');
  let until = 0,
    ticking = null;
  const rest = () => {
    clearInterval(ticking);
    ticking = null;
    line.hidden = true;
  };
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000); // a sleeping tab counts, too
    words.textContent = t('find-starts-over', { seconds: Math.max(left, 0) });
    line.classList.toggle('soon', left <= SOON_S);
    if (left > 0) return;
    rest();
    over();
  };
  return {
    rest,
    /** Somebody is there: from the beginning. */
    touch() {
      until = Date.now() + 1000 * STAYS_S;
      line.hidden = false;
      tick();
      ticking ??= setInterval(tick, 1000);
    },
  };
}

/** Letters for pinyin and its first letters, and digits, large enough for a finger. */
export function makeKeys(box, input, changed) {
  const write = change => {
    input.value = change(input.value);
    changed();
  };
  const key = letter =>
    el(
      'button',
      { type: 'button', class: 'find-key', onclick: () => write(value => value + letter) },
      letter.toUpperCase(),
    );
  const wide = (words, symbol, change) =>
    el(
      'button',
      {
        type: 'button',
        class: 'find-key wide',
        'aria-label': words,
        title: words,
        onclick: () => write(change),
      },
      symbol,
    );
  fill(
    box,
    ...ROWS.map(row => el('div', { class: 'find-key-row' }, ...[...row].map(key))),
    el(
      'div',
      { class: 'find-key-row' },
      wide(t('find-key-clear'), icon('x'), () => ''),
      wide(t('find-key-delete'), icon('delete'), value => value.slice(0, -1)),
    ),
  );
  box.hidden = false;
}
