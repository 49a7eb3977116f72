/** A day of the past: the field that asks for it, and the banner that says the map is of then. */
import { formats } from '../core/formats.js';
import { el, fill, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';

const format = formats(locale);

/**
 * @param {HTMLElement} banner lies over the map
 * @param {{today: string, go: (day: string | null) => void}} acts today: the day where the places lie
 */
export function makeDay(banner, { today, go }) {
  const field = el('input', {
    type: 'date',
    id: 'day',
    max: today,
    title: t('life-day-pick'),
    onchange: () => {
      if (!field.value || !field.validity.valid) return;
      go(field.value < today ? field.value : null);
    },
  });
  const control = el(
    'div',
    { class: 'day-line' },
    el('label', { for: 'day' }, icon('history'), t('life-day')),
    field,
  );
  return {
    /** The field, to be put where the list of grids begins. */
    control,

    /** @param {string | null} day null: today */
    show(day) {
      field.value = day ?? today;
      banner.hidden = !day;
      if (!day) return fill(banner);
      fill(
        banner,
        icon('history'),
        el(
          'span',
          {},
          el('strong', {}, t('life-day-banner', { day: format.date(day) })),
          el('small', {}, t('life-day-about')),
        ),
        el('button', { type: 'button', class: 'button', onclick: () => go(null) }, t('life-day-back')),
      );
    },
  };
}

/**
 * Where no plan was in force: since when there is one.
 *
 * @param {string} day @param {string} place its name @param {object[]} plans in force, the newest first
 */
export function noPlanThen(day, place, plans) {
  const first = plans.at(-1);
  return el(
    'div',
    { class: 'empty' },
    icon('history'),
    el('h2', {}, t('life-day-none', { day: format.date(day), place })),
    el('p', {}, first ? t('life-day-none-about', { first: format.date(first.from) }) : t('life-day-never')),
  );
}
