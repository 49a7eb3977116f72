/** My grids without signal: every building a link, with buttons for whatever a finger could do. */
import { drawn } from '../../core/pack_map.js';
import { el, icon, svg } from '../../frame/dom.js';
import { toast } from '../../frame/toast.js';
import { t } from '../../words.js';
import { body, called, head, position } from './pieces.js';

const CLOSER = 1.6;
const STEP = 0.3; // of what is in sight

/** @returns {HTMLElement[]} */
export function mapView({ pack }) {
  const map = drawn(pack);
  let view = [...map.box];
  const names = new Map(pack.buildings.map(one => [one.id, called(one)]));
  const me = svg('circle', { class: 'me', r: 6, hidden: true });
  const picture = svg(
    'svg',
    { class: 'pack-map', role: 'group', 'aria-label': t('phone-map') },
    svg('path', { class: 'street', d: map.streets }),
    ...map.grids.map(path => svg('path', { class: 'grid', d: path })),
    ...map.buildings.map(one =>
      svg(
        'a',
        { href: `/buildings/${one.id}`, 'aria-label': names.get(one.id) },
        svg('path', { class: `building${one.due ? ' is-due' : ''}`, d: one.path }),
      ),
    ),
    me,
  );
  const look = () => picture.setAttribute('viewBox', view.map(number => number.toFixed(1)).join(' '));
  const zoom = (factor, [x, y] = [view[0] + view[2] / 2, view[1] + view[3] / 2]) => {
    const [width, height] = [view[2] / factor, view[3] / factor];
    view = [x - width / 2, y - height / 2, width, height];
    look();
  };
  const move = (dx, dy) => {
    view = [view[0] + dx * STEP * view[2], view[1] + dy * STEP * view[3], view[2], view[3]];
    look();
  };
  const button = (picture, words, act) =>
    el('button', { type: 'button', class: 'button', onclick: act }, picture, el('span', {}, words));
  dragged(picture, (dx, dy) => {
    const scale = Math.max(view[2] / picture.clientWidth, view[3] / picture.clientHeight);
    view = [view[0] - dx * scale, view[1] - dy * scale, view[2], view[3]];
    look();
  });
  const whereAmI = async () => {
    const at = await position().catch(() => null);
    if (!at) return toast(t('today-no-position'));
    const [x, y] = map.place(at);
    me.setAttribute('cx', x);
    me.setAttribute('cy', y);
    me.removeAttribute('hidden');
    view = [...map.box];
    zoom(CLOSER * 2, [x, y]);
  };
  look();
  return [
    head(t('phone-map'), { about: t('phone-map-about', { buildings: pack.buildings.length }) }),
    body(
      picture,
      el(
        'div',
        { class: 'buttons' },
        button(icon('zoom-in'), t('phone-closer'), () => zoom(CLOSER)),
        button(icon('zoom-out'), t('phone-farther'), () => zoom(1 / CLOSER)),
        button(icon('maximize'), t('phone-whole'), () => {
          view = [...map.box];
          look();
        }),
        button(icon('locate-fixed'), t('phone-where'), whereAmI),
        button(icon('arrow-left'), t('phone-west'), () => move(-1, 0)),
        button(icon('arrow-up'), t('phone-north'), () => move(0, -1)),
        button(icon('arrow-down'), t('phone-south'), () => move(0, 1)),
        button(icon('arrow-right'), t('phone-east'), () => move(1, 0)),
      ),
      el('p', { class: 'muted small' }, t('phone-where-about')),
    ),
  ];
}

/** Tell by how many pixels a picture is dragged; a press that hardly moves stays a press. */
function dragged(picture, move) {
  let last = null;
  let far = false;
  picture.addEventListener('pointerdown', event => {
    last = [event.clientX, event.clientY];
    far = false;
  });
  picture.addEventListener('pointermove', event => {
    if (!last) return;
    const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
    if (!far && Math.hypot(dx, dy) < 6) return;
    far = true;
    move(dx, dy);
    last = [event.clientX, event.clientY];
  });
  for (const name of ['pointerup', 'pointercancel', 'pointerleave'])
    picture.addEventListener(name, () => (last = null));
  picture.addEventListener('click', event => far && event.preventDefault(), { capture: true });
}
