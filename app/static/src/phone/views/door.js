/** Forms at the door, without signal: a visit, and people who came. What is written is sealed at once. */
import { el, icon } from '../../frame/dom.js';
import { complain, told } from '../../panels/door_form.js';
import { t } from '../../words.js';
import { write } from '../phone.js';
import { firmsPanel, needsPanel } from './asked_there.js';
import { body, called, choices, field, head, panel, reason } from './pieces.js';

const RESULTS = ['met', 'nobody home', 'refused'];
const KINDS = ['household', 'dwelling', 'building'];

/** @returns {HTMLElement[]} */
export function formOfVisit({ pack, address }) {
  const { kind, key, due, building } = whereOf(pack, address);
  const people = el('div', { class: 'people-list' });
  const [verified, consent] = [el('input', { type: 'checkbox' }), el('input', { type: 'checkbox' })];
  const [asked, promised] = [
    el('textarea', { rows: 2, maxlength: 500 }),
    el('textarea', { rows: 2, maxlength: 500 }),
  ];
  const until = el('input', { type: 'date' });
  // A pack that was taken along before a release knows nothing of them yet.
  const help = kind !== 'building' && pack.services ? needsPanel(pack) : null;
  const firms = pack.employers ? firmsPanel(pack, building) : null;
  const form = formWith(
    panel(
      null,
      choices(
        'result',
        t('phone-visit-result'),
        RESULTS.map(one => [one, t(`home-result-${one.replace(' ', '-')}`)]),
        'met',
      ),
      kind === 'household'
        ? el(
            'label',
            { class: 'choice boxed', 'data-when-met': true },
            verified,
            el('span', {}, t('phone-visit-verified')),
          )
        : null,
    ),
    kind === 'building'
      ? null
      : el('div', { 'data-when-met': true }, panel(t('phone-visit-people'), people, morePeople(people))),
    panel(
      t('home-said'),
      field('asked', t('phone-visit-asked'), asked),
      field('promised', t('phone-visit-promised'), promised),
      field('until', t('phone-visit-until'), until),
    ),
    ...[help, firms].filter(Boolean).map(one => el('div', { 'data-when-met': true }, one.element)),
    el(
      'div',
      { 'data-when-met': true },
      el('label', { class: 'choice boxed' }, consent, el('span', {}, t('phone-visit-consent'))),
    ),
  );
  const result = () => form.querySelector('[name="result"]:checked').value;
  form.addEventListener('change', () => {
    for (const part of form.querySelectorAll('[data-when-met]')) part.hidden = result() !== 'met';
  });
  onSave(form, async () => {
    const met = result() === 'met';
    const arrived = met ? peopleOf(people) : [];
    if (arrived.length && !consent.checked) return t('phone-consent-missing');
    if (promised.value.trim() && !until.value) return t('phone-promise-day');
    const needs = met ? (help?.said() ?? []) : [];
    if (needs.some(one => !one.service || !one.purpose || !one.until_on || !one.consents))
      return t('visit-need-incomplete');
    if (needs.length && kind === 'dwelling' && !arrived.length) return t('refusal-need-without-household');
    const said = {
      asked: asked.value.trim() || null,
      promised: promised.value.trim() || null,
      due_on: until.value || null,
    };
    await write('visit', {
      [`${kind}_id`]: key,
      happened_at: new Date().toISOString(),
      result: result(),
      verified: met && verified.checked,
      consent: met && consent.checked,
      said: said.asked || said.promised ? [said] : [],
      arrived,
      needs,
      employers: met ? (firms?.said() ?? []) : [],
    });
    return null;
  });
  const about = [building && called(building), ...due.map(reason)].filter(Boolean).join(' · ');
  const door = due[0]?.door;
  return [head(door ? t('phone-visit-at', { door }) : t('phone-visit'), { about }), body(form)];
}

/** @returns {HTMLElement[]} */
export function formOfArrival({ pack, address }) {
  const { kind, key, building } = whereOf(pack, address);
  const people = el('div', { class: 'people-list' });
  const door = el('input', { maxlength: 20, required: true });
  const on = el('input', { type: 'date', value: new Date().toLocaleDateString('sv'), required: true });
  const consent = el('input', { type: 'checkbox' });
  const form = formWith(
    panel(
      null,
      kind === 'building' ? field('door', t('phone-arrival-door'), door) : null,
      field('on', t('phone-arrival-on'), on),
    ),
    panel(t('phone-visit-people'), people, morePeople(people)),
    el('label', { class: 'choice boxed' }, consent, el('span', {}, t('phone-visit-consent'))),
  );
  onSave(form, async () => {
    const residents = peopleOf(people);
    if (!residents.length) return t('home-name-missing');
    if (!consent.checked) return t('phone-consent-missing');
    await write('arrival', {
      ...(kind === 'building' ? { building_id: key, door: door.value.trim() } : { [`${kind}_id`]: key }),
      from_on: on.value,
      residents,
      consent: true,
    });
    return null;
  });
  return [head(t('phone-arrival'), { about: building ? called(building) : '' }), body(form)];
}

/** What the address is about, and what the pack knows of it. */
function whereOf(pack, { searchParams }) {
  const kind = KINDS.find(one => searchParams.has(one)) ?? 'building';
  const key = Number(searchParams.get(kind));
  const due = pack.due.filter(one => one[`${kind}_id`] === key && (kind !== 'building' || !one.door));
  const house = kind === 'building' ? key : due[0]?.building_id;
  return { kind, key, due, building: pack.buildings.find(one => one.id === house) };
}

function morePeople(list) {
  return el(
    'div',
    { class: 'buttons' },
    el(
      'button',
      {
        type: 'button',
        class: 'button',
        onclick: () => {
          const number = list.children.length;
          list.append(
            el(
              'div',
              { class: 'fields' },
              field(
                `name-${number}`,
                t('phone-visit-name'),
                el('input', { 'data-field': 'name', maxlength: 80, autocomplete: 'off' }),
              ),
              field(
                `phone-${number}`,
                t('phone-visit-phone'),
                el('input', { 'data-field': 'phone', type: 'tel', maxlength: 30, autocomplete: 'off' }),
              ),
            ),
          );
          list.lastChild.querySelector('input').focus();
        },
      },
      icon('plus'),
      t('home-person-more'),
    ),
  );
}

function peopleOf(list) {
  return [...list.children].map(told).filter(one => one.name);
}

export function formWith(...parts) {
  return el(
    'form',
    { class: 'form door-form', autocomplete: 'off' },
    ...parts,
    el('p', { class: 'error', role: 'alert', hidden: true }),
    el('div', { class: 'save-bar' }, el('button', { class: 'button primary' }, t('phone-save'))),
  );
}

/** Keep what a form says, once; `save` answers with what is wrong with it, or null. A failure leaves the form. */
export function onSave(form, save) {
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const button = form.querySelector('.save-bar button');
    button.disabled = true;
    let wrong = t('phone-not-kept');
    try {
      wrong = await save();
    } catch (error) {
      if (error.name !== 'Unreadable') throw error;
      wrong = error.message;
    } finally {
      button.disabled = false;
      complain(form, wrong ?? '');
    }
    if (!wrong) location.assign('/today');
  });
}
