/** What changes for whom from one plan to another: figures, coordinators, and grid by grid. */
import { formats } from '../core/formats.js';
import { el, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';
import { countOfHouseholds, toldWith } from './households.js';
import { figure, ofNumbers, table } from './pieces.js';

const format = formats(locale);
const SHOWN_FIRST = matchMedia('(max-width: 719px)').matches ? 12 : 40;

/**
 * Figures of what changes hands, and the coordinators whose grids change.
 *
 * @param {object} comparison as the API tells it @param {(code: string) => string} short of grids' codes
 */
export function changesPanel(comparison, short) {
  const { households, households_moved: moved } = comparison;
  const share = moved === null ? null : households ? moved / households : 0;
  const people = comparison.coordinators;
  return el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('compare-changes'))),
    el(
      'div',
      { class: 'panel-body' },
      el(
        'dl',
        { class: 'figures' },
        figure(
          t('compare-households-moved'),
          countOfHouseholds(comparison.households_moved),
          share === null ? null : format.percent(share),
        ),
        figure(t('compare-buildings-moved'), format.count(comparison.buildings_moved)),
        figure(t('compare-kept'), format.count(comparison.grids_kept)),
        figure(t('compare-new'), format.count(comparison.grids_new)),
        figure(t('compare-void'), format.count(comparison.grids_void)),
      ),
      !comparison.same_ground &&
        el('p', { class: 'notice' }, icon('info'), el('span', {}, t('compare-other-ground'))),
      el('h3', {}, t('compare-people', { n: people.length })),
      people.length > 0
        ? el('div', { class: 'table-frame tall' }, peopleTable(people, short))
        : el('p', { class: 'muted' }, t('compare-nobody')),
    ),
  );
}

/** On a phone a list, in which each figure says what it is. */
function peopleTable(people, short) {
  const made = table(
    [t('compare-person'), t('compare-grids'), ofNumbers(t('compare-was')), ofNumbers(t('compare-will'))],
    people.map(person => personRow(person, short)),
  );
  made.classList.add('coordinators', 'stacked');
  return made;
}

function personRow(person, short) {
  const count = (name, n) => el('td', { class: 'number', 'data-name': name }, countOfHouseholds(n));
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, person.name),
    el(
      'td',
      {},
      person.grids.map(short).join(t('list-comma')),
      person.grids_void.length > 0 &&
        el(
          'span',
          { class: 'tag warn' },
          t('compare-ends', { codes: person.grids_void.map(short).join(t('list-comma')) }),
        ),
    ),
    count(t('compare-was'), person.households_before),
    count(t('compare-will'), person.households_after),
  );
}

/**
 * The grids that change, those that change most first.
 *
 * @param {(grid: object) => void} point show one on the map
 * @returns {HTMLElement | null} null where none does
 */
export function gridsPanel(comparison, short, point) {
  const changed = comparison.grids
    .filter(
      grid =>
        grid.state !== 'kept' ||
        grid.households_gained ||
        grid.households_lost ||
        grid.buildings_gained ||
        grid.buildings_lost,
    )
    .sort((a, b) => weight(b) - weight(a));
  if (!changed.length) return null;
  const rows = el('tbody', {}, ...changed.slice(0, SHOWN_FIRST).map(grid => row(grid, short, point)));
  const rest =
    changed.length > SHOWN_FIRST &&
    el(
      'button',
      {
        type: 'button',
        class: 'button',
        onclick: () => {
          rows.append(...changed.slice(SHOWN_FIRST).map(grid => row(grid, short, point)));
          rest.remove();
        },
      },
      t('compare-all', { n: changed.length }),
    );
  const heads = [
    [t('compare-grid')],
    [t('plans-state')],
    [t('compare-was'), 1],
    [t('compare-will'), 1],
    [t('compare-gets'), 1],
    [t('compare-gives'), 1],
    [t('compare-coordinator')],
  ];
  return el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('compare-table', { n: changed.length }))),
    el(
      'div',
      { class: 'panel-body' },
      el(
        'div',
        { class: 'table-frame' },
        el(
          'table',
          { class: 'table changes stacked' },
          el(
            'thead',
            {},
            el(
              'tr',
              {},
              ...heads.map(([words, isNumber]) => el('th', { class: isNumber && 'number' }, words)),
            ),
          ),
          rows,
        ),
      ),
      rest,
    ),
  );
}

function row(grid, short, point) {
  const count = (n, id) => (id === null ? '–' : countOfHouseholds(n));
  const both = (households, buildings) =>
    buildings || households
      ? toldWith('compare-flow', 'compare-flow-untold', { households, buildings })
      : '–';
  const named = (name, words, isNumber = true) =>
    el('td', { class: isNumber && 'number', 'data-name': name, 'data-empty': words === '–' }, words);
  return el(
    'tr',
    { class: 'pressable', onclick: () => point(grid) },
    el(
      'th',
      { scope: 'row' },
      el('button', { type: 'button', class: 'button quiet code', title: grid.code }, short(grid.code)),
    ),
    el(
      'td',
      {},
      el(
        'span',
        { class: `tag ${{ kept: '', new: 'draft', void: 'warn' }[grid.state]}` },
        t('compare-state', { state: grid.state }),
      ),
    ),
    named(t('compare-was'), count(grid.households_before, grid.before_id)),
    named(t('compare-will'), count(grid.households_after, grid.after_id)),
    named(t('compare-gets'), both(grid.households_gained, grid.buildings_gained)),
    named(t('compare-gives'), both(grid.households_lost, grid.buildings_lost)),
    named(t('compare-coordinator'), grid.coordinator ?? '–', false),
  );
}

function weight(grid) {
  return grid.households_gained + grid.households_lost + (grid.state === 'kept' ? 0 : 1);
}
