/** A plan beside another: both on one map under a divider, what changes for whom, and publishing. */
import '../frame/frame.js';
import { formats } from '../core/formats.js';
import { managedPlaces, placeName } from '../core/managed.js';
import { get } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { toastProblem } from '../frame/toast.js';
import { makeMap } from '../map/make_map.js';
import { moveTogether } from '../map/together.js';
import { gridLabels } from '../panels/grid_labels.js';
import { makeSwipe } from '../panels/swipe.js';
import { planFigures, planName, publish, spread, stateTag } from '../panels/plan_pieces.js';
import { language, locale, t } from '../words.js';

const facts = pageFacts();
const format = formats(locale);
const find = selector => document.querySelector(selector);
const NAMES_PX = 60,
  CHOICE_PX = 72,
  EDGE_PX = 24; // of the map, which something lies over
const CLOSEST = 15.5;
const SHOWN_FIRST = matchMedia('(max-width: 719px)').matches ? 12 : 40;
let short = code => code; // in `show` it learns what all codes begin with

void begin();

async function begin() {
  try {
    const wanted = new URL(location).searchParams.get('with');
    const [after, { comparison }] = await Promise.all([
      get(`/api/plans/${facts.plan}`),
      get(`/api/plans/${facts.plan}/comparison${wanted ? `?with=${Number(wanted)}` : ''}`),
    ]);
    const gridsOf = async id => (id ? (await get(`/api/plans/${id}/grids`)).grids : []);
    const [before, { places }, grids, former] = await Promise.all([
      comparison ? get(`/api/plans/${comparison.before}`) : null,
      get('/api/places'),
      gridsOf(after.id),
      gridsOf(comparison?.before),
    ]);
    show(after, before, comparison, places, grids, former);
  } catch (problem) {
    fill(
      find('#body'),
      el('p', { class: 'notice danger' }, icon('circle-alert'), el('span', {}, problem.message)),
    );
  }
}

function show(after, before, comparison, places, grids, former) {
  const place = places.find(one => one.code === after.place.code) ?? { tiles: null };
  const mayPublish = after.state === 'draft' && managedPlaces(places, facts.managed)(after.place.code);
  find('#title').textContent = placeName(after.place, language);
  find('#about').textContent = before
    ? t('compare-about', { before: planName(before), after: planName(after) })
    : t(after.state === 'draft' ? 'compare-first' : 'compare-alone', { after: planName(after) });
  const button =
    mayPublish &&
    el(
      'button',
      {
        type: 'button',
        class: 'button primary',
        onclick: () => void publishIt(after, before?.state === 'published' ? comparison : null, button),
      },
      icon('badge-check'),
      t('publish-act'),
    );
  fill(
    find('#actions'),
    button,
    el(
      'a',
      { class: 'button', href: `/plans?place=${after.place.code}` },
      icon('layers-2'),
      t('frame-plans'),
    ),
  );
  short = shortener([...(comparison?.grids ?? []), ...grids].map(grid => grid.code));
  const maps = planMaps(after, before, place, { grids, former });
  fill(
    find('#body'),
    el('div', { id: 'said', role: 'alert' }),
    maps.element,
    el(
      'div',
      { class: 'columns outcome' },
      el(
        'section',
        { class: 'panel' },
        el('div', { class: 'panel-head' }, el('h2', {}, t('compare-figures')), stateTag(after)),
        el('div', { class: 'panel-body' }, planFigures(after), ...spread(after, grids)),
      ),
      comparison
        ? changesPanel(comparison)
        : el(
            'section',
            { class: 'panel' },
            el('div', { class: 'panel-body' }, el('p', {}, t('compare-nothing'))),
          ),
    ),
    comparison && gridsPanel(comparison, maps),
  );
  maps.start();
}

/** Both plans on maps that move together under a divider; one alone where there is none before. */
function planMaps(after, before, place, { grids, former }) {
  const root = el('div', { class: 'swipe' });
  const swipe = makeSwipe(root);
  const sides = before
    ? [
        ['before', before, t('compare-before'), former],
        ['after', after, t('compare-after'), grids],
      ]
    : [['before', after, t('compare-only'), grids]];
  swipe.compare(sides.length > 1);
  for (const [which, plan, title] of sides)
    swipe.name(which, el('strong', {}, title), ' ', planName(plan), ' ', stateTag(plan));
  const make = ([which, plan, title, labelled]) =>
    makeMap(swipe[which], {
      ground: place.tiles,
      plan: plan.tiles,
      bbox: after.bbox,
      labels: gridLabels(labelled),
      padding: () => ({ top: NAMES_PX, bottom: CHOICE_PX, left: EDGE_PX, right: EDGE_PX }),
      title: `${title}: ${planName(plan)}`,
    });
  const maps = {
    element: el(
      'figure',
      { class: 'compared panel' },
      el('div', { class: 'compared-maps' }, root),
      el('figcaption', { class: 'compared-whose' }, place.attribution ?? ''),
    ),
    shown: [],
    /** Only once it is on the page, for maps need to know how large they are. */
    start() {
      maps.shown = sides.map(make);
      moveTogether(maps.shown.map(one => one.map));
    },
  };
  return maps;
}

function changesPanel(comparison) {
  const share = comparison.households ? comparison.households_moved / comparison.households : 0;
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
          format.count(comparison.households_moved),
          format.percent(share),
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
        ? el(
            'div',
            { class: 'table-frame tall' },
            el(
              'table',
              { class: 'table' },
              el(
                'thead',
                {},
                el(
                  'tr',
                  {},
                  el('th', {}, t('compare-person')),
                  el('th', {}, t('compare-grids')),
                  el('th', { class: 'number' }, t('compare-was')),
                  el('th', { class: 'number' }, t('compare-will')),
                ),
              ),
              el(
                'tbody',
                {},
                ...people.map(person =>
                  el(
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
                    el('td', { class: 'number' }, format.count(person.households_before)),
                    el('td', { class: 'number' }, format.count(person.households_after)),
                  ),
                ),
              ),
            ),
          )
        : el('p', { class: 'muted' }, t('compare-nobody')),
    ),
  );
}

function gridsPanel(comparison, maps) {
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
  const rows = el('tbody', {}, ...changed.slice(0, SHOWN_FIRST).map(grid => row(grid, maps)));
  const rest =
    changed.length > SHOWN_FIRST &&
    el(
      'button',
      {
        type: 'button',
        class: 'button',
        onclick: () => {
          rows.append(...changed.slice(SHOWN_FIRST).map(grid => row(grid, maps)));
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
          { class: 'table changes' },
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

function row(grid, maps) {
  const count = n => (n === null ? '–' : format.count(n));
  const both = (households, buildings) =>
    buildings || households ? t('compare-flow', { households: format.count(households), buildings }) : '–';
  const named = (name, words, isNumber = true) =>
    el('td', { class: isNumber && 'number', 'data-name': name, 'data-empty': words === '–' }, words);
  return el(
    'tr',
    { class: 'pressable', onclick: () => point(grid, maps) },
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
    named(t('compare-was'), count(grid.households_before)),
    named(t('compare-will'), count(grid.households_after)),
    named(t('compare-gets'), both(grid.households_gained, grid.buildings_gained)),
    named(t('compare-gives'), both(grid.households_lost, grid.buildings_lost)),
    named(t('compare-coordinator'), grid.coordinator ?? '–', false),
  );
}

/** Show a grid of the table on both maps, beneath the divider. */
async function point(grid, maps) {
  [grid.before_id, grid.after_id].forEach((id, side) => maps.shown[side]?.chooseGrid(id));
  try {
    const { bbox } = await get(`/api/grids/${grid.after_id ?? grid.before_id}`);
    maps.shown[0]?.goTo(bbox, { closest: CLOSEST });
    maps.element.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  } catch (problem) {
    toastProblem(problem);
  }
}

async function publishIt(plan, comparison, button) {
  button.disabled = true;
  try {
    const done = await publish(plan, comparison);
    if (done) return location.assign(`/map?place=${plan.place.code}`);
  } catch (problem) {
    fill(
      find('#said'),
      el('p', { class: 'notice danger' }, icon('circle-alert'), el('span', {}, problem.message)),
    );
  }
  button.disabled = false;
}

function weight(grid) {
  return grid.households_gained + grid.households_lost + (grid.state === 'kept' ? 0 : 1);
}

/** Codes without what all of them begin with, three digits at a time. */
function shortener(codes) {
  let same = Math.max(0, Math.min(...codes.map(code => code.length)) - 3);
  while (same > 0 && !(same % 3 === 0 && codes.every(code => code.startsWith(codes[0].slice(0, same)))))
    same -= 1;
  return code => code.slice(same);
}

function figure(name, value, small) {
  return el('div', {}, el('dt', {}, name), el('dd', {}, value, small && el('small', {}, small)));
}
