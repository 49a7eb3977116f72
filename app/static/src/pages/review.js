/** A plan as its leaders look at it: the map with comments, what changes for whom, and their decision. */
import '../frame/frame.js';
import { shortener } from '../core/codes.js';
import { actsOf, dayAfter, stageOf } from '../core/life.js';
import { formats } from '../core/formats.js';
import { managedPlaces, placeName } from '../core/managed.js';
import { get } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { toast } from '../frame/toast.js';
import { makeMap } from '../map/make_map.js';
import { makePins } from '../map/pins.js';
import { countOfHouseholds } from '../panels/households.js';
import { makeComments } from '../panels/comments.js';
import { gridLabels } from '../panels/grid_labels.js';
import {
  approvePlan,
  nameOf,
  reviewNotice,
  sendBack,
  stageTag,
  submitPlan,
  withdrawPlan,
} from '../panels/life.js';
import { titleOf } from '../panels/names.js';
import { changesPanel, gridsPanel } from '../panels/plan_changes.js';
import { publish } from '../panels/plan_pieces.js';
import { language, locale, t } from '../words.js';

const facts = pageFacts();
const format = formats(locale);
const find = selector => document.querySelector(selector);
const CLOSEST = 15.5,
  PIN_ZOOM = 16;
const LONGEST_NOTE = 2000;
const EDGE_PX = 24;

const seen = {}; // what the page is about: plan, place, grids, comparison, who

void begin();

async function begin() {
  try {
    const [plan, { comparison }, { grids }, { places }, told] = await Promise.all([
      get(`/api/plans/${facts.plan}`),
      get(`/api/plans/${facts.plan}/comparison`),
      get(`/api/plans/${facts.plan}/grids`),
      get('/api/places'),
      get(`/api/plans/${facts.plan}/review`),
    ]);
    const place = places.find(one => one.code === plan.place.code) ?? { tiles: null };
    const who = {
      manages: managedPlaces(places, facts.managed)(plan.place.code),
      leads: managedPlaces(places, facts.led)(plan.place.code),
      alone: !told.approval_needed,
      today: facts.today,
      me: facts.me,
    };
    Object.assign(seen, { plan, comparison, grids, place, who, reviews: told.reviews });
    show();
  } catch (problem) {
    say(problem, find('#body'));
  }
}

function show() {
  const { plan, comparison, grids, place, who } = seen;
  const short = shortener([...(comparison?.grids ?? []), ...grids].map(grid => grid.code));
  find('#title').textContent = t('life-review-title', { name: titleOf(plan) });
  find('#about').textContent = t('life-review-about', {
    place: placeName(plan.place, language),
    grids: plan.grids,
    households: countOfHouseholds(plan.households),
    out: plan.out_of_band,
  });
  fill(
    find('#actions'),
    link(`/plans/${plan.id}/compare`, icon('columns-2'), t('life-compare')),
    place.scope === 'all' &&
      link(`/plans/${plan.id}/certificate`, icon('badge-check'), t('life-certificate')),
    link(`/plans?place=${plan.place.code}`, icon('layers-2'), t('frame-plans')),
  );
  const canvas = el('div', { class: 'review-canvas' });
  const comments = el('section', { class: 'panel' });
  fill(
    find('#body'),
    el('div', { id: 'said', role: 'alert' }),
    el(
      'div',
      { class: 'review-columns' },
      el('figure', { class: 'panel review-map' }, canvas, el('figcaption', {}, place.attribution ?? '')),
      el('div', { class: 'review-side' }, statePanel(), comments),
    ),
    comparison
      ? changesPanel(comparison, short)
      : el('p', { class: 'notice' }, icon('info'), el('span', {}, t('life-changes-first'))),
    comparison && gridsPanel(comparison, short, grid => void point(grid)),
  );
  drawMap(canvas, comments, short, who);
}

/* --- the map and its comments ------------------------------------------------------------------- */

function drawMap(canvas, panel, short, who) {
  const { plan, place, grids } = seen;
  const map = makeMap(canvas, {
    ground: place.tiles,
    plan: plan.tiles,
    bbox: plan.bbox,
    labels: gridLabels(grids),
    padding: () => EDGE_PX,
    title: t('life-map-title', { name: titleOf(plan) }),
  });
  seen.map = map;
  let picked = null;
  let comments = null;
  const pins = makePins(map.map, {
    choose: id => {
      pins.choose(id);
      comments.mark(id);
    },
    title: pin => t('life-comment-number', { number: pin.number }),
  });
  map.on('press', (id, building, position) => {
    if (picked) picked(position);
    else map.chooseGrid(id);
  });
  map.map.on('idle', () => {
    document.body.dataset.map = 'idle';
  });
  comments = makeComments(panel, plan, {
    mayComment: plan.state === 'draft' && (who.manages || who.leads),
    short,
    pins: all => pins.show(all.map(one => ({ ...one, settled: Boolean(one.settled_at) }))),
    goTo: comment => {
      pins.choose(comment.id);
      map.goToPoint(comment.position, { zoom: PIN_ZOOM });
      canvas.scrollIntoView({ block: 'nearest' });
    },
    pick: listener => {
      picked = listener;
      canvas.classList.toggle('picking', Boolean(listener));
    },
    middle: () => map.map.getCenter().toArray(),
    setPin: pins.set,
    gridAt: position => codeAt(map.map, position),
  });
}

/** The grid drawn at a point, by what the map shows there. */
function codeAt(map, position) {
  const layers = ['grid-fill'].filter(name => map.getLayer(name));
  const [grid] = map.queryRenderedFeatures(map.project(position), { layers });
  return seen.grids.find(one => one.id === grid?.id)?.code ?? null;
}

/** Show a grid of the table on the map; one that is no more has none. */
async function point(grid) {
  seen.map.chooseGrid(grid.after_id);
  const found = seen.grids.find(one => one.id === grid.after_id);
  if (found) seen.map.goTo(found.bbox, { closest: CLOSEST });
  find('.review-map').scrollIntoView({ block: 'nearest' });
}

/* --- where it stands, and the decision ----------------------------------------------------------- */

function statePanel() {
  const { plan, reviews, who } = seen;
  const acts = actsOf(plan, who);
  const earlier = reviews.filter(review => review.id !== plan.review?.id);
  return el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('plans-state')), stageTag(plan)),
    el(
      'div',
      { class: 'panel-body' },
      steps(plan),
      reviewNotice(plan, facts.today) ??
        (plan.state === 'draft' && el('p', { class: 'muted' }, t('life-never-submitted'))),
      who.leads && stageOf(plan) === 'waiting' && !acts.includes('approve')
        ? el('p', { class: 'notice' }, icon('info'), el('span', {}, t('life-own')))
        : null,
      acts.includes('approve') && decision(plan),
      acts.includes('send_back') && !acts.includes('approve') && returning(plan),
      managerActs(plan, acts),
      earlier.length > 0 && earlierReviews(earlier),
    ),
  );
}

function steps(plan) {
  const stage = stageOf(plan);
  const { review } = plan;
  const wasSubmitted = Boolean(review);
  const isApproved = ['approved', 'failed', 'published', 'retired'].includes(stage) && wasSubmitted;
  const step = (words, note, isDone, isNow) =>
    el(
      'li',
      { class: isDone && 'done', 'aria-current': isNow && 'step' },
      words,
      el('span', { class: 'step-note' }, note ?? t('life-step-not-yet')),
    );
  return el(
    'ol',
    { class: 'steps' },
    step(
      t('life-step-submitted'),
      review && `${format.dateShort(review.asked_at)} · ${nameOf(review.asked_by)}`,
      wasSubmitted,
      stage === 'draft' || stage === 'sent_back',
    ),
    step(
      t('life-step-decided'),
      review?.decided_at && `${format.dateShort(review.decided_at)} · ${nameOf(review.decided_by)}`,
      isApproved,
      stage === 'waiting',
    ),
    step(
      t('life-step-in-force'),
      plan.published_at
        ? format.dateShort(plan.published_at)
        : isApproved && format.dateShort(review.effective_on),
      Boolean(plan.published_at),
      stage === 'approved' || stage === 'failed',
    ),
  );
}

function decision(plan) {
  const day = el('input', {
    id: 'effective',
    type: 'date',
    required: true,
    min: facts.today,
    value: dayAfter(facts.today),
    'aria-describedby': 'effective-about',
  });
  const { note, error, field } = noteField();
  const form = el(
    'form',
    {
      class: 'form decision',
      onsubmit: event => {
        event.preventDefault();
        void does(form, async () => {
          await approvePlan(plan, { day: day.value, note: note.value.trim() });
          toast(t('life-decided-approved', { day: format.date(day.value) }));
        });
      },
    },
    el('h3', {}, t('life-decision')),
    el(
      'div',
      { class: 'field' },
      el('label', { for: 'effective' }, t('life-effective')),
      day,
      el('p', { class: 'hint', id: 'effective-about' }, t('life-decision-about')),
    ),
    field,
    el(
      'div',
      { class: 'buttons' },
      el('button', { class: 'button primary' }, icon('badge-check'), t('life-approve')),
      el(
        'button',
        { type: 'button', class: 'button', onclick: () => giveBack(plan, form, note, error) },
        icon('undo-2'),
        t('life-send-back'),
      ),
    ),
  );
  return form;
}

/** A plan that is approved already, given back all the same. */
function returning(plan) {
  const { note, error, field } = noteField();
  const form = el(
    'form',
    {
      class: 'form decision',
      onsubmit: event => {
        event.preventDefault();
        giveBack(plan, form, note, error);
      },
    },
    field,
    el('div', { class: 'buttons' }, el('button', { class: 'button' }, icon('undo-2'), t('life-send-back'))),
  );
  return form;
}

function noteField() {
  const note = el('textarea', {
    id: 'decision-note',
    rows: 3,
    maxlength: LONGEST_NOTE,
    'aria-describedby': 'note-error',
  });
  const error = el('p', { class: 'error', id: 'note-error', role: 'alert' });
  const label = el('label', { for: 'decision-note' }, t('life-decision-note'));
  return { note, error, field: el('div', { class: 'field' }, label, note, error) };
}

function giveBack(plan, form, note, error) {
  const words = note.value.trim();
  error.textContent = words ? '' : t('life-note-needed');
  if (!words) return note.focus();
  void does(form, async () => {
    await sendBack(plan, words);
    toast(t('life-decided-sent-back'));
  });
}

function managerActs(plan, acts) {
  const button = (name, picture, kind, act) =>
    acts.includes(name) &&
    el(
      'button',
      {
        type: 'button',
        class: `button ${kind}`,
        onclick: event => void does(event.currentTarget.parentElement, act),
      },
      picture,
      t(`life-act-${name}`),
    );
  const row = [
    button('submit', icon('send'), 'primary', () => submitPlan(plan)),
    button('publish', icon('badge-check'), 'primary', async () => {
      if (await publish(plan, seen.comparison)) location.assign(`/map?place=${plan.place.code}`);
    }),
    acts.includes('edit') && link(`/plans/${plan.id}/edit`, icon('spline'), t('life-edit')),
    button('withdraw', icon('undo-2'), '', () => withdrawPlan(plan)),
  ].filter(Boolean);
  return row.length > 0 && el('div', { class: 'buttons' }, ...row);
}

function earlierReviews(reviews) {
  const line = review =>
    el(
      'li',
      {},
      `${format.dateShort(review.asked_at)} · ${nameOf(review.asked_by)}`,
      review.state === 'sent_back' &&
        el(
          'p',
          {},
          `${t('life-sent-back', { when: format.dateShort(review.decided_at), by: nameOf(review.decided_by) })} `,
          review.note && t('life-note', { note: review.note }),
        ),
    );
  return el(
    'details',
    {},
    el('summary', {}, t('life-former-reviews')),
    el('ul', { class: 'plain' }, ...reviews.map(line)),
  );
}

/** Do it, then show the plan as it is now; what is in the way is said above the map. */
async function does(part, act) {
  const buttons = [...part.querySelectorAll('button')];
  buttons.forEach(one => (one.disabled = true));
  try {
    await act();
    seen.map?.remove();
    await begin();
  } catch (problem) {
    buttons.forEach(one => (one.disabled = false));
    say(problem, find('#said'));
    find('#said').scrollIntoView({ block: 'nearest' });
  }
}

function say(problem, where) {
  if (problem.name !== 'Problem') throw problem;
  fill(where, el('p', { class: 'notice danger' }, icon('circle-alert'), el('span', {}, problem.message)));
}

function link(href, picture, words) {
  return el('a', { class: 'button', href }, picture, words);
}
