/** What the colours and hatches mean, in households, with the band. */
import { formats } from '../core/formats.js';
import { el, fill, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';

const format = formats(locale);
const phone = matchMedia('(max-width: 719px)');

/**
 * The card over the map, folded up on a phone until it is asked for.
 *
 * @param {object | null} plan
 * @param {{hasHazards?: boolean}} [shown] what else is drawn
 */
export function showLegend(card, plan, { hasHazards = false } = {}) {
  card.hidden = !plan && !hasHazards;
  if (card.hidden) return;
  const asked = sessionStorage.getItem('legend');
  const closed = asked ? asked === 'closed' : phone.matches;
  const head = el(
    'summary',
    {},
    el('strong', {}, t('map-legend')),
    plan &&
      el(
        'span',
        { class: 'muted' },
        t('map-legend-band', { target: plan.target, least: plan.least, most: plan.most }),
      ),
    icon('chevron-down', 'icon small'),
  );
  const details = el(
    'details',
    { open: !closed },
    head,
    plan && legendList(plan),
    hasHazards && hazardList(),
  );
  details.addEventListener('toggle', () =>
    sessionStorage.setItem('legend', details.open ? 'open' : 'closed'),
  );
  fill(card, details);
}

/** Seven classes side by side, each with its households below it; then what has no number. */
function legendList(plan) {
  const steps = plan.classes.map(([fewest, most], number) =>
    el(
      'li',
      {},
      el('span', { class: `swatch class-${number} ${number === 3 ? '' : 'hatched'}` }),
      el('span', { class: 'number' }, rangeOf(fewest, most)),
      el('span', { class: 'muted' }, number === 3 ? t('map-in-band') : number < 3 ? '▼' : '▲'),
    ),
  );
  return el(
    'div',
    { class: 'legend-parts' },
    el('ul', { class: 'legend-steps' }, ...steps),
    el(
      'ul',
      { class: 'legend' },
      el('li', {}, el('span', { class: 'swatch class-7' }), el('span', {}, t('map-nobody'))),
      el('li', {}, el('span', { class: 'swatch compound' }), el('span', {}, t('map-rental-compound'))),
      plan.micro_grids > 0 &&
        el('li', {}, el('span', { class: 'swatch micro' }), el('span', {}, t('map-micro-grid'))),
    ),
  );
}

/** Discs of hazards by severity, with a letter of a kind; the ring of what is overdue. */
function hazardList() {
  const disc = (name, mark, words) =>
    el(
      'li',
      {},
      el('span', { class: `hazard-disc ${name}`, 'aria-hidden': 'true' }, mark),
      el('span', {}, words),
    );
  const mark = t('hazards-map-mark', { kind: 'gas' });
  return el(
    'div',
    { class: 'legend-parts' },
    el('strong', {}, t('hazards-map-legend')),
    el(
      'ul',
      { class: 'legend hazard-legend' },
      ...[1, 2, 3].map(severity =>
        disc(`severity-${severity}`, severity === 3 ? `${mark}!` : mark, t('case-severity', { severity })),
      ),
      disc('severity-2 several', '9', t('hazards-map-many')),
      disc('severity-2 ringed', mark, t('hazards-map-ring')),
    ),
  );
}

function rangeOf(fewest, most) {
  if (most === null) return t('map-range-open', { fewest });
  if (fewest <= 1) return t('map-range-below', { most });
  return `${format.count(fewest)}–${format.count(most)}`;
}
