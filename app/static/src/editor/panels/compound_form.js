/**
 * A compound drawn without the map: of buildings that are ticked, its outline being that of their plots together. Those
 * drawn before get another name, kind or outline, or are taken off.
 */
import { outlinesOf, plotsOf } from '../../core/ground_outline.js';
import { el, fill, icon } from '../../frame/dom.js';
import { kindOf } from '../../panels/names.js';
import { t } from '../../words.js';
import { buildingPicker } from './building_picker.js';
import { field, nameInput } from './fields.js';
import { callOfBuilding } from './line_form.js';

const RENTAL = 'rental compound';
const KINDS = [RENTAL, 'urban village', 'estate', 'work-unit compound', 'industrial park'];
const NAME_LENGTH = 60;

/**
 * @param {object} desk whose editor has the ground of the grid, and of those that have a part of its buildings
 * @param {object[]} buildings of the grid, as the API tells them
 * @param {object[]} drawn compounds drawn by hand that lie there
 * @param {{preview: (wish: object) => void, remove: (compound: object) => void}} acts a wish has `known` (a compound or
 *   null), `name`, `kind` and, where the outline is to be another, `polygon`, `buildings` and `households`
 * @returns {HTMLFormElement}
 */
export function compoundForm(desk, buildings, drawn, { preview, remove }) {
  const { ground } = desk.editor;
  const picker = buildingPicker(buildings);
  const wrong = el('p', { class: 'error', role: 'alert', hidden: true });
  const name = nameInput('compound-name', NAME_LENGTH);
  const kind = el(
    'select',
    { id: 'compound-kind' },
    ...KINDS.map(one => el('option', { value: one }, kindOf({ kind: one }))),
  );
  const which = el(
    'select',
    { id: 'compound-which', onchange: show },
    el('option', { value: '' }, t('edit-compound-new')),
    ...drawn.map(one => el('option', { value: one.id }, one.name)),
  );
  const off = el(
    'button',
    { type: 'button', class: 'button', hidden: true, onclick: () => remove(known()) },
    icon('trash-2'),
    t('edit-compound-remove'),
  );
  const hint = el('p', { class: 'hint' });
  const known = () => drawn.find(({ id }) => String(id) === which.value) ?? null;

  function show() {
    const compound = known();
    name.value = compound?.name ?? '';
    kind.value = compound?.kind ?? RENTAL;
    off.hidden = !compound;
    hint.textContent = t('compound-of', { known: compound ? 'yes' : 'no' });
    wrong.hidden = true;
  }

  /** Buildings that hang together by their plots, else null; then it is said which does not. */
  function outlineOf(chosen) {
    const own = buildings.filter(({ id }) => chosen.includes(id));
    const pieces = outlinesOf([...new Set(own.flatMap(one => plotsOf(one, ground)))]);
    wrong.hidden = pieces.length === 1;
    if (pieces.length === 1) return { polygon: pieces[0], own };
    const apart = own.find(one => plotsOf(one, ground).some(plot => !covers(pieces[0], plot)));
    wrong.textContent = t('compound-apart', { building: apart ? callOfBuilding(apart) : '' });
    return null;
  }

  function submit(event) {
    event.preventDefault();
    const [chosen, compound] = [picker.chosen(), known()];
    const about = {
      known: compound,
      name: name.value.trim() || t('edit-compound-unnamed'),
      kind: kind.value,
    };
    if (!chosen.length) return compound ? preview(about) : picker.complain();
    const found = outlineOf(chosen);
    if (!found) return;
    const households = found.own.reduce((sum, one) => sum + householdsIn(one), 0);
    preview({ ...about, polygon: found.polygon, buildings: found.own.length, households });
  }

  const form = el('form', { class: 'form', onsubmit: submit });
  fill(
    form,
    drawn.length > 0 && field(t('edit-compound-which'), which),
    field(t('edit-name'), name),
    field(t('edit-kind'), kind),
    hint,
    picker.root,
    wrong,
    el(
      'div',
      { class: 'buttons' },
      el('button', { class: 'button primary', 'data-act': 'preview' }, icon('eye'), t('desk-preview')),
      off,
    ),
  );
  show();
  return form;
}

/** One without a name of its own is called as its kind is. */
function titleOf(name, kind) {
  return name.toLowerCase() === kind.toLowerCase() ? name : `${name} · ${kind}`;
}

/** In a building as a whole, also where several grids have a part of it. */
function householdsIn({ households, divided }) {
  return divided ? divided.reduce((sum, share) => sum + share.households, 0) : households;
}

/** Whether the corners of a plot are among those of a polygon: it is one of those the polygon is made of. */
function covers({ coordinates: [ring] }, plot) {
  const corners = new Set(ring.map(String));
  return plot.rings[0].some(
    (_, at) => at % 2 === 0 && corners.has(`${plot.rings[0][at]},${plot.rings[0][at + 1]}`),
  );
}

/**
 * What it would be, to be accepted.
 *
 * @param {object} desk @param {object} wish as `compoundForm` previews it
 * @param {{accept: () => void, cancel: () => void}} acts
 * @returns {HTMLElement} whose heading takes the focus
 */
export function compoundOffer(
  desk,
  { known, name, kind, polygon, buildings, households },
  { accept, cancel },
) {
  const told = polygon
    ? t('compound-holds', { buildings, households })
    : t('compound-stays', { buildings: known.buildings, households: known.households });
  return el(
    'form',
    {
      class: 'offer',
      onsubmit: event => {
        event.preventDefault();
        accept();
      },
      onkeydown: event => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        cancel();
      },
    },
    el('h3', { class: 'offer-title', tabindex: '-1' }, titleOf(name, kindOf({ kind }))),
    el('p', {}, told),
    el('p', { class: 'hint' }, t('compound-keeps')),
    el(
      'div',
      { class: 'buttons' },
      el(
        'button',
        { type: 'submit', class: 'button primary' },
        icon('check'),
        t('edit-compound-act', { known: known ? 'yes' : 'no' }),
      ),
      el('button', { type: 'button', class: 'button', onclick: cancel }, t('editor-cancel')),
    ),
  );
}
