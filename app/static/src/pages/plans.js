/** Plans of a place: drafts with their life, the one in force, former ones; any two can be compared. */
import '../frame/frame.js';
import { actsOf } from '../core/life.js';
import { formats } from '../core/formats.js';
import { managedPlaces, placeName } from '../core/managed.js';
import { SLOTS } from '../core/slots.js';
import { get, send } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { toast, toastProblem } from '../frame/toast.js';
import { countOfHouseholds } from '../panels/households.js';
import { alertsOf } from '../panels/alerts.js';
import { exportMenu, layerPanel } from '../panels/grid_files.js';
import { titleOf } from '../panels/names.js';
import { draftCard, freeSlot } from '../panels/draft_card.js';
import { discardPlan, draftName, duplicatePlan, stageTag, submitPlan, withdrawPlan } from '../panels/life.js';
import { publish } from '../panels/plan_pieces.js';
import { language, locale, t } from '../words.js';

const facts = pageFacts();
const format = formats(locale);
const body = document.querySelector('#body');
const chosen = [];
let places = [];

void begin();

async function begin() {
  try {
    ({ places } = await get('/api/places'));
    if (!places.length) {
      return fill(
        body,
        el(
          'div',
          { class: 'empty' },
          icon('layers-2'),
          el('h2', {}, t('plans-no-place')),
          el('p', {}, t('plans-no-place-about')),
        ),
      );
    }
    const wanted = new URL(location).searchParams.get('place');
    await choose(
      places.find(place => place.code === wanted) ??
        places.find(place => place.plan || place.drafts) ??
        places[0],
    );
  } catch (problem) {
    fill(body, el('p', { class: 'notice danger' }, icon('circle-alert'), el('span', {}, problem.message)));
  }
}

async function choose(place) {
  const address = new URL(location);
  address.searchParams.set('place', place.code);
  history.replaceState(null, '', address);
  chosen.length = 0;
  const mayManage = managedPlaces(places, facts.managed);
  const decides = ['managed', 'led', 'administered'].some(role =>
    managedPlaces(places, facts[role])(place.code),
  );
  const mayRead = decides || facts.administered.includes(null);
  const [{ plans }, alerts, settings, layers] = await Promise.all([
    get(`/api/places/${place.code}/plans`),
    alertsOf(place.code, mayManage(place.code)),
    mayRead ? get(`/api/places/${place.code}/settings`) : null,
    mayManage(place.code) ? layerPanel(place) : null,
  ]);
  const compare = el(
    'a',
    { class: 'button', 'aria-disabled': 'true' },
    icon('columns-2'),
    t('plans-compare'),
  );
  const page = { place, plans, compare, alone: settings?.managers_publish_alone ?? true };
  fill(
    document.querySelector('#actions'),
    mayManage(place.code) &&
      el(
        'a',
        { class: 'button primary', href: `/split?place=${place.code}` },
        icon('scissors-line-dashed'),
        t('plans-new'),
      ),
  );
  fill(
    body,
    el(
      'div',
      { class: 'field place-choice' },
      el('label', { for: 'place' }, t('split-place')),
      placeField(place),
    ),
    ...waitingNotice(page),
    alerts,
    settings && settingLine(settings, page),
    ...(plans.length > 0 ? planSections(page) : [nothing(place, mayManage(place.code))]),
    layers,
  );
}

function placeField(place) {
  const select = el(
    'select',
    {
      id: 'place',
      onchange: () => void choose(places.find(one => one.code === select.value)).catch(toastProblem),
    },
    ...places.map(one =>
      el(
        'option',
        { value: one.code, selected: one.code === place.code },
        `${placeName(one, language)} · ${one.code}`,
      ),
    ),
  );
  return select;
}

/** What the person may do with a plan, as `actsOf` asks. */
function whoFor(plan, { alone }) {
  return {
    manages: managedPlaces(places, facts.managed)(plan.place.code),
    leads: managedPlaces(places, facts.led)(plan.place.code),
    alone,
    today: facts.today,
    me: facts.me,
    coversAll: coversAll(plan.place.code),
  };
}

/** To a leader, first of all: what waits for a decision. */
function waitingNotice(page) {
  const waiting = page.plans.filter(plan => actsOf(plan, whoFor(plan, page)).includes('approve'));
  if (!waiting.length) return [];
  return [
    el(
      'div',
      { class: 'notice warn' },
      icon('stamp'),
      el(
        'div',
        { class: 'alerts-body' },
        el('strong', {}, t('life-waits-for-you', { n: waiting.length })),
        ...waiting.map(plan =>
          el('a', { class: 'button', href: `/plans/${plan.id}/review` }, draftName(plan)),
        ),
      ),
    ),
  ];
}

/** Whether managers publish alone: a switch to administrators, a line to others where they do not. */
function settingLine(settings, page) {
  const administers =
    facts.administered.includes(null) || managedPlaces(places, facts.administered)(page.place.code);
  if (!administers)
    return (
      !settings.managers_publish_alone &&
      el('p', { class: 'notice' }, icon('stamp'), el('span', {}, t('life-alone-no')))
    );
  const field = el('input', {
    type: 'checkbox',
    checked: settings.managers_publish_alone,
    'aria-describedby': 'alone-about',
    onchange: () => void changeSetting(field, page),
  });
  return el(
    'div',
    { class: 'setting' },
    el('label', { class: 'choice' }, field, el('span', {}, t('life-alone'))),
    el(
      'p',
      { class: 'hint', id: 'alone-about' },
      t('life-alone-about', { place: placeName(page.place, language) }),
    ),
  );
}

async function changeSetting(field, page) {
  field.disabled = true;
  try {
    const wish = { managers_publish_alone: field.checked };
    await send('PUT', `/api/places/${page.place.code}/settings`, wish);
    toast(t(field.checked ? 'life-alone-changed' : 'life-alone-ended'));
    await choose(page.place);
  } catch (problem) {
    field.checked = !field.checked;
    field.disabled = false;
    toastProblem(problem);
  }
}

function planSections(page) {
  const drafts = page.plans.filter(plan => plan.state === 'draft');
  const others = page.plans.filter(plan => plan.state !== 'draft');
  const seesDrafts = drafts.length > 0 || managedPlaces(places, facts.managed)(page.place.code);
  return [
    seesDrafts && draftSection(drafts, page),
    others.length > 0 &&
      el(
        'section',
        { class: 'panel' },
        el('div', { class: 'panel-head' }, el('h2', {}, t('life-others'))),
        el('div', { class: 'panel-body' }, table(others, page)),
      ),
    page.plans.length > 1 &&
      el(
        'div',
        { class: 'buttons compare-two', hidden: true },
        page.compare,
        el('span', { class: 'hint' }, t('plans-compare-about')),
      ),
  ];
}

/** The slots A, B and C of the place itself, then every other draft. */
function draftSection(drafts, page) {
  const own = drafts.filter(plan => plan.place.code === page.place.code);
  const inSlot = slot => own.find(plan => plan.slot === slot);
  const besides = drafts.filter(plan => !own.includes(plan) || !SLOTS.includes(plan.slot));
  const mayManage = managedPlaces(places, facts.managed)(page.place.code);
  const card = plan => draftCard(plan, whoFor(plan, page), act, picker(plan, page));
  return el(
    'section',
    { 'aria-labelledby': 'drafts' },
    el('h2', { id: 'drafts' }, t('life-drafts')),
    el(
      'div',
      { class: 'draft-cards' },
      ...SLOTS.map(slot => (inSlot(slot) ? card(inSlot(slot)) : freeSlot(slot, page.place, mayManage))),
      ...besides.map(card),
    ),
  );

  function act(name, plan, button) {
    void does(name, plan, button, page);
  }
}

function picker(plan, page) {
  const pick = el('input', {
    type: 'checkbox',
    'aria-label': t('plans-pick', { name: titleOf(plan) }),
    onchange: () => pickOne(plan, pick, page.compare),
  });
  return pick;
}

async function does(name, plan, button, page) {
  button.disabled = true;
  try {
    if (await ACTS[name](plan)) return await choose(page.place);
  } catch (problem) {
    toastProblem(problem);
  }
  button.disabled = false;
}

/** Each answers whether it was done. */
const ACTS = {
  async submit(plan) {
    const done = await submitPlan(plan);
    if (done) toast(t('life-submitted', { name: titleOf(plan) }));
    return done;
  },
  async withdraw(plan) {
    const done = await withdrawPlan(plan);
    if (done) toast(t('life-withdrawn', { name: titleOf(plan) }));
    return done;
  },
  async discard(plan) {
    const done = await discardPlan(plan);
    if (done) toast(t('plans-discarded', { name: titleOf(plan) }));
    return done;
  },
  async duplicate(plan) {
    const copy = await duplicatePlan(plan);
    const made = await get(`/api/plans/${copy.plan}`);
    toast(t('life-duplicated', { name: draftName(made) }));
    return true;
  },
  async publish(plan) {
    const { comparison } = await get(`/api/plans/${plan.id}/comparison`);
    const done = await publish(plan, comparison);
    if (done) location.assign(`/map?place=${plan.place.code}`);
    return false;
  },
};

function nothing(place, mayManage) {
  return el(
    'div',
    { class: 'empty' },
    icon('layers-2'),
    el('h2', {}, t('plans-none')),
    el(
      'p',
      {},
      t(mayManage ? 'plans-none-manager' : 'plans-none-other', {
        n: Math.max(1, Math.round(place.households / place.size.target)),
        target: place.size.target,
      }),
    ),
  );
}

/** Plans that are or were in force, and discarded ones. */
function table(plans, page) {
  const head = [
    '',
    t('plans-name'),
    t('plans-state'),
    t('plan-grids'),
    t('plan-out-of-band'),
    t('plan-households'),
    t('plan-band'),
    t('plans-made'),
    '',
  ];
  return el(
    'div',
    { class: 'table-frame' },
    el(
      'table',
      { class: 'table plans stacked' },
      el(
        'thead',
        {},
        el('tr', {}, ...head.map((words, n) => el('th', { class: n > 2 && n < 7 && 'number' }, words))),
      ),
      el('tbody', {}, ...plans.map(plan => row(plan, page))),
    ),
  );
}

function row(plan, page) {
  const named = (name, words) => el('td', { class: 'number', 'data-name': name }, words);
  return el(
    'tr',
    { 'data-plan': plan.id },
    el('td', {}, picker(plan, page)),
    el(
      'th',
      { scope: 'row' },
      el('a', { href: `/map?place=${page.place.code}&plan=${plan.id}` }, titleOf(plan)),
      !plan.current_ground && el('span', { class: 'hint block' }, t('plans-old-ground')),
    ),
    el('td', {}, stageTag(plan)),
    named(t('plan-grids'), format.count(plan.grids)),
    named(t('plan-out-of-band'), format.count(plan.out_of_band)),
    named(t('plan-households'), countOfHouseholds(plan.households)),
    named(
      t('plan-band'),
      `${format.count(plan.target)} (${format.count(plan.least)}–${format.count(plan.most)})`,
    ),
    el(
      'td',
      {},
      plan.published_at
        ? t('plans-in-force', {
            from: format.dateShort(plan.published_at),
            to: plan.retired_at ? format.dateShort(plan.retired_at) : 'none',
          })
        : format.dateTime(plan.made_at),
      plan.made_by && el('span', { class: 'hint block' }, plan.made_by),
    ),
    el('td', { class: 'acts' }, el('span', { class: 'buttons' }, ...rowActs(plan, page))),
  );
}

function rowActs(plan, page) {
  const manages = managedPlaces(places, facts.managed)(plan.place.code);
  return [
    plan.state === 'published' &&
      manages &&
      el('a', { class: 'button', href: `/plans/${plan.id}/rebalance` }, icon('scale'), t('rebalance-act')),
    manages &&
      el(
        'button',
        {
          type: 'button',
          class: 'button quiet',
          'data-act': 'duplicate',
          onclick: event => void does('duplicate', plan, event.currentTarget, page),
        },
        icon('copy'),
        t('life-act-duplicate'),
      ),
    coversAll(plan.place.code) &&
      el(
        'a',
        { class: 'button quiet', href: `/plans/${plan.id}/certificate` },
        icon('badge-check'),
        t('certificate-link'),
      ),
    manages && exportMenu(plan),
  ].filter(Boolean);
}

/** Whether all of a place may be read: a certificate is of the whole plan. */
const coversAll = code => places.some(place => place.code === code && place.scope === 'all');

function pickOne(plan, pick, compare) {
  if (pick.checked) chosen.push(plan);
  else chosen.splice(chosen.indexOf(plan), 1);
  compare.parentElement.hidden = !chosen.length;
  if (chosen.length === 2) {
    const [before, after] = [...chosen].sort((a, b) =>
      a.state === 'published' ? -1 : b.state === 'published' ? 1 : a.id - b.id,
    );
    compare.href = `/plans/${after.id}/compare?with=${before.id}`;
    compare.removeAttribute('aria-disabled');
  } else {
    compare.removeAttribute('href');
    compare.setAttribute('aria-disabled', 'true');
  }
}
