/** Open hazards that were pressed on the map, each as a small card that leads to its case. */
import { formats } from '../core/formats.js';
import { el, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';

const format = formats(locale);

/**
 * @param {object[]} hazards as the map's source holds them
 * @param {(kind: string) => string} nameOf
 * @param {() => void} back
 */
export function hazardCards(hazards, nameOf, back) {
  return el(
    'div',
    { class: 'side-section hazard-cards', tabindex: -1 },
    el(
      'button',
      { type: 'button', class: 'button quiet', onclick: back },
      icon('arrow-left'),
      t('hazards-map-back'),
    ),
    el('h2', {}, t('hazards-map-here', { n: hazards.length })),
    ...hazards.map(one => card(one, nameOf)),
  );
}

function card(one, nameOf) {
  return el(
    'article',
    { class: 'hazard-card', 'data-hazard': one.id },
    el(
      'h3',
      {},
      nameOf(one.kind),
      el('span', { class: `tag severity-${one.severity}` }, t('case-severity', { severity: one.severity })),
    ),
    el('p', {}, icon('map-pin', 'icon small'), one.site ?? t('hazards-map-point')),
    el('p', { class: 'muted' }, t('case-state', { state: one.state.replaceAll(' ', '_') })),
    el(
      'p',
      { class: one.overdue ? 'late' : 'muted' },
      icon('clock', 'icon small'),
      t(one.overdue ? 'hazards-map-late-since' : 'hazards-map-due', { at: format.dateTime(one.due_at) }),
    ),
    el('a', { class: 'button', href: `/hazards/${one.id}` }, icon('folder-open'), t('hazards-map-open')),
  );
}
