/** In the head of the page: who else is here, and a menu of what one does seldom. */
import { initialsOf } from '../../core/conflicts.js';
import { el, fill, icon } from '../../frame/dom.js';
import { t } from '../../words.js';

const FORMATS = ['gpkg', 'qgis', 'shp', 'kml', 'geojson'];
const MOST_PEOPLE = 4;

/** Who else has the draft open, by initials. @param {HTMLElement} root @param {object} editor */
export function showPeople(root, editor) {
  const draw = () => {
    const people = editor.people.filter(({ id }) => id !== editor.me.id);
    root.hidden = !people.length;
    const names = people.map(one => one.name).join(t('list-comma'));
    fill(
      root,
      el('span', { class: 'spoken' }, t('state-people', { names })),
      ...people
        .slice(0, MOST_PEOPLE)
        .map((one, at) =>
          el(
            'span',
            { class: `initials person-${at % MOST_PEOPLE}`, title: one.name, 'aria-hidden': 'true' },
            initialsOf(one.name),
          ),
        ),
      people.length > MOST_PEOPLE &&
        el('span', { class: 'initials', 'aria-hidden': 'true' }, `+${people.length - MOST_PEOPLE}`),
    );
  };
  editor.on('people', draw);
  draw();
}

/**
 * @param {HTMLElement} root
 * @param {object} desk
 * @param {{help: () => void, locks: object}} acts
 */
export function makeMenu(root, desk, { help, locks }) {
  const { plan, place } = desk;
  const menu = el('div', { class: 'menu', popover: 'auto', id: 'editor-menu' });
  const opener = el(
    'button',
    {
      type: 'button',
      class: 'button quiet icon-only',
      popovertarget: 'editor-menu',
      'aria-label': t('state-menu'),
      title: t('state-menu'),
    },
    icon('ellipsis-vertical'),
  );
  const link = (href, symbol, words, download = false) =>
    el('li', {}, el('a', { href, download }, symbol, el('span', { class: 'row-main' }, words)));
  const act = (symbol, words, press) =>
    el(
      'li',
      {},
      el(
        'button',
        {
          type: 'button',
          onclick: () => {
            menu.hidePopover();
            press();
          },
        },
        symbol,
        el('span', { class: 'row-main' }, words),
      ),
    );
  fill(
    menu,
    el(
      'ul',
      { class: 'rows' },
      link(`/plans/${plan.id}/compare`, icon('columns-2'), t('compare-title')),
      link(`/plans/${plan.id}/rebalance`, icon('scale'), t('rebalance-act')),
      link(`/plans/${plan.id}/certificate`, icon('file-check'), t('certificate-link')),
      link(`/map?place=${place.code}&plan=${plan.id}`, icon('map'), t('split-map')),
    ),
    el('h3', {}, t('state-locks')),
    el(
      'ul',
      { class: 'rows' },
      act(icon('lock'), t('locks-lock-all'), () => void locks.all(true)),
      act(icon('lock-open'), t('locks-unlock-all'), () => void locks.all(false)),
    ),
    el('h3', {}, t('state-export')),
    el(
      'ul',
      { class: 'rows' },
      ...FORMATS.map(format =>
        link(
          `/api/plans/${plan.id}/export?format=${format}`,
          icon('download'),
          t('state-export-as', { format }),
          true,
        ),
      ),
    ),
    el('ul', { class: 'rows' }, act(icon('keyboard'), t('help-title'), help)),
  );
  fill(root, opener, menu);
}
