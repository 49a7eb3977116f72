/** Which place and which plan is looked at. */
import { formats } from '../core/formats.js';
import { el, fill, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';
import { householdsOf } from './households.js';
import { nameOf, titleOf } from './names.js';

const format = formats(locale);

/**
 * @param {HTMLElement} button shows what is chosen
 * @param {HTMLElement} popover offers the others
 * @param {{choosePlace: (code: string) => void, choosePlan: (id: number) => void}} acts
 */
export function makeChooser(button, popover, { choosePlace, choosePlan }) {
  let places = [],
    plans = [],
    place = null,
    plan = null;
  const filter = el('input', {
    type: 'search',
    placeholder: t('map-place-filter'),
    'aria-label': t('map-place-filter'),
    autocomplete: 'off',
    oninput: drawPlaces,
  });
  const placeList = el('ul', { class: 'rows places' });
  const planList = el('ul', { class: 'rows' });
  fill(
    popover,
    el('section', {}, el('h2', {}, t('map-plans')), planList),
    el('section', {}, el('h2', {}, t('map-places')), filter, placeList),
  );

  function drawPlaces() {
    const wanted = filter.value.trim().toLowerCase();
    filter.hidden = places.length < 9;
    const found = places.filter(
      one =>
        !wanted || [one.code, one.name, one.name_pinyin].some(text => text?.toLowerCase().includes(wanted)),
    );
    fill(placeList, ...found.map(placeRow));
    if (!found.length) fill(placeList, el('li', { class: 'muted' }, t('map-place-none')));
  }

  const placeRow = one =>
    el(
      'li',
      {},
      el(
        'button',
        {
          type: 'button',
          class: `level-${one.level}`,
          'aria-current': one.code === place?.code ? 'true' : false,
          onclick: () => {
            popover.hidePopover();
            choosePlace(one.code);
          },
        },
        el('span', { class: 'row-main' }, nameOf(one)),
        el('span', { class: 'row-side' }, householdsOf(one.households)),
      ),
    );

  const planRow = one =>
    el(
      'li',
      {},
      el(
        'button',
        {
          type: 'button',
          'aria-current': one.id === plan?.id ? 'true' : false,
          onclick: () => {
            popover.hidePopover();
            choosePlan(one.id);
          },
        },
        el(
          'span',
          { class: 'row-main' },
          titleOf(one),
          el(
            'span',
            { class: 'muted small' },
            [
              one.place.code === place.code ? null : nameOf(one.place),
              t('map-plan-about', {
                grids: one.grids,
                day: format.dateShort(one.published_at ?? one.made_at),
              }),
            ]
              .filter(Boolean)
              .join(' · '),
          ),
        ),
        stateTag(one),
      ),
    );

  return {
    /** @param {object[]} all places and plans to choose from, and what is chosen */
    show(all) {
      ({ places, plans, place, plan } = all);
      fill(button.querySelector('.where-place'), place ? nameOf(place) : t('map-no-place'));
      fill(
        button.querySelector('.where-plan'),
        plan ? titleOf(plan) : place ? t('map-no-plan') : '',
        plan ? stateTag(plan) : null,
      );
      button.disabled = !places.length;
      filter.value = '';
      drawPlaces();
      fill(planList, ...(place ? plans.map(planRow) : []));
      if (!plans.length) fill(planList, el('li', { class: 'muted' }, t('map-no-plan')));
    },
  };
}

/** In force, draft or retired, as a word. */
export function stateTag(plan) {
  return el(
    'span',
    { class: `tag ${{ published: 'in-force' }[plan.state] ?? plan.state}` },
    plan.state === 'published' ? icon('check', 'icon small') : null,
    t('map-plan-state', { state: plan.state }),
  );
}
