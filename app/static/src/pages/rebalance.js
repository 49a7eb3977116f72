/** Re-balance: say what is wanted, follow the work, see proposals side by side and on the map, make one a draft. */
import '../frame/frame.js';
import { formats } from '../core/formats.js';
import { placeName } from '../core/managed.js';
import { isProposalJob } from '../core/proposal_job.js';
import { boxOf, transfers } from '../core/transfers.js';
import { get, post } from '../frame/api.js';
import { el, fill, icon, pageFacts, svg } from '../frame/dom.js';
import { toastProblem } from '../frame/toast.js';
import { makeMap } from '../map/make_map.js';
import { gridLabels } from '../panels/grid_labels.js';
import { isAtWork, jobProgress } from '../panels/job_progress.js';
import { nameOf } from '../panels/names.js';
import { planFigures, planName, stateTag } from '../panels/plan_pieces.js';
import { language, locale, t } from '../words.js';

const SHOWN_MOVES = 30;
const PLOTS_FROM = 15; // zoom at which tiles tell plots by their ids
const facts = pageFacts();
const format = formats(locale);
const find = selector => document.querySelector(selector);
let plan = null,
  place = null,
  grids = [],
  map = null;
const opening = new Map(); // building id -> {building, households}

void begin();

async function begin() {
  try {
    plan = await get(`/api/plans/${facts.plan}`);
    let places, jobs;
    [{ places }, { jobs }, { grids }] = await Promise.all([
      get('/api/places'),
      get(`/api/places/${plan.place.code}/jobs`),
      get(`/api/plans/${plan.id}/grids`),
    ]);
    place = places.find(one => one.code === plan.place.code) ?? { tiles: null };
    find('#about').textContent = t('rebalance-of', {
      place: placeName(plan.place, language),
      plan: planName(plan),
    });
    const work = el('div', { class: 'rebalance-side', id: 'work' }, said('info', t('rebalance-how')));
    fill(
      find('#actions'),
      el(
        'a',
        { class: 'button', href: `/plans?place=${plan.place.code}` },
        icon('layers-2'),
        t('frame-plans'),
      ),
    );
    fill(
      find('#body'),
      el(
        'div',
        { class: 'rebalance' },
        el('div', { class: 'rebalance-side wished' }, wishPanel(work), nowPanel()),
        work,
      ),
    );
    const running = jobs.find(job => isAtWork(job) && isProposalJob(job, plan.id));
    const wanted = Number(new URL(location).searchParams.get('job'));
    if (running) follow(running, work);
    else if (wanted) {
      const named = await get(`/api/jobs/${wanted}`);
      if (isProposalJob(named, plan.id)) showEnd(named, work);
    }
  } catch (problem) {
    fill(find('#body'), said('circle-alert', problem.message, 'danger'));
  }
}

/** Something else in place of what the work came to before, whose map goes with it. */
function showInstead(work, ...pieces) {
  map?.remove();
  map = null;
  fill(work, ...pieces);
}

function said(symbol, words, kind = '') {
  const pictures = { info: () => icon('info'), 'circle-alert': () => icon('circle-alert') };
  return el('p', { class: `notice ${kind}`, role: 'status' }, pictures[symbol](), el('span', {}, words));
}

/* --- What is wanted ---------------------------------------------------------------------------- */

function wishPanel(work) {
  const wishes = [
    ['mend', icon('wrench')],
    ['one_more', icon('user-plus')],
    ['one_fewer', icon('user-minus')],
  ];
  const word = want => want.replace('_', '-');
  const estate = estateForm(work);
  return el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('rebalance-wish'))),
    el(
      'div',
      { class: 'panel-body wishes' },
      ...wishes.map(([want, picture]) =>
        el(
          'button',
          { type: 'button', class: 'wish', 'data-want': want, onclick: () => void ask({ want }, work) },
          picture,
          el('strong', {}, t(`rebalance-${word(want)}`)),
          el('span', { class: 'hint' }, t(`rebalance-${word(want)}-about`)),
        ),
      ),
      el(
        'button',
        {
          type: 'button',
          class: 'wish',
          'data-want': 'opens',
          'aria-expanded': 'false',
          onclick: event => {
            estate.hidden = !estate.hidden;
            event.currentTarget.setAttribute('aria-expanded', String(!estate.hidden));
            if (!estate.hidden) estate.querySelector('input').focus();
          },
        },
        icon('building-2'),
        el('strong', {}, t('rebalance-opens')),
        el('span', { class: 'hint' }, t('rebalance-opens-about')),
      ),
      estate,
    ),
  );
}

/** Buildings found by their words, each with the households it will have. */
function estateForm(work) {
  const found = el('ul', { class: 'plain estate-found' });
  const list = el('ul', { class: 'plain estate-list' });
  const go = el('button', { class: 'button primary', disabled: true }, t('rebalance-opens-go'));
  const input = el('input', {
    type: 'search',
    id: 'estate-search',
    autocomplete: 'off',
    placeholder: t('rebalance-search-about'),
  });
  let asking = null;
  input.addEventListener('input', async () => {
    asking?.abort();
    asking = new AbortController();
    const words = input.value.trim().slice(0, 60);
    if (!words) return fill(found);
    try {
      const path = `/api/places/${plan.place.code}/search?q=${encodeURIComponent(words)}`;
      const { buildings } = await get(path, { signal: asking.signal });
      fill(
        found,
        ...(buildings.length
          ? buildings.slice(0, 8).map(choice)
          : [el('li', {}, t('rebalance-nothing-found'))]),
      );
    } catch (problem) {
      if (problem.name !== 'AbortError') toastProblem(problem);
    }
  });
  const choice = building =>
    el(
      'li',
      {},
      el(
        'button',
        {
          type: 'button',
          class: 'button quiet',
          onclick: () => {
            opening.set(building.id, { building, households: building.households ?? 0 });
            input.value = '';
            fill(found);
            show();
          },
        },
        icon('plus'),
        callOf(building),
        el('span', { class: 'hint' }, building.code),
      ),
    );
  const show = () => {
    go.disabled = opening.size === 0;
    fill(list, ...[...opening.values()].map(row));
  };
  const row = one => {
    const number = el('input', {
      type: 'number',
      min: 0,
      max: 100_000,
      required: true,
      value: one.households,
      'aria-label': `${callOf(one.building)}: ${t('rebalance-will-have')}`,
      oninput: () => (one.households = Number(number.value)),
    });
    return el(
      'li',
      {},
      el('span', { class: 'estate-name' }, callOf(one.building)),
      number,
      el('span', { class: 'hint' }, t('rebalance-will-have')),
      el(
        'button',
        {
          type: 'button',
          class: 'button quiet icon-only',
          'aria-label': t('rebalance-remove', { building: callOf(one.building) }),
          onclick: () => {
            opening.delete(one.building.id);
            show();
          },
        },
        icon('circle-x'),
      ),
    );
  };
  return el(
    'form',
    {
      class: 'estate',
      hidden: true,
      onsubmit: event => {
        event.preventDefault();
        const buildings = Object.fromEntries([...opening].map(([id, one]) => [id, one.households]));
        void ask({ want: 'opens', buildings }, work);
      },
    },
    el('div', { class: 'field' }, el('label', { for: 'estate-search' }, t('rebalance-search')), input),
    found,
    list,
    el('div', { class: 'buttons' }, go),
  );
}

function callOf(building) {
  return nameOf(building) || building.address || building.code;
}

function nowPanel() {
  return el(
    'section',
    { class: 'panel now' },
    el('div', { class: 'panel-head' }, el('h2', {}, planName(plan)), stateTag(plan)),
    el('div', { class: 'panel-body' }, ...planFigures(plan)),
  );
}

/* --- The work ---------------------------------------------------------------------------------- */

async function ask(wish, work) {
  busy(true);
  try {
    const { job } = await post(`/api/plans/${plan.id}/rebalance`, wish);
    follow(job, work);
  } catch (problem) {
    showInstead(work, said('circle-alert', problem.message, 'danger'));
    busy(false);
  }
}

function busy(yes) {
  for (const button of document.querySelectorAll('.wish, .estate .primary')) button.disabled = yes;
}

function follow(job, work) {
  busy(true);
  const address = new URL(location);
  address.searchParams.set('job', job.id);
  history.replaceState(null, '', address);
  showInstead(work, jobProgress(job, { title: t('rebalance-running'), ended: done => showEnd(done, work) }));
  work.scrollIntoView({ block: 'nearest' });
}

function showEnd(job, work) {
  busy(false);
  if (job.state !== 'done') {
    const words = job.refusal?.detail ?? t('rebalance-cancelled');
    return void showInstead(work, said('circle-alert', words, job.state === 'failed' ? 'danger' : ''));
  }
  const { proposals } = job.result;
  if (!proposals.length) return void showInstead(work, said('info', t('rebalance-nothing-moves'), 'good'));
  showProposals(job, proposals, work);
}

/* --- Proposals --------------------------------------------------------------------------------- */

function showProposals(job, proposals, work) {
  const refused = el('div', { role: 'alert' });
  const canvas = el('div', { class: 'moves-map' });
  const legend = el('div', { class: 'moves-list' });
  const cards = proposals.map(one => card(one, job, choose, refused));
  showInstead(
    work,
    el('h2', {}, t('rebalance-proposals', { n: proposals.length })),
    el('p', { class: 'muted' }, t('rebalance-ranked')),
    refused,
    el('div', { class: 'proposals' }, ...cards),
    el(
      'section',
      { class: 'panel' },
      el('div', { class: 'panel-head' }, el('h2', {}, t('rebalance-map')), el('span', { id: 'moves-of' })),
      canvas,
      el('p', { class: 'hint moves-whose' }, place.attribution ?? ''),
      el('div', { class: 'panel-body' }, el('p', { class: 'muted' }, t('rebalance-map-about')), legend),
    ),
  );
  map = makeMap(canvas, {
    ground: place.tiles,
    plan: plan.tiles,
    bbox: boxOf(proposals[0].moves),
    labels: gridLabels(grids),
    title: t('rebalance-map'),
  });
  let drawn = null;
  map.map.on('styledata', () => drawn && draw(map.map, drawn));
  choose(proposals[0], false);

  function choose(one, isPressed = true) {
    drawn = transfers(one.moves);
    cards.forEach((piece, n) => piece.toggleAttribute('data-chosen', proposals[n] === one));
    find('#moves-of').textContent = t('rebalance-proposal', { n: one.number });
    draw(map.map, drawn, true);
    fill(legend, ...rows(drawn));
    map.goTo(boxOf(one.moves), { closest: 16 });
    if (isPressed) canvas.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }
}

function card(one, job, choose, refused) {
  const figure = (name, value, small) =>
    el('div', {}, el('dt', {}, name), el('dd', {}, value, small && el('small', {}, small)));
  const least = one.lower_bound
    ? t('rebalance-times', {
        times: format.tenth(one.households_moved / one.lower_bound),
        n: format.count(one.lower_bound),
      })
    : t('rebalance-least-none');
  const accept = el(
    'button',
    { type: 'button', class: 'button primary', onclick: () => void acceptIt(one, job, accept, refused) },
    icon('check'),
    t('rebalance-accept'),
  );
  return el(
    'section',
    { class: 'panel proposal', 'aria-label': t('rebalance-proposal', { n: one.number }) },
    el('div', { class: 'panel-head' }, el('h3', {}, t('rebalance-proposal', { n: one.number }))),
    el(
      'div',
      { class: 'panel-body' },
      el(
        'dl',
        { class: 'figures' },
        figure(t('rebalance-households'), format.count(one.households_moved), least),
        one.people_moved !== null && figure(t('rebalance-people'), format.count(one.people_moved)),
        figure(t('rebalance-buildings'), format.count(one.buildings_moved)),
        figure(
          t('rebalance-coordinators'),
          format.count(one.coordinators_affected),
          t('rebalance-grids', { n: format.count(one.grids) }),
        ),
        figure(
          t('rebalance-in-band'),
          t('rebalance-before-after', {
            before: format.percentFine(one.in_band_before),
            after: format.percentFine(one.in_band_after),
          }),
        ),
      ),
      el(
        'div',
        { class: 'buttons' },
        accept,
        el(
          'button',
          { type: 'button', class: 'button', onclick: () => choose(one) },
          icon('map'),
          t('rebalance-show'),
        ),
      ),
    ),
  );
}

async function acceptIt(one, job, button, refused) {
  button.disabled = true;
  try {
    const made = await post(`/api/plans/${plan.id}/rebalance/acceptance`, {
      job: job.id,
      proposal: one.number,
    });
    location.assign(`/plans/${made.plan}/compare`);
  } catch (problem) {
    button.disabled = false;
    fill(refused, said('circle-alert', problem.message, 'danger'));
  }
}

/** Who gives what to whom, the largest first. */
function rows(found) {
  const name = code => (code === null ? t('rebalance-new-grid') : code.slice(-9));
  return [
    ...found
      .slice(0, SHOWN_MOVES)
      .map(one =>
        el(
          'button',
          { type: 'button', class: 'move', onclick: () => map.goTo(one.bbox, { closest: 16.5 }) },
          svg(
            'svg',
            { class: 'swatch', viewBox: '0 0 14 14', 'aria-hidden': 'true' },
            svg('circle', { cx: 7, cy: 7, r: 6, fill: one.colour }),
          ),
          el('span', { class: 'code' }, t('rebalance-from-to', { from: name(one.from), to: name(one.to) })),
          el(
            'span',
            { class: 'hint' },
            `${t('rebalance-move-line', { households: one.households })} · ${t('rebalance-moves', { n: one.moves.length })}`,
          ),
        ),
      ),
    found.length > SHOWN_MOVES &&
      el('p', { class: 'muted' }, t('rebalance-more-moves', { n: found.length - SHOWN_MOVES })),
  ].filter(Boolean);
}

/** Points at every zoom, and the plots themselves where tiles tell them apart. */
function draw(drawing, found, isNew = false) {
  if (!drawing.isStyleLoaded() && !drawing.getSource('plan')) return;
  const features = found.flatMap(one =>
    one.moves.map(move => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [move.lon, move.lat] },
      properties: { colour: one.colour, households: move.households },
    })),
  );
  const points = { type: 'FeatureCollection', features };
  if (drawing.getSource('moves')) {
    if (isNew) drawing.getSource('moves').setData(points);
  } else {
    drawing.addSource('moves', { type: 'geojson', data: points });
    drawing.addLayer({
      id: 'moves',
      type: 'circle',
      source: 'moves',
      paint: {
        'circle-color': ['get', 'colour'],
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 3, 15, 7],
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': 1.5,
      },
    });
  }
  drawPlots(drawing, found, isNew);
}

function drawPlots(drawing, found, isNew) {
  if (!drawing.getSource('plan')) return;
  const pairs = found.flatMap(one => one.moves.flatMap(move => [move.plot, one.colour]));
  const colour = ['match', ['get', 'id'], ...pairs, 'rgba(0, 0, 0, 0)'];
  if (drawing.getLayer('moved-plots')) {
    if (isNew) drawing.setPaintProperty('moved-plots', 'fill-color', colour);
    return;
  }
  drawing.addLayer(
    {
      id: 'moved-plots',
      type: 'fill',
      source: 'plan',
      'source-layer': 'plot',
      minzoom: PLOTS_FROM,
      paint: { 'fill-color': colour, 'fill-opacity': 0.65 },
    },
    'moves',
  );
}
