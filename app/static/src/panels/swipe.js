/**
 * Before and after, one upon the other, and a divider between them: by pointer, by touch, by arrow keys, or by
 * three buttons without any dragging.
 */
import { clipsOf, shareAfterKey, shareAt } from '../core/swipe.js';
import { el, fill, icon } from '../frame/dom.js';
import { t } from '../words.js';

const MIDDLE = 0.5;

/** @param {HTMLElement} root */
export function makeSwipe(root) {
  const side = which => {
    const [map, name] = [el('div', { class: 'swipe-map' }), el('p', { class: 'swipe-name' })];
    return { which, map, name, element: el('div', { class: `swipe-side ${which}` }, map, name) };
  };
  const [before, after] = [side('before'), side('after')];
  const divider = el(
    'div',
    {
      class: 'swipe-divider',
      role: 'slider',
      tabindex: '0',
      'aria-label': t('studio-divider'),
      'aria-orientation': 'horizontal',
      'aria-valuemin': '0',
      'aria-valuemax': '100',
    },
    el('span', { class: 'swipe-handle' }, icon('chevrons-left-right')),
  );
  const choice = (share, words) =>
    el('button', { type: 'button', 'data-share': share, onclick: () => set(share, { glide: true }) }, words);
  const choices = el(
    'div',
    { class: 'segmented swipe-choice', role: 'group', 'aria-label': t('studio-look-at') },
    choice(1, t('compare-before')),
    choice(MIDDLE, t('studio-both')),
    choice(0, t('compare-after')),
  );
  let share = MIDDLE,
    hasBoth = false,
    other = null; // what is looked at besides before, both and after
  fill(root, before.element, after.element, divider, choices);

  divider.addEventListener('pointerdown', event => {
    if (event.button) return;
    event.preventDefault();
    divider.focus();
    divider.setPointerCapture(event.pointerId);
    const follow = ({ clientX }) => set(shareAt(clientX, root.getBoundingClientRect()));
    const rest = () => divider.removeEventListener('pointermove', follow);
    divider.addEventListener('pointermove', follow);
    divider.addEventListener('pointerup', rest, { once: true });
    divider.addEventListener('pointercancel', rest, { once: true });
  });
  divider.addEventListener('keydown', event => {
    const next = shareAfterKey(event.key, share);
    if (next === null) return;
    event.preventDefault();
    set(next);
  });

  function set(next, { glide = false } = {}) {
    const former = other;
    [share, other] = [next, null];
    former?.turned(false);
    root.classList.toggle('gliding', glide);
    draw();
  }

  function draw() {
    const shown = hasBoth ? share : 1;
    const { before: left, after: right } = clipsOf(shown);
    before.element.style.clipPath = left;
    after.element.style.clipPath = right;
    before.element.inert = shown === 0;
    after.element.inert = shown === 1;
    divider.hidden = choices.hidden = after.element.hidden = !hasBoth;
    divider.style.left = `${shown * 100}%`;
    divider.setAttribute('aria-valuenow', Math.round(shown * 100));
    divider.setAttribute('aria-valuetext', t('studio-divider-at', { percent: Math.round(shown * 100) }));
    for (const button of choices.children)
      button.setAttribute(
        'aria-pressed',
        String(other ? other.button === button : Number(button.dataset.share) === shown),
      );
  }
  draw();

  return {
    before: before.map,
    after: after.map,

    /** Whether there is something to compare; else only what was is shown. */
    compare(yes) {
      hasBoth = yes;
      draw();
    },

    set,

    /**
     * Something else to look at, upon what is after, until another choice is made.
     *
     * @param {string} words @param {(yes: boolean) => void} turned told when it begins and ends
     * @returns {() => void} chooses it
     */
    besides(words, turned) {
      const look = () => {
        set(0, { glide: true });
        other = { button, turned };
        draw();
        turned(true);
      };
      const button = el('button', { type: 'button', onclick: look }, words);
      choices.append(button);
      return look;
    },

    get share() {
      return hasBoth ? share : 1;
    },

    /** What stands on each side. @param {'before' | 'after'} which @param {...(Node | string)} children */
    name: (which, ...children) => fill(which === 'before' ? before.name : after.name, ...children),
  };
}
