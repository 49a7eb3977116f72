/**
 * A new grid without the map: of buildings that are ticked, or of an outline that is written or pasted; whose plots it
 * gets by majority, or exactly what lies within, open ground being cut along it.
 */
import { outlineOf } from '../../core/corners.js';
import { SPECIALS } from '../../core/wishes.js';
import { el, icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { buildingPicker } from './building_picker.js';
import { field, nameInput } from './fields.js';

const KINDS = ['residential', 'mixed', ...SPECIALS];
const NAME_LENGTH = 80;
const CORNER_ROWS = 6;

/**
 * @param {object[]} buildings of the grid it is taken from
 * @param {(wish: object) => void} ask what POST operations is to be asked, without the version
 * @returns {HTMLFormElement}
 */
export function newGridForm(buildings, ask) {
  const picker = buildingPicker(buildings);
  const corners = el('textarea', {
    id: 'new-grid-corners',
    rows: CORNER_ROWS,
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-describedby': 'new-grid-corners-about',
    placeholder: '116.3912 39.9051\n116.3920 39.9051\n116.3920 39.9058',
  });
  const wrong = el('p', { class: 'error', role: 'alert', hidden: true });
  const exact = el('input', { type: 'checkbox', id: 'new-grid-exact' });
  const kind = el(
    'select',
    { id: 'new-grid-kind' },
    ...KINDS.map(one => el('option', { value: one }, t('editor-kind', { kind: one }))),
  );
  const name = nameInput('new-grid-name', NAME_LENGTH);
  const byOutline = el(
    'div',
    { hidden: true },
    field(
      t('desk-new-corners'),
      corners,
      el('p', { class: 'hint', id: 'new-grid-corners-about' }, t('desk-new-corners-about')),
      wrong,
    ),
    el('label', { class: 'choice' }, exact, el('span', {}, t('desk-new-exact'))),
  );
  const ways = { buildings: picker.root, outline: byOutline };
  let way = 'buildings';

  const radio = of =>
    el(
      'label',
      { class: 'choice' },
      el('input', {
        type: 'radio',
        name: 'new-grid-way',
        value: of,
        checked: of === way,
        onchange: () => {
          way = of;
          for (const [one, piece] of Object.entries(ways)) piece.hidden = one !== way;
        },
      }),
      el('span', {}, t('desk-new-way', { way: of })),
    );

  function submit(event) {
    event.preventDefault();
    const about = { do: 'draw', kind: kind.value, name: name.value.trim() || null };
    if (way === 'buildings') {
      if (!picker.chosen().length) return picker.complain();
      return ask({ ...about, buildings: picker.chosen() });
    }
    const { polygon, fault } = outlineOf(corners.value);
    wrong.hidden = !fault;
    corners.setAttribute('aria-invalid', String(Boolean(fault)));
    if (!fault) return ask({ ...about, polygon, exact: exact.checked });
    wrong.textContent = t('desk-new-fault', { fault });
    corners.focus();
  }

  return el(
    'form',
    { class: 'form', onsubmit: submit },
    el('fieldset', {}, el('legend', {}, t('desk-new-of')), radio('buildings'), radio('outline')),
    picker.root,
    byOutline,
    field(t('desk-kind'), kind),
    field(t('desk-name'), name),
    el(
      'div',
      { class: 'buttons' },
      el('button', { class: 'button primary', 'data-act': 'preview' }, icon('eye'), t('desk-preview')),
    ),
  );
}
