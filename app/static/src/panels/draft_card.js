/** A draft on the page of plans: at which stage it is, what it comes to, and what one may do with it. */
import { actsOf } from '../core/life.js';
import { formats } from '../core/formats.js';
import { el, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';
import { countOfHouseholds } from './households.js';
import { exportMenu } from './grid_files.js';
import { reviewNotice, stageTag } from './life.js';
import { titleOf } from './names.js';

const format = formats(locale);
// What stands apart, small and last, however important it is at this stage.
const QUIET = ['duplicate', 'discard'];

/**
 * @param {object} plan as the API tells it
 * @param {object} who as `actsOf` knows it, and `coversAll`: whether the person may read all of its place
 * @param {(act: string, plan: object, button: HTMLButtonElement) => void} act
 * @param {HTMLElement} pick a field that chooses it to compare
 */
export function draftCard(plan, who, act, pick) {
  const names = actsOf(plan, who).filter(name => !['approve', 'send_back'].includes(name));
  const decides = actsOf(plan, who).includes('approve');
  const main = names.filter(name => !QUIET.includes(name));
  return el(
    'article',
    { class: 'panel draft-card', 'data-plan': plan.id },
    el(
      'div',
      { class: 'panel-head' },
      el('span', { class: 'slot', 'aria-hidden': 'true' }, plan.slot ?? '·'),
      el(
        'h3',
        {},
        el('span', { class: 'spoken' }, plan.slot ? t('life-slot', { slot: plan.slot }) : ''),
        el('a', { href: `/map?place=${plan.place.code}&plan=${plan.id}` }, titleOf(plan)),
      ),
      stageTag(plan),
    ),
    el(
      'div',
      { class: 'panel-body' },
      el(
        'p',
        { class: 'muted small' },
        [format.dateTime(plan.made_at), plan.made_by, !plan.current_ground && t('plans-old-ground')]
          .filter(Boolean)
          .join(' · '),
      ),
      figures(plan),
      reviewNotice(plan, who.today),
      el(
        'div',
        { class: 'buttons' },
        decides && link(plan, 'review', icon('stamp'), t('life-review'), 'primary'),
        ...main.map((name, at) =>
          button(name, plan, act, at === 0 && !decides && name !== 'withdraw' ? 'primary' : ''),
        ),
        link(plan, 'compare', icon('columns-2'), t('life-compare')),
        !decides &&
          (plan.review || plan.open_comments > 0) &&
          link(
            plan,
            'review',
            icon('message-square'),
            plan.open_comments > 0 ? t('life-open-comments', { n: plan.open_comments }) : t('life-review'),
          ),
      ),
      el(
        'div',
        { class: 'draft-foot' },
        el('label', { class: 'choice' }, pick, el('span', {}, t('plans-pick-short'))),
        who.coversAll && link(plan, 'certificate', icon('badge-check'), t('certificate-link'), 'quiet'),
        who.coversAll &&
          plan.from_layer &&
          link(plan, 'layer', icon('list-checks'), t('layer-title'), 'quiet'),
        who.manages && exportMenu(plan),
        ...QUIET.filter(name => names.includes(name)).map(name => button(name, plan, act, 'quiet')),
      ),
    ),
  );
}

/** A slot nothing lies in, with the way to fill it. */
export function freeSlot(slot, place, mayManage) {
  return el(
    'div',
    { class: 'panel draft-card free' },
    el('span', { class: 'slot', 'aria-hidden': 'true' }, slot),
    el('p', { class: 'muted' }, t('life-slot-free', { slot })),
    mayManage &&
      el(
        'a',
        { class: 'button quiet', href: `/split?place=${place.code}&slot=${slot}` },
        icon('scissors-line-dashed'),
        t('life-slot-split', { slot }),
      ),
  );
}

function figures(plan) {
  const figure = (name, value, small) =>
    el('div', {}, el('dt', {}, name), el('dd', {}, value, small && el('small', {}, small)));
  return el(
    'dl',
    { class: 'figures' },
    figure(t('plan-grids'), format.count(plan.grids)),
    figure(t('plan-out-of-band'), format.count(plan.out_of_band)),
    figure(t('plan-households'), countOfHouseholds(plan.households)),
    figure(
      t('plan-band'),
      format.count(plan.target),
      `${format.count(plan.least)}–${format.count(plan.most)}`,
    ),
  );
}

function link(plan, page, picture, words, kind = '') {
  return el('a', { class: `button ${kind}`, href: `/plans/${plan.id}/${page}` }, picture, words);
}

const PICTURES = {
  submit: () => icon('send'),
  publish: () => icon('badge-check'),
  withdraw: () => icon('undo-2'),
  duplicate: () => icon('copy'),
  discard: () => icon('trash-2'),
};

function button(name, plan, act, kind) {
  if (name === 'edit') return link(plan, 'edit', icon('spline'), t('life-edit'), kind);
  return el(
    'button',
    {
      type: 'button',
      class: `button ${kind}`,
      'data-act': name,
      onclick: event => act(name, plan, event.currentTarget),
    },
    PICTURES[name](),
    t(`life-act-${name}`),
  );
}
