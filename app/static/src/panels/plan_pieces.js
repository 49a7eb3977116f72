/** What pages about plans share: figures of a plan, why grids are out of band, and publishing. */
import { formats } from '../core/formats.js';
import { post } from '../frame/api.js';
import { el, icon } from '../frame/dom.js';
import { language, locale, t } from '../words.js';
import { countOfHouseholds } from './households.js';
import { nameOf, titleOf } from './names.js';
import { figure, histogram } from './pieces.js';

const format = formats(locale);

/** Grids, in band, out of band, households, target; and how they are told, where not as they are counted. */
export function planFigures(plan) {
  return plan.in_fives ? [figures(plan), el('p', { class: 'hint' }, t('counts-in-fives'))] : [figures(plan)];
}

function figures(plan) {
  const inBand = plan.grids - plan.out_of_band;
  return el(
    'dl',
    { class: 'figures' },
    figure(t('plan-grids'), format.count(plan.grids)),
    figure(t('plan-in-band'), format.count(inBand), plan.grids ? format.percent(inBand / plan.grids) : ''),
    figure(t('plan-out-of-band'), format.count(plan.out_of_band)),
    figure(t('plan-households'), countOfHouseholds(plan.households)),
    figure(
      t('plan-band'),
      format.count(plan.target),
      `${format.count(plan.least)}–${format.count(plan.most)}`,
    ),
  );
}

/** How many grids have how many households, and why some are out of band. */
export function spread(plan, grids) {
  const out = grids.filter(grid => !grid.in_band && grid.class !== null);
  const reasons = new Map();
  for (const grid of out) {
    const said = [grid.reason, grid.remedy].map(one => one?.sentence?.[language]).filter(Boolean);
    const words = said.length ? said.join(language === 'zh' ? '' : ' ') : t('plan-no-reason');
    reasons.set(words, [...(reasons.get(words) ?? []), grid]);
  }
  return [
    el('h3', {}, t('plan-spread')),
    histogram(grids, plan),
    reasons.size > 0 &&
      el(
        'details',
        {},
        el('summary', {}, t('plan-reasons', { n: out.length })),
        el(
          'ul',
          { class: 'plain reasons' },
          ...[...reasons].map(([words, those]) =>
            el(
              'li',
              {},
              `${words} `,
              el(
                'span',
                { class: 'muted' },
                those
                  .slice(0, 8)
                  .map(grid => grid.code.slice(6))
                  .join(t('list-comma')),
                those.length > 8 ? ` +${those.length - 8}` : '',
              ),
            ),
          ),
        ),
      ),
  ].filter(Boolean);
}

export function stateTag(plan) {
  const kinds = { published: 'in-force', draft: 'draft', retired: 'retired' };
  return el('span', { class: `tag ${kinds[plan.state]}` }, t('map-plan-state', { state: plan.state }));
}

export function planName(plan) {
  return t('plan-named', { name: titleOf(plan), day: format.dateShort(plan.made_at) });
}

/**
 * Ask once, because it cannot be undone, then publish.
 *
 * @param {object} plan the draft @param {object | null} changes what `comparison` says, null for the first plan
 * @returns {Promise<object | null>} what publishing did, null where it was not done; problems are thrown
 */
export async function publish(plan, changes) {
  if (!(await isSure(plan, changes))) return null;
  return post(`/api/plans/${plan.id}/publication`, undefined, {
    headers: { 'If-Match': `"${plan.version}"` },
  });
}

function isSure(plan, changes) {
  const people = changes?.coordinators ?? [];
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'sure' },
    el('h2', { id: 'sure' }, t('publish-sure', { place: placeOf(plan) })),
    el(
      'p',
      {},
      changes
        ? t('publish-affects', {
            households: countOfHouseholds(changes.households_moved),
            buildings: format.count(changes.buildings_moved),
            people: people.length,
          })
        : t('publish-first', { grids: plan.grids, households: countOfHouseholds(plan.households) }),
    ),
    people.length > 0 &&
      el(
        'p',
        { class: 'muted' },
        people
          .slice(0, 12)
          .map(person => person.name)
          .join(t('list-comma')),
        people.length > 12 ? ' …' : '',
      ),
    el('p', {}, t('publish-for-good')),
    el(
      'form',
      { method: 'dialog', class: 'buttons' },
      el('button', { class: 'button', value: '' }, t('publish-not')),
      el('button', { class: 'button primary', value: 'yes' }, icon('badge-check'), t('publish-yes')),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve =>
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    }),
  );
}

function placeOf(plan) {
  return nameOf(plan.place);
}
