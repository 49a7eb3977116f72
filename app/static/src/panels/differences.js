/** What differs between two plans: hatched on the map as a view of its own, and the buildings in a table. */
import { boundsOf, drawn } from '../core/differences.js';
import { formats } from '../core/formats.js';
import { nameIn } from '../core/names.js';
import { get } from '../frame/api.js';
import { el, fill, icon } from '../frame/dom.js';
import { toastProblem } from '../frame/toast.js';
import { language, locale, t } from '../words.js';

const format = formats(locale);
const PAGE = 50,
  WHOLE = 1000; // rows that are asked for at once
const BUILDING_ZOOM = 17,
  CLOSEST = 16;

/**
 * A view of the map beside before and after.
 *
 * @param {object} swipe @param {string} asked what the API is asked, `with=7`
 * @param {object} plan the later one @param {() => object} mapOf its map
 * @param {(code: string) => string} short
 */
export function differenceView(swipe, asked, plan, mapOf, short) {
  let found = null;
  const arrow = (from, to) => `${from === null ? '–' : short(from)} → ${short(to)}`;
  swipe.besides(t('difference-view'), turned => void turn(turned).catch(toastProblem));

  async function turn(yes) {
    if (!yes) return mapOf().show({ differences: null });
    found ??= await get(`/api/plans/${plan.id}/differences?${asked}`);
    mapOf().show({ differences: drawn(found, arrow) });
    const bounds = boundsOf(found);
    if (bounds) mapOf().goTo(bounds, { closest: CLOSEST });
  }
}

/**
 * The buildings that change hands: sorted by any column, more by pressing, all of them on paper.
 *
 * @param {string} asked @param {object} plan the later one @param {(code: string) => string} short
 * @param {(position: number[], zoom: number) => void} point shows a building on the map
 */
export function movedBuildings(asked, plan, short, point) {
  const order = { sort: 'households', descending: true };
  const rows = el('tbody');
  const more = el('button', {
    type: 'button',
    class: 'button',
    onclick: () => void load().catch(toastProblem),
  });
  const print = el(
    'button',
    { type: 'button', class: 'button', onclick: () => void printAll().catch(toastProblem) },
    icon('printer'),
    t('difference-print'),
  );
  const title = el('h2', {}, t('difference-buildings'));
  const said = el('p', { class: 'muted', 'aria-live': 'polite' });
  let next = 0;
  const heads = [
    ['name', t('difference-building'), false],
    ['households', t('plan-households'), true],
    ['from', t('difference-from'), false],
    ['to', t('difference-to'), false],
  ].map(([key, words, isNumber]) => ({ key, cell: headOf(key, words, isNumber) }));
  const table = el(
    'div',
    { class: 'table-frame' },
    el(
      'table',
      { class: 'table moved stacked' },
      el('thead', {}, el('tr', {}, ...heads.map(head => head.cell))),
      rows,
    ),
  );
  const body = el('div', { class: 'panel-body' }, said, table, more);
  const section = el(
    'section',
    { class: 'panel', id: 'moved' },
    el('div', { class: 'panel-head' }, title, el('div', { class: 'actions' }, print)),
    body,
  );
  mark();
  void load().catch(problem => fill(body, el('p', { class: 'notice bad' }, problem.message)));
  return section;

  function headOf(key, words, isNumber) {
    return el(
      'th',
      { class: isNumber && 'number', scope: 'col' },
      el('button', { type: 'button', class: 'sort', onclick: () => sortBy(key, isNumber) }, words),
    );
  }

  function sortBy(key, isNumber) {
    order.descending = order.sort === key ? !order.descending : isNumber;
    order.sort = key;
    next = 0;
    mark();
    void load().catch(toastProblem);
  }

  function mark() {
    for (const { key, cell } of heads) {
      const isHere = key === order.sort;
      cell.setAttribute('aria-sort', !isHere ? 'none' : order.descending ? 'descending' : 'ascending');
      cell.querySelector('.icon')?.remove();
      if (isHere)
        cell.firstChild.append(
          order.descending ? icon('arrow-down', 'icon small') : icon('arrow-up', 'icon small'),
        );
    }
  }

  async function load(limit = PAGE) {
    const from = next;
    const query = `${asked}&sort=${order.sort}&descending=${order.descending}&limit=${limit}&after=${from}`;
    const page = await get(`/api/plans/${plan.id}/moved-buildings?${query}`);
    const fresh = page.buildings.map(rowOf);
    if (from) rows.append(...fresh);
    else rows.replaceChildren(...fresh);
    next = page.next;
    said.textContent = t(page.households === null ? 'difference-total-untold' : 'difference-total', {
      n: page.total,
      households: page.households,
    });
    if (page.people) said.append(' · ', t('difference-people', { people: page.people }));
    table.hidden = print.hidden = page.total === 0;
    more.hidden = next === null;
    more.textContent = t('difference-more', { n: page.total - rows.children.length });
  }

  async function printAll() {
    while (next !== null) await load(WHOLE);
    document.documentElement.classList.add('print-moved');
    addEventListener('afterprint', () => document.documentElement.classList.remove('print-moved'), {
      once: true,
    });
    window.print();
  }

  function rowOf(row) {
    const named = nameIn(row, language) || row.code;
    return el(
      'tr',
      { class: 'pressable', onclick: () => point(row.position, BUILDING_ZOOM) },
      el(
        'th',
        { scope: 'row' },
        el('button', { type: 'button', class: 'button quiet code' }, named),
        row.name && el('span', { class: 'hint block' }, row.code),
      ),
      cell('plan-households', row.households === null ? '–' : format.count(row.households), 'number'),
      cell('difference-from', row.from === null ? '–' : short(row.from)),
      cell('difference-to', short(row.to)),
    );
  }
  /** A cell that says on a phone, where there are no columns, what it tells. */
  function cell(word, told, kind) {
    return el('td', { class: kind, 'data-name': t(word) }, told);
  }
}
