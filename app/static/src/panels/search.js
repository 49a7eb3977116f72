/** Find a grid, building, compound, street or place by code, name or address; `/` goes there from anywhere. */
import { numberOf } from '../core/labels.js';
import { el, fill, icon } from '../frame/dom.js';
import { get } from '../frame/api.js';
import { t } from '../words.js';
import { kindOf, nameOf } from './names.js';

const WAIT_MS = 180;
const LONGEST = 60;

/** How each kind of find is written: its symbol, its name and what stands beside it. */
const KINDS = {
  grids: {
    symbol: () => icon('hexagon'),
    name: one => one.name || t('grid-title', { number: numberOf(one.code) }),
    beside: (one, communityOf) => [communityOf(one.community), one.code].filter(Boolean).join(' · '),
  },
  places: {
    symbol: () => icon('map-pinned'),
    name: nameOf,
    beside: one => t('map-level', { level: one.level }),
  },
  compounds: { symbol: () => icon('fence'), name: one => nameOf(one) || one.code, beside: kindOf },
  buildings: {
    symbol: () => icon('building-2'),
    name: one => nameOf(one) || one.address || one.code,
    beside: one =>
      [
        nameOf(one) ? one.address : null,
        one.code,
        one.grid ? t('grid-title', { number: numberOf(one.grid.code) }) : null,
      ]
        .filter(Boolean)
        .join(' · '),
  },
  streets: { symbol: () => icon('route'), name: nameOf, beside: () => '' },
};

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} box lists what was found
 * @param {object} acts
 * @param {(words: string) => string | null} acts.address of the API for these words, null while there is nothing to search in
 * @param {(kind: string, found: object) => void} acts.choose
 * @param {(code: string) => string} acts.communityOf name of a community
 */
export function makeSearch(input, box, { address, choose, communityOf }) {
  let options = [],
    active = -1,
    asking = null,
    timer = null;

  const close = () => {
    box.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    active = -1;
  };
  const open = () => {
    box.hidden = false;
    input.setAttribute('aria-expanded', 'true');
  };

  async function ask() {
    asking?.abort();
    const words = input.value.trim().slice(0, LONGEST);
    const path = words && address(words);
    if (!path) return close();
    asking = new AbortController();
    try {
      show(words, await get(path, { signal: asking.signal }));
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (error.name !== 'Problem') throw error;
      say(icon('cloud-off'), error.message);
    }
  }

  function show(words, found) {
    options = [];
    const groups = Object.keys(KINDS)
      .filter(kind => found[kind]?.length)
      .map(kind =>
        el(
          'div',
          { role: 'group', 'aria-label': t('map-found-kind', { kind }) },
          el('p', { class: 'found-kind', 'aria-hidden': 'true' }, t('map-found-kind', { kind })),
          ...found[kind].map(one => option(kind, one)),
        ),
      );
    if (!groups.length) return say(icon('search-x'), t('map-found-nothing', { words }));
    fill(box, ...groups);
    open();
    activate(0);
  }

  function say(symbol, words) {
    options = [];
    fill(
      box,
      el(
        'p',
        { class: 'found-nothing', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' },
        symbol,
        el('span', {}, words),
      ),
    );
    open();
  }

  function option(kind, one) {
    const number = options.length;
    const { symbol, name, beside } = KINDS[kind];
    const element = el(
      'div',
      {
        role: 'option',
        id: `found-${number}`,
        class: 'found-one',
        'aria-selected': 'false',
        onpointermove: () => activate(number),
        onclick: () => take(number),
      },
      symbol(),
      el(
        'span',
        { class: 'row-main' },
        name(one),
        el('span', { class: 'muted small' }, beside(one, communityOf)),
      ),
    );
    options.push({ kind, one, element });
    return element;
  }

  function activate(number) {
    if (!options.length) return;
    options[active]?.element.setAttribute('aria-selected', 'false');
    active = (number + options.length) % options.length;
    const { element } = options[active];
    element.setAttribute('aria-selected', 'true');
    element.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', element.id);
  }

  function take(number) {
    const { kind, one } = options[number];
    close();
    input.value = KINDS[kind].name(one);
    input.blur();
    choose(kind, one);
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener('focus', () => {
    if (input.value.trim()) ask();
  });
  input.addEventListener('blur', () => {
    asking?.abort();
    clearTimeout(timer);
    close();
  });
  box.addEventListener('pointerdown', event => event.preventDefault()); // the field keeps the focus
  input.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      activate(active + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Enter' && active >= 0 && !box.hidden) {
      event.preventDefault();
      take(active);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (box.hidden) input.value = '';
      else close();
    }
  });
  document.addEventListener('keydown', event => {
    if (
      event.key !== '/' ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.target.closest?.('input, textarea, select')
    )
      return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
