/** Plans of a place: the one in force, drafts, former ones; any two can be compared, a draft discarded. */
import '../frame/frame.js';
import { formats } from '../core/formats.js';
import { managedPlaces, placeName } from '../core/managed.js';
import { get, send } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { toast, toastProblem } from '../frame/toast.js';
import { alertsOf } from '../panels/alerts.js';
import { titleOf } from '../panels/names.js';
import { stateTag } from '../panels/plan_pieces.js';
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
  const [{ plans }, alerts] = await Promise.all([
    get(`/api/places/${place.code}/plans`),
    alertsOf(place.code, managedPlaces(places, facts.managed)(place.code)),
  ]);
  const mayManage = managedPlaces(places, facts.managed);
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
  const compare = el(
    'a',
    { class: 'button', 'aria-disabled': 'true' },
    icon('columns-2'),
    t('plans-compare'),
  );
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
    alerts,
    el(
      'section',
      { class: 'panel' },
      el(
        'div',
        { class: 'panel-body' },
        el('div', { class: 'field place-choice' }, el('label', { for: 'place' }, t('split-place')), select),
        plans.length > 0 ? table(plans, place, mayManage, compare) : nothing(place, mayManage(place.code)),
        plans.length > 1 &&
          el('div', { class: 'buttons' }, compare, el('span', { class: 'hint' }, t('plans-compare-about'))),
      ),
    ),
  );
}

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
        n: Math.max(1, Math.round(place.households / 300)),
      }),
    ),
  );
}

function table(plans, place, mayManage, compare) {
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
      { class: 'table plans' },
      el(
        'thead',
        {},
        el('tr', {}, ...head.map((words, n) => el('th', { class: n > 2 && n < 7 && 'number' }, words))),
      ),
      el(
        'tbody',
        {},
        ...plans.map(plan => {
          const pick = el('input', {
            type: 'checkbox',
            'aria-label': t('plans-pick', { name: titleOf(plan) }),
            onchange: () => pickOne(plan, pick, compare),
          });
          return el(
            'tr',
            {},
            el('td', {}, pick),
            el(
              'th',
              { scope: 'row' },
              el('a', { href: `/map?place=${place.code}&plan=${plan.id}` }, titleOf(plan)),
              !plan.current_ground && el('span', { class: 'hint block' }, t('plans-old-ground')),
            ),
            el('td', {}, stateTag(plan)),
            el('td', { class: 'number' }, format.count(plan.grids)),
            el('td', { class: 'number' }, format.count(plan.out_of_band)),
            el('td', { class: 'number' }, format.count(plan.households)),
            el(
              'td',
              { class: 'number' },
              `${format.count(plan.target)} (${format.count(plan.least)}–${format.count(plan.most)})`,
            ),
            el(
              'td',
              {},
              format.dateTime(plan.made_at),
              plan.made_by && el('span', { class: 'hint block' }, plan.made_by),
            ),
            el(
              'td',
              { class: 'acts' },
              plan.state === 'published' &&
                mayManage(plan.place.code) &&
                el(
                  'a',
                  { class: 'button', href: `/plans/${plan.id}/rebalance` },
                  icon('scale'),
                  t('rebalance-act'),
                ),
              coversAll(plan.place.code) &&
                el(
                  'a',
                  { class: 'button quiet', href: `/plans/${plan.id}/certificate` },
                  icon('badge-check'),
                  t('certificate-link'),
                ),
              plan.state === 'draft' &&
                mayManage(plan.place.code) &&
                [
                  el(
                    'a',
                    { class: 'button', href: `/plans/${plan.id}/edit` },
                    icon('spline'),
                    t('edit-open'),
                  ),
                  el(
                    'a',
                    { class: 'button', href: `/plans/${plan.id}/compare` },
                    icon('columns-2'),
                    t('plans-look'),
                  ),
                  el(
                    'button',
                    {
                      type: 'button',
                      class: 'button quiet',
                      onclick: event => void discard(plan, place, event.currentTarget),
                    },
                    icon('trash-2'),
                    t('plans-discard'),
                  ),
                ].reduce((row, act) => (row.append(act, ' '), row), el('span', { class: 'buttons' })),
            ),
          );
        }),
      ),
    ),
  );
}

/** Whether all of a place may be read: a certificate is of the whole plan. */
const coversAll = code => places.some(place => place.code === code && place.scope === 'all');

function pickOne(plan, pick, compare) {
  if (pick.checked) chosen.push(plan);
  else chosen.splice(chosen.indexOf(plan), 1);
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

async function discard(plan, place, button) {
  button.disabled = true;
  try {
    await send('POST', `/api/plans/${plan.id}/retirement`, undefined, {
      headers: { 'If-Match': `"${plan.version}"` },
    });
    toast(t('plans-discarded', { name: titleOf(plan) }));
    await choose(place);
  } catch (problem) {
    button.disabled = false;
    toastProblem(problem);
  }
}
