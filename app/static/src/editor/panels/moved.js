/** The buildings that change hands between two states of the draft, asked for when somebody wants to see them. */
import { numberOf } from '../../core/labels.js';
import { get } from '../../frame/api.js';
import { el, fill, icon } from '../../frame/dom.js';
import { nameOf } from '../../panels/names.js';
import { t } from '../../words.js';
import { format } from './desk.js';

const AT_ONCE = 100;
const CLOSE_ZOOM = 17;

/** @param {object} desk @param {number} older version @param {number} newer version */
export function movedBuildings({ plan, shown }, older, newer) {
  const list = el('ul', { class: 'rows' });
  const said = el('p', { class: 'muted small', role: 'status' });
  const more = el(
    'button',
    { type: 'button', class: 'button', hidden: true, onclick: () => void load() },
    t('grid-more'),
  );
  let next = 0;
  const details = el(
    'details',
    { class: 'moved-buildings' },
    el('summary', {}, t('history-buildings')),
    said,
    list,
    more,
  );
  details.addEventListener('toggle', () => void load(), { once: true });

  async function load() {
    const asked = new URLSearchParams({
      with: plan.id,
      version: newer,
      with_version: older,
      limit: AT_ONCE,
      after: next,
    });
    try {
      const page = await get(`/api/plans/${plan.id}/moved-buildings?${asked}`);
      list.append(...page.buildings.map(row));
      said.textContent = t('history-moved', { n: page.total, households: page.households });
      if (page.people) said.append(' · ', t('editor-hands-people', { people: page.people }));
      next = page.next;
      more.hidden = next === null;
    } catch (problem) {
      if (problem.name !== 'Problem') throw problem;
      fill(said, icon('cloud-off', 'icon small'), problem.message);
    }
  }

  const row = building =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', onclick: () => shown.goToPoint(building.position, { zoom: CLOSE_ZOOM }) },
        el(
          'span',
          { class: 'row-main' },
          nameOf(building) || building.code,
          el(
            'span',
            { class: 'muted small' },
            t('history-moved-way', {
              from: building.from ? numberOf(building.from) : t('history-none'),
              to: numberOf(building.to),
            }),
          ),
        ),
        el('span', { class: 'row-side' }, format.count(building.households)),
      ),
    );

  return details;
}
