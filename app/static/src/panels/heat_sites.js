/** The sites behind a spot of heat, the heaviest first, each with its cases. */
import { formats } from '../core/formats.js';
import { el, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';

const format = formats(locale);

/**
 * @param {{sites: object[], hazards: number, more: number}} found
 * @param {object} how
 * @param {Map<string, string>} how.kindNames
 * @param {number | null} how.radius metres around the spot; null: all of the place
 * @param {string} how.list address of the same hazards as a list
 * @param {() => void} how.back
 * @param {(site: object) => void} how.point show it on the map
 */
export function sitesView(found, { kindNames, radius, list, back, point }) {
  return el(
    'div',
    { class: 'side-section heat-sites', tabindex: -1 },
    el(
      'div',
      { class: 'heat-sites-head' },
      el(
        'button',
        { type: 'button', class: 'button quiet', onclick: back },
        icon('arrow-left'),
        t('heat-back'),
      ),
      el('a', { class: 'button quiet', href: list }, icon('list'), t('heat-in-list')),
    ),
    el('h2', {}, radius ? t('heat-sites-here', { reach: format.distance(radius) }) : t('heat-sites')),
    el('p', { class: 'muted' }, t('heat-meant', { n: found.hazards })),
    found.sites.length === 0 && el('p', {}, t('heat-sites-none')),
    ...found.sites.map(site => siteView(site, kindNames, point)),
    found.more > 0 && el('p', { class: 'hint' }, t('heat-sites-more', { n: found.more })),
  );
}

function siteView(site, kindNames, point) {
  return el(
    'section',
    { class: 'heat-site' },
    el(
      'h3',
      {},
      el(
        'button',
        { type: 'button', class: 'quiet', onclick: () => point(site) },
        icon(site.site === 'point' ? 'map-pin' : 'building-2', 'icon small'),
        site.name ?? t('heat-site-point'),
      ),
      site.grid && el('span', { class: 'muted number' }, site.grid),
    ),
    el(
      'ul',
      { class: 'rows' },
      ...site.cases.map(one =>
        el(
          'li',
          {},
          el(
            'a',
            { href: `/hazards/${one.id}`, 'data-case': one.id },
            el(
              'span',
              { class: 'row-main' },
              `${kindNames.get(one.kind) ?? one.kind} · ${t('heat-severity-named', { severity: one.severity })}`,
            ),
            el(
              'span',
              { class: `row-side ${one.overdue ? 'late' : 'muted'}` },
              t(one.overdue ? 'heat-case-late' : 'heat-case-due', { day: format.dateShort(one.due_at) }),
            ),
          ),
        ),
      ),
    ),
  );
}
