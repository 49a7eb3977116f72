/** What is due, as a walk: list first; found, sorted by nearness, skipped and planned anew on the way. */
import { found } from '../../core/find.js';
import { metresBetween } from '../../core/doors.js';
import { formats } from '../../core/formats.js';
import { leadsTo } from '../../core/sheets.js';
import { metresOf, planned } from '../../core/walk.js';
import { el, fill, icon } from '../../frame/dom.js';
import { toast } from '../../frame/toast.js';
import { locale, t } from '../../words.js';
import { askForCode } from '../scan.js';
import { body, called, day, head, panel, position, reason } from './pieces.js';

const format = formats(locale);

/** @returns {HTMLElement[]} */
export function todayView({ pack }) {
  const about = [
    t('phone-taken', { when: format.dateTime(pack.made_at) }),
    ...pack.grids.map(grid => t('home-grid', { code: grid.code })),
  ];
  return [
    head(t('frame-today'), { about: about.join(' · ') }),
    body(...pack.changes.map(changePanel), ...walkParts(pack)),
  ];
}

/** The field to find by, the order, and the list of buildings. */
function walkParts(pack) {
  const byId = new Map(pack.buildings.map(building => [building.id, building]));
  const due = Map.groupBy(pack.due, one => one.building_id);
  const skipped = new Set();
  let [order, typed, here] = [pack.walk.stops.filter(id => byId.has(id)), '', null];
  const [list, line] = [el('div', { id: 'walk' }), el('p', { class: 'muted', role: 'status' })];

  const shown = () => {
    if (typed) return found(pack.buildings, typed);
    const stops = [
      ...order,
      ...[...due.keys()].filter(id => byId.has(id) && !order.includes(id) && !skipped.has(id)),
    ];
    return [...stops, ...skipped].map(id => byId.get(id));
  };
  const draw = () => {
    const buildings = shown();
    if (here && !typed) buildings.sort((one, other) => away(one) - away(other));
    line.textContent = typed
      ? buildings.length
        ? ''
        : t('phone-found-none')
      : due.size
        ? t('phone-walk', { n: order.length, metres: format.onFoot(metresOf(order, pack.walk)) })
        : t('phone-nothing-due');
    fill(
      list,
      ...buildings.map(building =>
        buildingPanel(building, due.get(building.id) ?? [], {
          away: here ? format.onFoot(away(building)) : '',
          skipped: skipped.has(building.id),
          skip: typed || !due.has(building.id) ? null : () => skip(building.id),
        }),
      ),
    );
  };
  const away = building => metresBetween(here, [building.lon, building.lat]);
  const skip = id => {
    if (!skipped.delete(id)) skipped.add(id);
    const left = pack.walk.stops.filter(stop => byId.has(stop) && !skipped.has(stop));
    order = planned(left, order.find(stop => stop !== id && left.includes(stop)) ?? null, pack.walk);
    draw();
    line.textContent = t('phone-skipped');
  };
  const search = el('input', {
    type: 'search',
    autocomplete: 'off',
    'aria-label': t('phone-find'),
    placeholder: t('phone-find-about'),
    oninput: event => {
      typed = event.target.value;
      draw();
    },
  });
  const nearest = el(
    'button',
    {
      type: 'button',
      class: 'chip',
      'aria-pressed': 'false',
      onclick: async () => {
        here = here
          ? null
          : await position().catch(() => {
              toast(t('today-no-position'));
              return null;
            });
        nearest.setAttribute('aria-pressed', String(here !== null));
        draw();
      },
    },
    icon('locate-fixed', 'icon small'),
    t('phone-nearest'),
  );
  const scan = el(
    'button',
    {
      type: 'button',
      class: 'chip',
      onclick: async () => {
        const said = await askForCode();
        if (said?.sheet) location.assign(leadsTo(said.sheet, pack, navigator.onLine));
        if (!said?.typed) return;
        search.value = typed = said.typed;
        draw();
      },
    },
    icon('scan-qr-code', 'icon small'),
    t('phone-scan'),
  );
  draw();
  return [el('div', { class: 'filter-line', role: 'search' }, search, nearest, scan), line, list];
}

function buildingPanel(building, due, { away, skipped, skip }) {
  const overdue = due.filter(one => one.overdue).length;
  return el(
    'section',
    { class: `panel due-building${skipped ? ' is-skipped' : ''}`, 'data-building': building.id },
    el(
      'div',
      { class: 'panel-head' },
      el('h2', {}, el('a', { href: `/buildings/${building.id}` }, called(building))),
      el(
        'span',
        { class: 'muted' },
        away || (building.address === called(building) ? building.code : building.address) || '',
      ),
      overdue ? el('span', { class: 'tag warn' }, t('today-overdue-n', { n: overdue })) : null,
      skip
        ? el(
            'button',
            { type: 'button', class: 'button quiet', onclick: skip },
            t(skipped ? 'phone-unskip' : 'phone-skip'),
          )
        : null,
    ),
    due.length && !skipped
      ? el('div', { class: 'panel-body' }, el('ul', { class: 'rows due-rows' }, ...due.map(dueRow)))
      : null,
  );
}

/** One thing to do at one door. */
export function dueRow(one) {
  const where = one.household_id
    ? `household=${one.household_id}`
    : one.dwelling_id
      ? `dwelling=${one.dwelling_id}`
      : `building=${one.building_id}`;
  return el(
    'li',
    {},
    el(
      'a',
      { href: `/visits/new?${where}` },
      el('b', { class: 'due-door' }, one.door || t('today-house')),
      el(
        'span',
        { class: 'row-main' },
        reason(one),
        el('br'),
        el(
          'span',
          { class: 'muted small' },
          t(one.overdue ? 'due-was' : 'due-until', { day: day(one.due_on) }),
        ),
      ),
      el(
        'span',
        { class: 'row-side' },
        one.overdue ? el('span', { class: 'tag warn' }, t('home-state-overdue')) : null,
      ),
    ),
  );
}

/** Borders changed: what came, what went, and whom to ask. */
export function changePanel(change) {
  return panel(
    t('phone-changed', { joined: change.joined, left: change.left }),
    el('p', {}, t('phone-changed-about', { day: day(change.on) })),
    el(
      'ul',
      { class: 'rows held' },
      ...change.buildings.map(one => {
        const who = one.who ?? t('phone-passed-nobody');
        return el(
          'li',
          {},
          el(
            'span',
            { class: 'row-main' },
            el('b', {}, one.name),
            el('br'),
            el(
              'span',
              { class: 'muted small' },
              t(one.way === 'joined' ? 'phone-joined-from' : 'phone-left-to', {
                who,
                grid: one.grid_code ?? '—',
              }),
            ),
          ),
          el('span', { class: 'row-side' }, el('span', { class: 'tag' }, t(`phone-${one.way}`))),
        );
      }),
    ),
  );
}
