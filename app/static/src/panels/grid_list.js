/**
 * The list of all grids: filters, histogram, and a table that draws only the rows in sight.
 *
 * The table is a grid in the sense of ARIA: one row takes the focus, arrows move it, Enter chooses.
 */
import { formats } from '../core/formats.js';
import { COLUMNS, FILTERS, filtered, rowsInSight, sorted } from '../core/rows.js';
import { numberOf } from '../core/labels.js';
import { side, sign, swatch } from '../core/deviation.js';
import { el, fill, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';
import { countOfHouseholds } from './households.js';
import { histogram } from './pieces.js';

const format = formats(locale);
const ROW_PX = 48;
const NUMBERS = ['households', 'deviation', 'buildings', 'area_m2', 'compactness'];
const PAGE_ROWS = 10;

/** What each cell says. */
const CELLS = {
  code: (grid, community) => [
    el(
      'div',
      { class: 'grid-cell' },
      el('span', { class: `swatch ${swatch(grid.class)} ${side(grid) ? 'hatched' : ''}` }),
      el(
        'span',
        {},
        grid.name || numberOf(grid.code),
        community ? el('span', { class: 'muted small', title: community }, community) : null,
      ),
    ),
  ],
  households: grid => [countOfHouseholds(grid.households)],
  deviation: grid =>
    grid.class === null
      ? [el('span', { class: 'muted' }, t('map-nobody-short'))]
      : [
          el(
            'span',
            { class: side(grid) },
            [sign(grid), grid.deviation === null ? '' : format.deviation(grid.deviation)].join(' ').trim(),
          ),
        ],
  buildings: grid => [format.count(grid.buildings)],
  area_m2: grid => [format.hectares(grid.area_m2)],
  compactness: grid => [grid.compactness === null ? '–' : format.compactness(grid.compactness)],
  coordinator: grid =>
    grid.coordinator
      ? [el('span', { title: grid.coordinator.name }, grid.coordinator.name)]
      : grid.vacant_since
        ? [el('span', { class: 'vacant' }, t('grid-vacant'))]
        : [el('span', { class: 'muted' }, '–')],
};

/**
 * @param {{choose: (grid: object) => void, point: (grid: object | null) => void, wider: () => void, close: () => void}} acts
 *   point: the pointer or focus is on its row; wider, close: of the panel
 */
export function makeGridList({ choose, point, wider, close }) {
  let grids = [],
    rows = [],
    plan = null,
    communities = new Map();
  let wish = { filter: 'all', words: '', from: null, to: null };
  let order = { column: 'code', descending: false };
  let focused = 0,
    chosen = null;

  const chips = el('div', { class: 'filter-line', role: 'group', 'aria-label': t('map-filter') });
  const words = el('input', {
    type: 'search',
    placeholder: t('map-filter-words'),
    'aria-label': t('map-filter-words'),
    autocomplete: 'off',
    oninput: ({ target }) => {
      wish.words = target.value;
      refresh();
    },
  });
  const chart = el('div', { class: 'chart' });
  const head = el('tr', { 'aria-rowindex': 1 });
  const body = el('tbody', {});
  const table = el(
    'table',
    { class: 'table', role: 'grid', 'aria-label': t('map-grids') },
    el('thead', {}, head),
    body,
  );
  const frame = el('div', { class: 'table-frame', tabindex: '-1' }, table);
  const nothing = el('p', { class: 'empty', hidden: true });
  const title = el('h2', {});
  const tools = [
    el(
      'button',
      {
        type: 'button',
        class: 'button quiet icon-only',
        'aria-label': t('map-side-wide'),
        title: t('map-side-wide'),
        onclick: wider,
      },
      icon('columns-3'),
    ),
    el(
      'button',
      {
        type: 'button',
        class: 'button quiet icon-only',
        'aria-label': t('map-side-close'),
        title: t('map-side-close'),
        onclick: close,
      },
      icon('panel-right-close'),
    ),
  ];
  const root = el(
    'div',
    { class: 'grid-list' },
    el(
      'div',
      { class: 'side-section' },
      el('div', { class: 'side-title' }, title, ...tools),
      chips,
      chart,
      words,
    ),
    frame,
    nothing,
  );

  frame.addEventListener('scroll', drawRows, { passive: true });
  new ResizeObserver(drawRows).observe(frame);
  body.addEventListener('click', ({ target }) => {
    const row = target.closest('tr[data-row]');
    if (row) choose(rows[row.dataset.row]);
  });
  body.addEventListener('pointerover', ({ target }) => {
    const row = target.closest('tr[data-row]');
    if (row) point(rows[row.dataset.row]);
  });
  body.addEventListener('pointerleave', () => point(null));
  body.addEventListener('keydown', onKey);

  function onKey(event) {
    const steps = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: PAGE_ROWS,
      PageUp: -PAGE_ROWS,
      Home: -rows.length,
      End: rows.length,
    };
    if (event.key in steps) {
      event.preventDefault();
      focusRow(focused + steps[event.key]);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose(rows[focused]);
    }
  }

  function focusRow(number) {
    if (!rows.length) return;
    focused = Math.max(0, Math.min(rows.length - 1, number));
    scrollTo(focused);
    drawRows();
    body.querySelector(`tr[data-row="${focused}"]`)?.focus({ preventScroll: true });
    point(rows[focused]);
  }

  function scrollTo(number) {
    const [top, room] = [number * ROW_PX, frame.clientHeight - table.tHead.offsetHeight];
    if (top < frame.scrollTop) frame.scrollTop = top;
    else if (top + ROW_PX > frame.scrollTop + room) frame.scrollTop = top + ROW_PX - room;
  }

  function drawChips() {
    const chip = name =>
      el(
        'button',
        {
          type: 'button',
          class: 'chip',
          'aria-pressed': String(wish.filter === name && wish.from === null),
          onclick: () => {
            wish = { ...wish, filter: name, from: null, to: null };
            refresh();
          },
        },
        t('map-filter-of', { filter: name }),
        el('strong', { class: 'number' }, format.count(grids.filter(FILTERS[name]).length)),
      );
    const range =
      wish.from === null
        ? null
        : el(
            'button',
            {
              type: 'button',
              class: 'chip',
              'aria-pressed': 'true',
              onclick: () => {
                wish = { ...wish, from: null, to: null };
                refresh();
              },
            },
            t('map-filter-range', { from: Math.max(0, wish.from), to: wish.to - 1 }),
            icon('x', 'icon small'),
          );
    fill(chips, chip('all'), chip('out'), plan?.state === 'published' ? chip('vacant') : null, range);
  }

  function drawHead() {
    fill(
      head,
      ...COLUMNS.map(column => {
        const here = order.column === column;
        const arrow = here ? (order.descending ? icon('arrow-down') : icon('arrow-up')) : null;
        return el(
          'th',
          {
            class: NUMBERS.includes(column) ? `number ${column}` : column,
            scope: 'col',
            'aria-sort': here ? (order.descending ? 'descending' : 'ascending') : 'none',
          },
          el(
            'button',
            {
              type: 'button',
              class: 'sort',
              title: t('map-column-about', { column }),
              onclick: () => {
                order = { column, descending: here ? !order.descending : NUMBERS.includes(column) };
                refresh();
                head.querySelector(`th.${column} button`).focus();
              },
            },
            t('map-column', { column }),
            arrow,
          ),
        );
      }),
    );
  }

  /** Only rows in sight exist; two empty rows hold the place of the others. */
  function drawRows() {
    const { first, last } = rowsInSight({
      scrolled: frame.scrollTop,
      height: frame.clientHeight || 600,
      rowHeight: ROW_PX,
      count: rows.length,
    });
    const had = document.activeElement?.dataset?.row;
    fill(
      body,
      spaceOf(first),
      ...rows.slice(first, last).map((grid, offset) => drawRow(grid, first + offset)),
      spaceOf(rows.length - last),
    );
    if (had !== undefined && root.contains(body))
      body.querySelector(`tr[data-row="${had}"]`)?.focus({ preventScroll: true });
  }

  /** An empty row in place of so many. */
  function spaceOf(count) {
    if (!count) return null;
    const cell = el('td'); // no colspan: it would bring the columns back that have no room
    cell.style.height = `${count * ROW_PX}px`;
    return el('tr', { class: 'space', role: 'presentation' }, cell);
  }

  function drawRow(grid, number) {
    const row = el(
      'tr',
      {
        class: 'pressable',
        'data-row': number,
        'aria-rowindex': number + 2,
        tabindex: number === focused ? '0' : '-1',
        'aria-selected': String(grid === chosen),
      },
      ...COLUMNS.map(column =>
        el(
          'td',
          { class: NUMBERS.includes(column) ? `number ${column}` : column },
          ...CELLS[column](grid, communities.get(grid.community)),
        ),
      ),
    );
    row.style.height = `${ROW_PX}px`;
    return row;
  }

  function refresh() {
    const isIn = ({ households }) => households !== null && households >= wish.from && households < wish.to;
    const inRange = grid => wish.from === null || isIn(grid);
    rows = sorted(filtered(grids, wish).filter(inRange), order, locale);
    focused = Math.max(0, rows.indexOf(chosen));
    table.setAttribute('aria-rowcount', rows.length + 1);
    drawChips();
    drawHead();
    fill(nothing, icon('filter-x'), t('map-filter-nothing', { filter: wish.words ? 'words' : wish.filter }));
    nothing.hidden = rows.length > 0 || !grids.length;
    frame.hidden = !nothing.hidden;
    drawRows();
  }

  return {
    root,

    /** @param {object[]} list of grids @param {object} of the plan @param {Map<string, string>} names of communities by code */
    show(list, of, names) {
      if (plan?.id !== of.id) wish = { filter: 'all', words: '', from: null, to: null };
      [grids, plan, communities] = [list, of, names];
      words.value = wish.words;
      title.textContent = t('map-grid-count', { n: list.length });
      chosen = null;
      frame.scrollTop = 0;
      fill(
        chart,
        list.length > 1
          ? histogram(list, of, step => {
              wish = { ...wish, filter: 'all', from: step.from, to: step.to };
              refresh();
            })
          : null,
        of.in_fives && el('p', { class: 'hint', title: t('counts-in-fives') }, t('map-in-fives')),
      );
      refresh();
    },

    /** Mark a grid's row and bring it into sight. */
    mark(grid) {
      chosen = grid;
      const number = rows.indexOf(grid);
      if (number >= 0) {
        focused = number;
        scrollTo(number);
      }
      drawRows();
    },

    /** The row of the chosen grid, or the first, takes the focus. */
    focus: () => focusRow(focused),
  };
}
