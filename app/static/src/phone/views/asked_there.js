/** What a form at the door asks besides, without signal: help for the household, and what employers lack. */
import { el, icon } from '../../frame/dom.js';
import { addNeed, needsOf } from '../../panels/door_needs.js';
import { language, t } from '../../words.js';
import { choices, field, panel } from './pieces.js';

const DAY_MS = 86_400_000;

/**
 * Help that a household asks for, from the catalogue in the pack. Each need has its code at once, to be handed
 * over at the door.
 *
 * @returns {{ element: HTMLElement, said: () => object[] }}
 */
export function needsPanel(pack) {
  const list = el('div', { class: 'visit-needs' });
  const template = el('template');
  template.content.append(needFields(pack));
  const more = el(
    'button',
    { type: 'button', class: 'button', 'data-more-needs': true, onclick: () => addNeed(list, template) },
    icon('plus'),
    t('need-add'),
  );
  const element = panel(
    t('visit-needs'),
    el('p', { class: 'muted' }, t('need-refusing')),
    list,
    el('div', { class: 'buttons' }, more),
  );
  return { element, said: () => needsOf(list) };
}

/** The fields of one need; `-N` in their ids becomes its number. */
function needFields({ services, need_days: days }) {
  const options = services.map(one => el('option', { value: one.code }, one[`name_${language}`]));
  const [usual, most] = [days.usual, days.most].map(dayFromNow);
  const service = el(
    'select',
    { 'data-need-field': 'service' },
    el('option', { value: '' }, '—'),
    ...options,
  );
  const purpose = el('textarea', { 'data-need-field': 'purpose', rows: 2, maxlength: 300 });
  const until = el('input', { 'data-need-field': 'until_on', type: 'date', max: most });
  until.setAttribute('value', usual); // of a template only attributes are copied
  return el(
    'div',
    { class: 'visit-need', 'data-need': true },
    field('service-N', t('need-service'), service),
    field('purpose-N', t('need-purpose'), purpose, t('need-purpose-about')),
    field('until-N', t('need-until'), until),
    el(
      'label',
      { class: 'choice boxed' },
      el('input', { type: 'checkbox', 'data-need-consents': true }),
      el('span', {}, t('need-consent')),
    ),
    el(
      'p',
      { class: 'visit-code' },
      el('span', {}, t('visit-need-code')),
      ' ',
      el('output', { 'data-need-code': true }),
      el('br'),
      el('span', { class: 'hint' }, t('visit-need-code-about', { address: '/follow' })),
    ),
    el(
      'button',
      { type: 'button', class: 'button quiet', 'data-remove': true },
      icon('x'),
      t('visit-need-remove'),
    ),
  );
}

/** A day so many days from today, as a field of a form has it. */
function dayFromNow(days) {
  return new Date(Date.now() + days * DAY_MS).toLocaleDateString('sv');
}

/**
 * What nobody has told of the employers of a building; null where nothing is to be asked.
 *
 * @returns {{ element: HTMLElement, said: () => object[] } | null}
 */
export function firmsPanel(pack, building) {
  const firms = pack.employers.filter(one => one.building_id === building?.id);
  if (!firms.length) return null;
  const rows = firms.map(firm => ({ firm, element: firmFields(firm, pack.employer_sizes ?? []) }));
  const element = panel(
    t('visit-firms', { n: firms.length }),
    el('p', { class: 'muted' }, t('visit-firms-about')),
    el('ul', { class: 'people-list' }, ...rows.map(row => row.element)),
  );
  const said = () => rows.map(row => toldOf(row)).filter(one => Object.keys(one).length > 1);
  return { element, said };
}

/** The fields of one employer. sizes: what the pack knows; none in one taken along before it told them. */
function firmFields({ id, name, kind, missing }, sizes) {
  const text = (what, words, more) =>
    missing.includes(what)
      ? field(`${what}-${id}`, words, el('input', { 'data-firm-field': what, autocomplete: 'off', ...more }))
      : null;
  const told = sizes.map(one => [one, t(`employer-size-${one.replaceAll(' ', '-')}`)]);
  const asks = missing.includes('size') && told.length > 0;
  const size = asks ? choices(`firm-size-${id}`, t('employer-size'), told) : null;
  for (const radio of size?.querySelectorAll('input') ?? []) radio.required = false;
  return el(
    'li',
    { 'data-firm': id },
    el(
      'div',
      { class: 'person-head' },
      el('h3', {}, name),
      el('span', { class: 'tag' }, t(`employer-kind-${kind}`)),
    ),
    text('contact_name', t('employer-contact'), { maxlength: 80 }),
    text('contact_phone', t('employer-contact-phone'), { type: 'tel', maxlength: 30 }),
    size,
  );
}

/** What was told of one employer; only its id where nothing was. */
function toldOf({ firm, element }) {
  const typed = [...element.querySelectorAll('[data-firm-field]')]
    .filter(input => input.value.trim())
    .map(input => [input.dataset.firmField, input.value.trim()]);
  const size = element.querySelector(`[name="firm-size-${firm.id}"]:checked`)?.value;
  return { id: firm.id, ...Object.fromEntries(typed), ...(size && { size }) };
}
