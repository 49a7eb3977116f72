/** By what the map colours grids, and what its colours mean. */
import { PALETTES } from '../../core/colours.js';
import { sharesOf } from '../../core/tint_legend.js';
import { el, fill } from '../../frame/dom.js';
import { isDark } from '../../frame/theme.js';
import { showLegend } from '../../panels/legend.js';
import { t } from '../../words.js';
import { ROUND, ROUNDER_FROM, TINTS, tintOf } from '../tints.js';
import { format } from './desk.js';

const MOST_LINES = 12; // of a legend, before it grows higher than the map has room

/**
 * @param {HTMLElement} root a card over the map @param {object} desk
 * @param {HTMLElement} opener what brings the card up on a phone, where the map has no room for it
 */
export function makeColourBy(root, desk, opener) {
  const { editor, plan } = desk;
  const select = el(
    'select',
    { id: 'colour-by', onchange: paint },
    ...TINTS.map(one => el('option', { value: one }, t('colour-way', { way: one }))),
  );
  const legend = el('div', { class: 'colour-legend' });
  fill(
    root,
    el('div', { class: 'colour-line' }, el('label', { for: 'colour-by' }, t('colour-by')), select),
    legend,
  );
  root.hidden = false;
  opener.addEventListener('click', () => open(!root.classList.contains('is-open')));
  root.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !root.classList.contains('is-open')) return;
    event.stopPropagation();
    open(false);
    opener.focus();
  });
  editor.on('plan', explain);
  document.addEventListener('theme', explain);
  explain();

  function open(yes) {
    root.classList.toggle('is-open', yes);
    opener.setAttribute('aria-expanded', String(yes));
    if (yes) select.focus();
  }

  function paint() {
    desk.tint(select.value);
    explain();
    desk.say(t('colour-said', { way: select.value }));
  }

  function explain() {
    const by = select.value;
    if (by === 'load') return showLegend(legend, plan);
    if (by === 'compactness') return fill(legend, roundness());
    const palette = PALETTES[isDark() ? 'dark' : 'light'];
    const fillOf = grid => tintOf(by, grid, plan, palette, editor.answersFor).fill;
    const shares = sharesOf(desk.grids(), fillOf, editor.answersFor);
    fill(legend, by === 'vacancy' ? heldList(shares) : peopleList(shares));
  }

  /** Who has how much; those with the same colour are told apart by their names on the map. */
  function peopleList(shares) {
    return el(
      'ul',
      { class: 'legend', tabindex: '0', 'aria-label': t('colour-by') }, // it scrolls
      ...shares
        .slice(0, MOST_LINES)
        .map(({ person, fill: colour, grids, households }) =>
          line(
            colour,
            person?.name ?? t('colour-nobody'),
            t('assign-load', { grids, households: format.count(households) }),
          ),
        ),
      shares.length > MOST_LINES &&
        el('li', { class: 'muted' }, t('colour-more', { n: shares.length - MOST_LINES })),
    );
  }

  function heldList(shares) {
    const vacant = shares.find(one => !one.person);
    const held = shares.filter(one => one.person);
    const sum = held.reduce((n, one) => n + one.grids, 0);
    return el(
      'ul',
      { class: 'legend' },
      line(vacant?.fill ?? 'none', t('colour-vacant'), t('colour-grids', { n: vacant?.grids ?? 0 })),
      line(held[0]?.fill ?? 'none', t('colour-held'), t('colour-grids', { n: sum })),
    );
  }

  const roundness = () =>
    el(
      'ul',
      { class: 'legend' },
      ...ROUND.map((colour, at) =>
        line(
          colour,
          `${format.compactness(ROUNDER_FROM[at - 1] ?? 0)}–${format.compactness(ROUNDER_FROM[at] ?? 1)}`,
          at === 0 ? t('colour-ribbon') : at === ROUND.length - 1 ? t('colour-circle') : '',
        ),
      ),
    );
}

function line(colour, words, beside) {
  const swatch = el('span', { class: 'swatch' });
  swatch.style.setProperty('--swatch', colour);
  return el('li', {}, swatch, el('span', {}, words), el('span', { class: 'muted number' }, beside));
}
