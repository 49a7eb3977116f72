/** What snapping a grid layer to plots took: every finding in a list, and on the map when it is pressed. */
import '../frame/frame.js';
import { shortener } from '../core/codes.js';
import { frameOf, groupsOf } from '../core/findings.js';
import { formats } from '../core/formats.js';
import { placeName } from '../core/managed.js';
import { get } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { makeMap } from '../map/make_map.js';
import { gridLabels } from '../panels/grid_labels.js';
import { titleOf } from '../panels/names.js';
import { stateTag } from '../panels/plan_pieces.js';
import { language, locale, t } from '../words.js';

const facts = pageFacts();
const format = formats(locale);
const find = selector => document.querySelector(selector);
const CLOSEST = 17;
const SHOWN_FIRST = 12;
const PADDING_PX = 40;
let short = code => code; // in `show` it learns what all codes begin with

void begin();

async function begin() {
  try {
    const [plan, report, { grids }, { places }] = await Promise.all([
      get(`/api/plans/${facts.plan}`),
      get(`/api/plans/${facts.plan}/layer-report`),
      get(`/api/plans/${facts.plan}/grids`),
      get('/api/places'),
    ]);
    show(plan, report, grids, places.find(one => one.code === plan.place.code) ?? { tiles: null });
  } catch (problem) {
    fill(
      find('#body'),
      el('p', { class: 'notice bad', role: 'alert' }, icon('circle-alert'), el('span', {}, problem.message)),
    );
  }
}

function show(plan, report, grids, place) {
  short = shortener(grids.map(grid => grid.code));
  find('#title').textContent = t('layer-of', { file: report.file });
  fill(find('#about'), `${placeName(plan.place, language)} · ${titleOf(plan)} `, stateTag(plan));
  fill(find('#actions'), ...actions(plan));
  const canvas = el('div', { class: 'layer-map' });
  const list = el('div', { class: 'panel-body', id: 'findings' });
  fill(
    find('#body'),
    el(
      'div',
      { class: 'layer-columns' },
      el(
        'section',
        { class: 'panel' },
        el('div', { class: 'panel-head' }, el('h2', {}, t('layer-took'))),
        list,
      ),
      el('figure', { class: 'panel layer-figure' }, canvas, el('figcaption', {}, place.attribution ?? '')),
    ),
  );
  const map = makeMap(canvas, {
    ground: place.tiles,
    plan: plan.tiles,
    bbox: plan.bbox,
    labels: gridLabels(grids),
    padding: () => PADDING_PX,
    title: titleOf(plan),
  });
  fill(list, ...summary(report), ...groupsOf(report).map(group => groupOf(group, pointer(map, canvas))));
}

function actions(plan) {
  const link = (href, symbol, words, kind = '') => el('a', { class: `button ${kind}`, href }, symbol, words);
  return [
    plan.state === 'draft' && link(`/plans/${plan.id}/edit`, icon('spline'), t('life-edit'), 'primary'),
    link(`/plans/${plan.id}/compare`, icon('columns-2'), t('life-compare')),
    link(`/plans?place=${plan.place.code}`, icon('layers-2'), t('frame-plans')),
  ];
}

/** The layer in a few figures, and what is wrong with all of it. */
function summary(report) {
  const figure = (name, value, small) =>
    el('div', {}, el('dt', {}, name), el('dd', {}, value, small && el('small', {}, small)));
  const share = m2 => format.percentFine(m2 / report.ground_m2);
  const warn = words => el('p', { class: 'notice warn' }, icon('triangle-alert'), el('span', {}, words));
  const { refused, refused_count, warnings } = report.reading;
  return [
    el(
      'dl',
      { class: 'figures' },
      figure(t('layer-polygons'), format.count(report.polygons), outside(report.outside)),
      figure(t('plan-grids'), format.count(report.grids)),
      figure(t('layer-moved'), format.area(report.moved_m2), share(report.moved_m2)),
      figure(t('layer-uncovered'), format.area(report.uncovered_m2), share(report.uncovered_m2)),
      figure(t('layer-doubled'), format.area(report.doubled_m2), share(report.doubled_m2)),
    ),
    report.datum && warn(t('layer-datum', { datum: t('reading-datum-name', { name: report.datum }) })),
    ...warnings.map(one => warn(one.words)),
    refused_count > 0 && warn(t('layer-rows-out', { n: refused_count, why: refused[0].why })),
    Object.values(report.counts).every(count => count === 0) &&
      el('p', { class: 'notice good' }, icon('circle-check'), el('span', {}, t('layer-nothing'))),
  ].filter(Boolean);
}

function outside(count) {
  return count > 0 && t('layer-outside', { n: count });
}

function groupOf({ kind, count, rows }, point) {
  const list = el('ul', { class: 'rows' }, ...rows.slice(0, SHOWN_FIRST).map(row => rowOf(kind, row, point)));
  const rest =
    rows.length > SHOWN_FIRST &&
    el(
      'button',
      {
        type: 'button',
        class: 'button',
        onclick: () => {
          list.append(...rows.slice(SHOWN_FIRST).map(row => rowOf(kind, row, point)));
          rest.remove();
        },
      },
      t('layer-all', { n: rows.length }),
    );
  return el(
    'section',
    { class: 'finding-group' },
    el('h3', {}, t('layer-kind', { kind, n: count })),
    el('p', { class: 'hint' }, t('layer-kind-about', { kind })),
    list,
    rest,
    count > rows.length && el('p', { class: 'hint' }, t('layer-more', { n: count - rows.length })),
  );
}

function rowOf(kind, row, point) {
  const button = el(
    'button',
    { type: 'button', onclick: () => point(row, button), disabled: !row.bbox },
    el(
      'span',
      { class: 'row-main' },
      el('strong', {}, nameOf(kind, row)),
      el('small', {}, becameOf(kind, row)),
    ),
    el('span', { class: 'row-side' }, sizeOf(kind, row)),
  );
  return el('li', {}, button);
}

/** What a finding is about. */
function nameOf(kind, row) {
  if (kind === 'cut') return row.building.name ?? row.building.code;
  if (kind === 'renumbered') return row.wanted;
  if (kind === 'uncovered') return format.area(row.m2);
  return row.polygons.map(one => short(one)).join(t('layer-and'));
}

/** What became of it. */
function becameOf(kind, row) {
  const grids = (row.grids ?? []).slice(0, 4).map(short).join(t('list-comma'));
  const more = Math.max(0, (row.grids ?? []).length - 4);
  if (kind === 'cut') {
    const shares = row.shares.map(share => format.percent(share)).join(' : ');
    return t('layer-cut-became', { shares, grids });
  }
  if (kind === 'divided')
    return t('layer-divided-became', {
      communities: row.communities.join(t('list-comma')),
      n: row.grids.length,
      grids,
      strayed: row.strayed_plots,
    });
  if (kind === 'lost') return t('layer-lost-became');
  if (kind === 'doubled' && !row.grids.length) return t('layer-doubled-strip');
  return t(row.made?.length ? 'layer-made' : 'layer-now-in', { grids, more });
}

function sizeOf(kind, row) {
  if (kind === 'lost') return format.area(row.m2);
  if (kind === 'renumbered') return '';
  return row.households === null ? '' : t('layer-households', { n: row.households });
}

/** Shows a finding on the map and marks its row. */
function pointer(map, canvas) {
  let pressed = null;
  return (row, button) => {
    pressed?.removeAttribute('aria-pressed');
    pressed = button;
    button.setAttribute('aria-pressed', 'true');
    map.show({ sketch: { type: 'FeatureCollection', features: [frameOf(row.bbox)] } });
    map.goTo(row.bbox, { closest: CLOSEST });
    canvas.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  };
}
