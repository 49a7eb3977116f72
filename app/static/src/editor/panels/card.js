/**
 * The grids at work, in figures, over the map: one or two that are chosen, or the two whose border is being dragged,
 * each with its load bar and the legal range; below, who changes hands, or why it cannot be.
 *
 * On a phone it is a line for each, and the other figures are there when asked for: the map needs the room.
 *
 * While the pointer moves it follows a few times a second, and only what it says otherwise is put into the page: the
 * page has to lay it out and draw it in the same frame as the border under the hand.
 */
import { el, fill, icon, patch } from '../../frame/dom.js';
import { loadBar } from '../../panels/pieces.js';
import { t } from '../../words.js';
import { callOf, format, gridWords, nowWords, numberIn, signed } from './desk.js';

const QUIET_MS = 600; // after the last change, before figures are read aloud
const MOST = 2;
const AFTER_MS = 150; // after a change

/**
 * @param {HTMLElement} root
 * @param {object} desk
 * @param {{open: (grid: number) => void}} acts
 */
export function makeCard(root, desk, { open }) {
  const { editor, plan } = desk;
  let figures = editor.figures,
    drawn = 0,
    about = null, // what stands in it
    saying = 0;

  const more = el(
    'button',
    {
      type: 'button',
      class: 'card-more',
      'aria-expanded': 'false',
      'aria-label': t('card-more'),
      onclick: turn,
    },
    icon('chevron-up', 'icon small'),
  );

  function turn() {
    const isOpen = root.classList.toggle('is-open');
    more.setAttribute('aria-expanded', String(isOpen));
  }

  editor.on('figures', told => {
    figures = told;
    drawSoon();
    if (isAtWork()) tellLater();
  });
  editor.on('selection', ({ grids }) => void measure(grids));
  draw();

  /** Ways are known once the ground of the grids has come. */
  async function measure(grids) {
    try {
      await editor.need(grids);
    } catch (problem) {
      if (problem.name !== 'Problem') throw problem;
      return; // the figures say less; the map says that its ground does not come
    }
    figures = editor.figures;
    drawSoon();
  }

  /** Something is being done, not only looked at. */
  const isAtWork = () => Boolean(figures.moved);

  /** A little later, with all that changes until then: the frame in which a hand takes a border has enough to do. */
  function drawSoon() {
    drawn ||= setTimeout(draw, AFTER_MS);
  }

  function draw() {
    drawn = 0;
    const faces = figures.grids.filter(one => one.now ?? one.before).slice(0, MOST);
    root.hidden = !faces.length;
    if (root.hidden) return;
    root.classList.toggle('at-work', isAtWork());
    const wanted = [el('div', { class: 'card-faces' }, ...faces.map(face)), isAtWork() && foot(figures)];
    const pieces = wanted.filter(Boolean);
    const now = JSON.stringify([faces.map(({ id }) => id), pieces.length]);
    if (now === about) pieces.forEach((piece, at) => patch(root.children[at], piece));
    else fill(root, ...pieces, more);
    about = now;
  }

  /** `before` alone: chosen and not being changed. `now` alone: made just now. */
  function face({ id, before, now }) {
    const is = now ?? before;
    const was = now ? before : null;
    const side = desk.sideOf(is);
    return el(
      'section',
      { class: 'card-face', 'data-side': side, 'aria-label': gridWords(numberIn(is)) },
      el(
        'header',
        {},
        el(
          'button',
          { type: 'button', class: 'card-name', onclick: () => open(id), title: t('problems-open-grid') },
          callOf(is),
        ),
        el('strong', { class: 'card-households number' }, format.count(is.households)),
        was &&
          was.households !== is.households &&
          el('span', { class: 'card-change number' }, signed(is.households - was.households)),
        side && el('span', { class: `tag ${side === 'in' ? 'good' : side}` }, t('editor-band', { side })),
      ),
      side &&
        loadBar({
          households: is.households,
          before: was?.households,
          least: plan.least,
          most: plan.most,
        }),
      el('dl', { class: 'card-figures' }, ...figuresIn(is, was)),
    );
  }

  /** What a grid comes to, and what it was where that differs. */
  function figuresIn(is, was) {
    const shown = FIGURES.filter(
      ([name]) => Number.isFinite(is[name]) && (name !== 'deviation' || desk.sideOf(is)),
    );
    return shown.map(([name, words]) => {
      const [now, before] = [words(is[name]), Number.isFinite(was?.[name]) ? words(was[name]) : null];
      return el(
        'div',
        {},
        el('dt', {}, t('card-figure', { name: name.replace('_', '-') })),
        el(
          'dd',
          { class: 'number' },
          before !== null &&
            before !== now &&
            el('span', { class: 'muted' }, t('card-was', { value: before })),
          now,
        ),
      );
    });
  }

  function foot({ moved, refusal }) {
    if (refusal)
      return el(
        'p',
        { class: 'card-foot refused', 'data-code': refusal.code },
        icon('ban', 'icon small'),
        el('span', {}, desk.refusalWords(refusal)),
      );
    return el(
      'p',
      { class: 'card-foot' },
      icon('arrow-left-right', 'icon small'),
      el('span', {}, t('editor-hands', { households: moved.households })),
      moved.people !== null &&
        el('span', { class: 'card-people' }, t('editor-hands-people', { people: moved.people })),
      el('span', { class: 'muted' }, t('grid-micro-buildings', { n: moved.buildings })),
    );
  }

  /** Who does not see the bars hears them, once the border rests. */
  function tellLater() {
    clearTimeout(saying);
    saying = setTimeout(() => {
      if (!isAtWork()) return;
      if (figures.refusal) return desk.say(desk.refusalWords(figures.refusal));
      const told = figures.grids
        .filter(one => one.now)
        .map(({ now }) => nowWords(numberIn(now), now.households, desk.sideOf(now)));
      desk.say(
        [...told, t('editor-hands', { households: figures.moved.households })].join(t('editor-sentences')),
      );
    }, QUIET_MS);
  }
}

const FIGURES = [
  ['deviation', format.deviation],
  ['buildings', format.count],
  ['walk_m', format.distance],
  ['compactness', format.compactness],
];
