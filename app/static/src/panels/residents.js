/** Residents of a grid as counts, its six clears, and the compounds that are let: a part of the grid's panel. */
import { formats } from '../core/formats.js';
import { get } from '../frame/api.js';
import { el, fill, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';

const format = formats(locale);
const COUNTS = ['households', 'residents', 'floating', 'rentals', 'verified'];

/**
 * A section that fills itself; it stays hidden where nothing is registered or counts cannot be had.
 *
 * @param {object} grid
 * @param {AbortSignal} signal
 * @param {() => void} filled what is beneath has moved down
 */
export function residentsSection(grid, signal, filled) {
  const section = el('section', { class: 'side-section residents', hidden: true });
  void show(section, grid, signal).then(() => section.hidden || filled());
  return section;
}

async function show(section, grid, signal) {
  let told;
  try {
    told = await get(`/api/grids/${grid.id}/residents`, { signal });
  } catch (error) {
    if (error.name === 'AbortError' || error.name === 'Problem') return; // the panel stands without it
    throw error;
  }
  if (COUNTS.every(name => told.counts[name] === 0)) return;
  section.hidden = false;
  fill(
    section,
    el('h3', {}, t('residents-title')),
    el('dl', { class: 'figures' }, ...COUNTS.map(name => figure(name, told.counts))),
    !told.exact && el('p', { class: 'hint' }, t('counts-in-fives')),
    told.clears.length ? gauge(grid, told.clears) : null,
    told.compounds.length ? compounds(told.compounds) : null,
    told.exact &&
      el(
        'p',
        { class: 'buttons' },
        el(
          'a',
          { class: 'button', href: `/registers?ledger=residents&grid=${grid.id}` },
          icon('notebook-tabs'),
          t('residents-open'),
        ),
      ),
  );
}

function figure(name, counts) {
  const count = counts[name];
  return el(
    'div',
    {},
    el('dt', {}, t('residents-figure', { name })),
    el('dd', {}, count === null ? el('small', {}, t('residents-few')) : format.count(count)),
  );
}

/** Six lines, each with a bar; a press leads to what is missing. */
function gauge(grid, clears) {
  const line = ({ of, filled, required }) =>
    el(
      'li',
      {},
      el(
        'a',
        { href: `/registers/clears?grid=${grid.id}&of=${of}#missing` },
        el('span', { class: 'row-main' }, t('clears-name', { of })),
        el('progress', { max: required || 1, value: required ? filled : 0, 'aria-hidden': 'true' }),
        el(
          'span',
          { class: 'row-side number' },
          required ? `${format.count(filled)} / ${format.count(required)}` : t('clears-nothing'),
        ),
      ),
    );
  return el('ul', { class: 'rows residents-clears' }, ...clears.map(line));
}

function compounds(let_) {
  const row = one => {
    const about = [
      t(
        'residents-compound-about',
        one.letter_until ? { letter: 'until', day: one.letter_until } : { letter: 'none' },
      ),
      one.visited_on && t('residents-visited', { day: one.visited_on }),
    ];
    return el(
      'li',
      {},
      el(
        'a',
        { href: `/rentals/${one.rental}` },
        icon('fence'),
        el(
          'span',
          { class: 'row-main' },
          one.name || one.code,
          el('span', { class: 'muted small' }, about.filter(Boolean).join(' · ')),
        ),
        icon('chevron-right'),
      ),
    );
  };
  return el('div', {}, el('h4', {}, t('residents-compounds')), el('ul', { class: 'rows' }, ...let_.map(row)));
}
