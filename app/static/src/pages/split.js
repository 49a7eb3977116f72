/** Split: choose place, target and band; follow the work; see the outcome and go on to before and after. */
import '../frame/frame.js';
import { formats } from '../core/formats.js';
import { managedPlaces, placeName } from '../core/managed.js';
import { get, post } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { isAtWork, jobProgress } from '../panels/job_progress.js';
import { planFigures, planName, spread, stateTag } from '../panels/plan_pieces.js';
import { language, locale, t } from '../words.js';

const BANDS = [
  { name: 'usual', target: 300, least: 270, most: 330 },
  { name: 'wide', target: 400, least: 300, most: 500 },
];
const facts = pageFacts();
const format = formats(locale);
const body = document.querySelector('#body');
let places = [];

void begin();

async function begin() {
  try {
    ({ places } = await get('/api/places'));
    const isMine = managedPlaces(places, facts.managed);
    const mine = places.filter(place => isMine(place.code) && place.buildings > 0);
    if (!mine.length) return showNothing();
    const wanted = new URL(location).searchParams.get('place');
    await choose(mine.find(place => place.code === wanted) ?? mine[0], mine);
  } catch (problem) {
    sayNo(body, problem.message);
  }
}

function showNothing() {
  fill(
    body,
    el(
      'div',
      { class: 'empty' },
      icon('scissors-line-dashed'),
      el('h2', {}, t('split-nothing')),
      el('p', {}, t('split-nothing-about')),
      el(
        'div',
        { class: 'buttons' },
        el('a', { class: 'button primary', href: '/import' }, icon('file-up'), t('frame-import')),
      ),
    ),
  );
}

async function choose(place, mine) {
  const address = new URL(location);
  address.searchParams.set('place', place.code);
  history.replaceState(null, '', address);
  const [{ jobs }, { plans }] = await Promise.all([
    get(`/api/places/${place.code}/jobs`),
    get(`/api/places/${place.code}/plans`),
  ]);
  const inForce = plans.find(plan => plan.state === 'published') ?? null;
  const running = jobs.find(job => job.kind === 'split' && isAtWork(job));
  const other = jobs.find(job => job.kind === 'import_upload' && isAtWork(job));
  const work = el('div', { class: 'stack', id: 'work' });
  fill(
    body,
    el(
      'div',
      { class: 'columns' },
      formPanel(place, mine, work, Boolean(running)),
      el('div', { class: 'stack' }, work, nowPanel(place, inForce)),
    ),
  );
  const draft = plans.find(plan => plan.state === 'draft' && plan.place.code === place.code);
  if (running) follow(running, place, work);
  else if (other)
    fill(work, el('p', { class: 'notice' }, icon('info'), el('span', {}, t('split-import-runs'))));
  else if (draft) await showDraft(draft.id, work);
  else fill(work, el('p', { class: 'notice' }, icon('info'), el('span', {}, t('split-how'))));
}

function formPanel(place, mine, work, isBusy) {
  const choice = el(
    'select',
    {
      id: 'place',
      onchange: () =>
        void choose(
          mine.find(one => one.code === choice.value),
          mine,
        ).catch(problem => sayNo(work, problem.message)),
    },
    ...mine.map(one =>
      el(
        'option',
        { value: one.code, selected: one.code === place.code },
        `${placeName(one, language)} · ${one.code}`,
      ),
    ),
  );
  const number = (id, value, min) =>
    el('input', { id, type: 'number', min, max: 100_000, step: 1, value, required: true });
  const [target, least, most] = [number('target', 300, 2), number('least', 270, 1), number('most', 330, 2)];
  const seed = number('seed', 1, 0);
  const expected = el('p', { class: 'expected', 'aria-live': 'polite' });
  const presets = BANDS.map(band =>
    el(
      'button',
      {
        type: 'button',
        class: 'chip',
        onclick: () => {
          [target.value, least.value, most.value] = [band.target, band.least, band.most];
          tell();
        },
      },
      t('split-band', { target: band.target, least: band.least, most: band.most }),
    ),
  );
  const said = el('div', { role: 'alert' });
  const button = el('button', { class: 'button primary', disabled: isBusy }, icon('play'), t('split-start'));
  const labelled = (input, label) =>
    el('div', { class: 'field' }, el('label', { for: input.id }, label), input);

  function tell() {
    const wanted = Number(target.value);
    presets.forEach((chip, n) =>
      chip.setAttribute(
        'aria-pressed',
        String(
          BANDS[n].target === wanted &&
            BANDS[n].least === Number(least.value) &&
            BANDS[n].most === Number(most.value),
        ),
      ),
    );
    expected.textContent =
      wanted >= 2
        ? t('split-expected', {
            n: Math.max(1, Math.round(place.households / wanted)),
            households: format.count(place.households),
          })
        : '';
  }
  // The band follows the target by ten per cent until it is typed itself.
  let isTyped = false;
  target.addEventListener('input', () => {
    if (!isTyped && Number(target.value) >= 2) {
      least.value = Math.ceil(Number(target.value) * 0.9 - 1e-6);
      most.value = Math.floor(Number(target.value) * 1.1 + 1e-6);
    }
    tell();
  });
  for (const input of [least, most])
    input.addEventListener('input', () => {
      isTyped = true;
      tell();
    });
  tell();

  const start = async event => {
    event.preventDefault();
    fill(said);
    button.disabled = true;
    try {
      const wish = {
        target: Number(target.value),
        least: Number(least.value),
        most: Number(most.value),
        seed: Number(seed.value),
      };
      const { job } = await post(`/api/places/${place.code}/splits`, wish);
      follow(job, place, work, button);
    } catch (problem) {
      sayNo(said, problem.message);
      button.disabled = false;
    }
  };
  return el(
    'section',
    { class: 'panel' },
    el(
      'form',
      { class: 'panel-body form', onsubmit: start },
      labelled(choice, t('split-place')),
      el(
        'fieldset',
        {},
        el('legend', {}, t('split-band-title')),
        el('div', { class: 'buttons' }, ...presets),
        el(
          'div',
          { class: 'fields' },
          labelled(target, t('split-target')),
          labelled(least, t('split-least')),
          labelled(most, t('split-most')),
        ),
      ),
      el(
        'details',
        {},
        el('summary', {}, t('split-more')),
        labelled(seed, t('split-seed')),
        el('p', { class: 'hint' }, t('split-seed-about')),
      ),
      expected,
      said,
      el('div', { class: 'buttons' }, button),
    ),
  );
}

function nowPanel(place, plan) {
  if (!plan) {
    return el(
      'section',
      { class: 'panel' },
      el('div', { class: 'panel-head' }, el('h2', {}, t('split-now'))),
      el('div', { class: 'panel-body' }, el('p', { class: 'muted' }, t('split-no-plan'))),
    );
  }
  const more = el('div', {}, el('div', { class: 'skeleton line' }));
  void get(`/api/plans/${plan.id}/grids`).then(
    ({ grids }) => fill(more, ...spread(plan, grids)),
    () => fill(more),
  );
  return el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('split-now')), stateTag(plan)),
    el('div', { class: 'panel-body' }, planFigures(plan), more),
  );
}

function follow(job, place, work, button) {
  const title = t('split-running', { place: placeName(place, language) });
  fill(
    work,
    jobProgress(job, {
      title,
      ended: said =>
        void showEnd(said, work).finally(() => {
          for (const one of document.querySelectorAll('form button[disabled]')) one.disabled = false;
        }),
    }),
  );
  work.scrollIntoView({ block: 'nearest' });
  if (button) button.disabled = true;
}

async function showEnd(job, work) {
  if (job.state !== 'done') {
    return fill(
      work,
      el(
        'p',
        { class: job.state === 'failed' ? 'notice danger' : 'notice', role: 'alert' },
        icon('circle-alert'),
        el('span', {}, job.refusal?.detail ?? t('split-cancelled')),
      ),
    );
  }
  await showDraft(job.result.plan, work);
}

async function showDraft(id, work) {
  const [plan, { grids }] = await Promise.all([get(`/api/plans/${id}`), get(`/api/plans/${id}/grids`)]);
  fill(
    work,
    el(
      'section',
      { class: 'panel', id: 'outcome' },
      el('div', { class: 'panel-head' }, el('h2', {}, planName(plan)), stateTag(plan)),
      el(
        'div',
        { class: 'panel-body' },
        el(
          'p',
          { class: 'notice good', role: 'status' },
          icon('circle-check'),
          el('span', {}, t('split-done', { n: plan.grids })),
        ),
        planFigures(plan),
        ...spread(plan, grids),
        el(
          'div',
          { class: 'buttons' },
          el(
            'a',
            { class: 'button primary', href: `/plans/${id}/compare` },
            icon('columns-2'),
            t('split-compare'),
          ),
          el(
            'a',
            { class: 'button', href: `/map?place=${plan.place.code}&plan=${id}` },
            icon('map'),
            t('split-map'),
          ),
        ),
      ),
    ),
  );
}

function sayNo(where, words) {
  fill(where, el('p', { class: 'notice danger' }, icon('circle-alert'), el('span', {}, words)));
}
