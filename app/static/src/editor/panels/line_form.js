/**
 * A line to divide a grid or to cut ground along, chosen without a map: a street, halfway between two buildings,
 * across the middle, or corners that are written down.
 */
import { acrossMiddle, halfway, lineOf } from '../../core/dividing.js';
import { el, fill, icon } from '../../frame/dom.js';
import { nameOf } from '../../panels/names.js';
import { t } from '../../words.js';
import { format } from './desk.js';
import { field } from './fields.js';

const CORNER_ROWS = 3;
const MIDDLES = ['upright', 'level'];

/**
 * @param {object} known
 * @param {object[]} known.streets as GET plans/ID/grids/ID/streets tells them
 * @param {object[]} known.buildings of the grid, as the API tells them
 * @param {() => number[]} known.box of what is to be divided: west, south, east, north in degrees
 * @param {{name: string, words: string, piece: HTMLElement, ask: () => void}} [known.first] another way, that is chosen
 *   at first
 * @param {HTMLElement} [known.before] stands above
 * @param {() => boolean} [known.isReady] what else must be chosen is; complains where it is not
 * @param {boolean} [known.tellsHalves] streets say what households both sides would have
 * @param {(line: number[][]) => void} ask
 * @returns {HTMLFormElement}
 */
export function lineForm(
  { streets, buildings, box, first = null, before = null, isReady = () => true, tellsHalves = false },
  ask,
) {
  const wrong = el('p', { class: 'error', role: 'alert', hidden: true });
  const usable = tellsHalves ? streets.filter(one => one.households) : streets;
  const [one, other] = [buildingSelect('line-one', buildings, 0), buildingSelect('line-other', buildings, 1)];
  const corners = el('textarea', {
    id: 'line-corners',
    rows: CORNER_ROWS,
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-describedby': 'line-corners-about',
    placeholder: '116.3912 39.9051\n116.3920 39.9058',
  });
  const ways = {
    ...(first && { [first.name]: { words: first.words, piece: first.piece } }),
    street: {
      words: t('line-way', { way: 'street' }),
      piece: usable.length
        ? streetList(usable, tellsHalves)
        : el('p', { class: 'muted' }, t(tellsHalves ? 'line-no-streets-divide' : 'line-no-streets')),
    },
    between: {
      words: t('line-way', { way: 'between' }),
      piece: el('div', { class: 'form' }, field(t('line-one'), one), field(t('line-other'), other)),
    },
    middle: {
      words: t('line-way', { way: 'middle' }),
      piece: el('div', {}, ...MIDDLES.map((way, at) => choice('line-middle', way, !at, middleWords(way)))),
    },
    written: {
      words: t('line-way', { way: 'written' }),
      piece: el(
        'div',
        { class: 'field' },
        el('label', { for: corners.id }, t('line-corners')),
        corners,
        el('p', { class: 'hint', id: 'line-corners-about' }, t('line-corners-about')),
      ),
    },
  };
  let way = first?.name ?? (usable.length ? 'street' : 'between');
  const shown = el('div', { class: 'line-way' });
  const show = () => {
    fill(shown, ways[way].piece);
    wrong.hidden = true;
  };

  const chosen = name => form.querySelector(`input[name="${name}"]:checked`)?.value;
  const FOUND = {
    street: () => usable.find(({ id }) => String(id) === chosen('line-street'))?.line ?? complain('street'),
    between() {
      const [a, b] = [one, other].map(({ value }) => buildings.find(({ id }) => String(id) === value));
      return (a && b && halfway(a.position, b.position, box())) ?? complain('same');
    },
    middle: () => acrossMiddle(box(), chosen('line-middle')),
    written() {
      const { line, fault } = lineOf(corners.value);
      corners.setAttribute('aria-invalid', String(Boolean(fault)));
      if (fault) corners.focus();
      return line ?? complain(fault);
    },
  };

  function complain(fault) {
    wrong.textContent = t('line-fault', { fault });
    wrong.hidden = false;
    return null;
  }

  const form = el(
    'form',
    {
      class: 'form',
      onsubmit: event => {
        event.preventDefault();
        if (!isReady()) return;
        if (way === first?.name) return first.ask();
        wrong.hidden = true;
        const line = FOUND[way]();
        if (line) ask(line);
      },
    },
    before,
    el(
      'fieldset',
      {},
      el('legend', {}, t('line-how')),
      ...Object.entries(ways).map(([name, { words }]) =>
        choice('line-way', name, name === way, words, ({ target }) => {
          way = target.value;
          show();
        }),
      ),
    ),
    shown,
    wrong,
    el(
      'div',
      { class: 'buttons' },
      el('button', { class: 'button primary', 'data-act': 'preview' }, icon('eye'), t('desk-preview')),
    ),
  );
  show();
  return form;
}

function choice(name, value, checked, words, onchange = null) {
  return el(
    'label',
    { class: 'choice' },
    el('input', { type: 'radio', name, value, checked, onchange }),
    el('span', {}, words),
  );
}

const middleWords = way => t('line-middle', { way });

/** The first is chosen: it divides most evenly. */
function streetList(streets, tellsHalves) {
  return el(
    'ul',
    { class: 'picker-list', 'aria-label': t('line-streets') },
    ...streets.map(({ id, name, metres, households }, at) =>
      el(
        'li',
        {},
        el(
          'label',
          { class: 'choice picker-choice' },
          el('input', { type: 'radio', name: 'line-street', value: id, checked: !at }),
          el(
            'span',
            { class: 'row-main' },
            name || t('desk-street-nameless'),
            el('span', { class: 'muted small' }, t('line-within', { length: format.distance(metres) })),
          ),
          tellsHalves &&
            el(
              'span',
              { class: 'row-side number' },
              t('line-halves', { one: households[0], other: households[1] }),
            ),
        ),
      ),
    ),
  );
}

function buildingSelect(id, buildings, at) {
  return el(
    'select',
    { id },
    ...buildings.map((building, number) =>
      el('option', { value: building.id, selected: number === at }, callOfBuilding(building)),
    ),
  );
}

/** A building by its name, else its address, else its code. */
export function callOfBuilding(building) {
  return nameOf(building) || building.address || building.code;
}
