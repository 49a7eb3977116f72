/** What the views of the phone are made of. */
import { el } from '../../frame/dom.js';
import { locale, t } from '../../words.js';

/** A title with what stands beside and beneath it. */
export function head(title, { about, actions = [] } = {}) {
  return el(
    'header',
    { class: 'page-head' },
    el('h1', {}, title),
    el('div', { class: 'actions' }, ...actions),
    about ? el('p', {}, about) : null,
  );
}

/** A white surface with a title line. */
export function panel(title, ...body) {
  return el(
    'section',
    { class: 'panel' },
    title ? el('div', { class: 'panel-head' }, el('h2', {}, title)) : null,
    el('div', { class: 'panel-body' }, ...body),
  );
}

export function body(...parts) {
  return el('div', { class: 'page-body' }, ...parts);
}

/** Nothing here yet. */
export function empty(picture, title, about) {
  return body(
    el(
      'section',
      { class: 'panel' },
      el('div', { class: 'empty' }, picture, el('h2', {}, title), el('p', {}, about)),
    ),
  );
}

/** A question of a form with a field. */
export function field(id, label, input, hint) {
  input.id = id;
  return el(
    'div',
    { class: 'field' },
    el('label', { for: id }, label),
    input,
    hint ? el('p', { class: 'hint' }, hint) : null,
  );
}

/** One of few, as big buttons. choices: [value, words]. */
export function choices(name, label, options, chosen, className = 'choices') {
  return el(
    'fieldset',
    { class: className },
    el('legend', {}, label),
    ...options.map(([value, words]) =>
      el(
        'label',
        { class: 'choice boxed' },
        el('input', { type: 'radio', name, value, checked: value === chosen, required: true }),
        el('span', {}, words),
      ),
    ),
  );
}

/** What a building is called. */
export function called(building) {
  return building.name || building.address || building.code;
}

export function day(said) {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${said}T00:00Z`),
  );
}

/** Why something is due, and which fields are missing. */
export function reason(one) {
  const missing = one.missing.map(name => t(`phone-field-${name}`));
  const list = new Intl.ListFormat(locale).format(missing);
  return [t(`due-${one.kind}`), missing.length ? t('phone-missing', { fields: list }) : null]
    .filter(Boolean)
    .join(' · ');
}

/** Where somebody stands; rejects where that is not told. Nothing of it is kept. */
export function position() {
  return new Promise((resolve, reject) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve([coords.longitude, coords.latitude]),
      reject,
      {
        enableHighAccuracy: true,
        timeout: 10_000,
      },
    ),
  );
}
