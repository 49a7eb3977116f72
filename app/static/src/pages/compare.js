/** A plan beside another: both on one map under a divider, what changes for whom, and the next act. */
import '../frame/frame.js';
import { shortener } from '../core/codes.js';
import { actsOf } from '../core/life.js';
import { managedPlaces, placeName } from '../core/managed.js';
import { get } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { toast, toastProblem } from '../frame/toast.js';
import { makeMap } from '../map/make_map.js';
import { moveTogether } from '../map/together.js';
import { differenceView, movedBuildings } from '../panels/differences.js';
import { gridLabels } from '../panels/grid_labels.js';
import { titleOf } from '../panels/names.js';
import { makeSwipe } from '../panels/swipe.js';
import { reviewNotice, stageTag, submitPlan } from '../panels/life.js';
import { changesPanel, gridsPanel } from '../panels/plan_changes.js';
import { planFigures, planName, publish, spread, stateTag } from '../panels/plan_pieces.js';
import { sameGround } from '../panels/same_ground.js';
import { language, t } from '../words.js';

const facts = pageFacts();
const find = selector => document.querySelector(selector);
const NAMES_PX = 60,
  CHOICE_PX = 72,
  EDGE_PX = 24; // of the map, which something lies over
const CLOSEST = 15.5;

void begin();

async function begin() {
  try {
    const wanted = new URL(location).searchParams.get('with');
    const [after, { comparison }] = await Promise.all([
      get(`/api/plans/${facts.plan}`),
      get(`/api/plans/${facts.plan}/comparison${wanted ? `?with=${Number(wanted)}` : ''}`),
    ]);
    const gridsOf = async id => (id ? (await get(`/api/plans/${id}/grids`)).grids : []);
    const [before, { places }, grids, former, ground] = await Promise.all([
      comparison ? get(`/api/plans/${comparison.before}`) : null,
      get('/api/places'),
      gridsOf(after.id),
      gridsOf(comparison?.before),
      comparison ? get(`/api/plans/${after.id}/constant-geography?with=${comparison.before}`) : null,
    ]);
    const decides = ['managed', 'led'].some(role => managedPlaces(places, facts[role])(after.place.code));
    const review = decides ? await get(`/api/plans/${after.id}/review`) : null;
    show(after, before, comparison, places, grids, former, ground, review);
  } catch (problem) {
    fill(
      find('#body'),
      el('p', { class: 'notice danger' }, icon('circle-alert'), el('span', {}, problem.message)),
    );
  }
}

function show(after, before, comparison, places, grids, former, ground, review) {
  const place = places.find(one => one.code === after.place.code) ?? { tiles: null };
  find('#title').textContent = placeName(after.place, language);
  find('#about').textContent = before
    ? t('compare-about', { before: planName(before), after: planName(after) })
    : t(after.state === 'draft' ? 'compare-first' : 'compare-alone', { after: planName(after) });
  const acts = actsOf(after, {
    manages: managedPlaces(places, facts.managed)(after.place.code),
    leads: managedPlaces(places, facts.led)(after.place.code),
    alone: review ? !review.approval_needed : false,
    today: facts.today,
    me: facts.me,
  });
  const changes = before?.state === 'published' ? comparison : null;
  fill(
    find('#actions'),
    ...nextActs(after, acts, changes),
    el(
      'a',
      { class: 'button', href: `/plans?place=${after.place.code}` },
      icon('layers-2'),
      t('frame-plans'),
    ),
  );
  const short = shortener([...(comparison?.grids ?? []), ...grids].map(grid => grid.code));
  const maps = planMaps(after, before, place, { grids, former, short });
  fill(
    find('#body'),
    el('div', { id: 'said', role: 'alert' }),
    reviewNotice(after, facts.today),
    maps.element,
    el(
      'div',
      { class: 'columns outcome' },
      el(
        'section',
        { class: 'panel' },
        el('div', { class: 'panel-head' }, el('h2', {}, t('compare-figures')), stageTag(after)),
        el('div', { class: 'panel-body' }, ...planFigures(after), ...spread(after, grids)),
      ),
      comparison
        ? changesPanel(comparison, short)
        : el(
            'section',
            { class: 'panel' },
            el('div', { class: 'panel-body' }, el('p', {}, t('compare-nothing'))),
          ),
    ),
    comparison && gridsPanel(comparison, short, grid => void point(grid, maps)),
    before && movedBuildings(`with=${before.id}`, after, short, (...where) => pointAt(maps, ...where)),
    ground && sameGround(after, ground, short),
  );
  maps.start();
}

/** Both plans on maps that move together under a divider; one alone where there is none before. */
function planMaps(after, before, place, { grids, former, short }) {
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
  if (before) differenceView(swipe, `with=${before.id}`, after, () => maps.shown[1], short);
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

/** Show a building of the table on both maps. */
function pointAt(maps, position, zoom) {
  for (const shown of maps.shown) shown.point(position);
  maps.shown[0]?.goToPoint(position, { zoom });
  maps.element.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
}

/** What the person may do with the plan now: decide, publish, submit. */
function nextActs(plan, acts, changes) {
  const button = (name, picture, kind, act) =>
    acts.includes(name) &&
    el(
      'button',
      {
        type: 'button',
        class: `button ${kind}`,
        'data-act': name,
        onclick: event => void does(act, event.currentTarget),
      },
      picture,
      t(`life-act-${name}`),
    );
  const first = acts.includes('publish') ? '' : 'primary';
  return [
    (acts.includes('approve') || acts.includes('send_back') || plan.open_comments > 0) &&
      el(
        'a',
        {
          class: `button ${acts.includes('approve') ? 'primary' : ''}`,
          href: `/plans/${plan.id}/review`,
        },
        icon('stamp'),
        t('life-review'),
      ),
    button('publish', icon('badge-check'), 'primary', async () => {
      if (await publish(plan, changes)) location.assign(`/map?place=${plan.place.code}`);
    }),
    button('submit', icon('send'), first, async () => {
      if (!(await submitPlan(plan))) return;
      toast(t('life-submitted', { name: titleOf(plan) }));
      await begin();
    }),
  ];
}

/** Do it; what is in the way is said above the maps. */
async function does(act, button) {
  button.disabled = true;
  try {
    await act();
  } catch (problem) {
    fill(
      find('#said'),
      el('p', { class: 'notice danger' }, icon('circle-alert'), el('span', {}, problem.message)),
    );
  }
  button.disabled = false;
}
