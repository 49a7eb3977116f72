/** One building as the phone knows it: where it is, and what is due at which door. */
import { el, icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { body, called, head, panel } from './pieces.js';
import { dueRow } from './today.js';

/** @returns {HTMLElement[]} */
export function buildingView({ pack, address }) {
  const id = Number(address.pathname.split('/')[2]);
  const building = pack.buildings.find(one => one.id === id);
  if (!building)
    return [head(t('phone-not-here')), body(el('p', { class: 'notice warn' }, t('phone-found-none')))];
  const due = pack.due.filter(one => one.building_id === id);
  const act = (path, picture, words) =>
    el('a', { class: 'button', href: `${path}?building=${id}` }, picture, words);
  return [
    head(called(building), {
      about: [building.address, building.code, ...building.entrances].filter(Boolean).join(' · '),
    }),
    body(
      address.searchParams.has('old') ? el('p', { class: 'notice warn' }, t('phone-sheet-old')) : null,
      el(
        'div',
        { class: 'buttons' },
        act('/visits/new', icon('door-open'), t('phone-visit')),
        act('/arrivals/new', icon('user-round-plus'), t('phone-arrival')),
        act('/hazards/new', icon('triangle-alert'), t('phone-hazard')),
      ),
      panel(
        t('phone-due-n', { n: due.length }),
        due.length
          ? el('ul', { class: 'rows due-rows' }, ...due.map(dueRow))
          : el('p', { class: 'muted' }, t('phone-nothing-due')),
      ),
      building.notes?.length
        ? panel(
            t('notes-title'),
            el(
              'ul',
              { class: 'rows held' },
              ...building.notes.map(words => el('li', {}, el('span', { class: 'row-main' }, words))),
            ),
          )
        : null,
    ),
  ];
}
