/**
 * Compounds drawn by hand: courtyards rented out room by room that no file knows. New ones are drawn; those drawn
 * before are chosen and given another outline, name or kind, or taken off the map.
 */
import { cornersOf as outlineOf, faultOf, polygonOf } from '../../core/polygon.js';
import { el, icon } from '../../frame/dom.js';
import { kindOf } from '../../panels/names.js';
import { t } from '../../words.js';
import { cornersOf } from './corners.js';
import { asked, button } from './pieces.js';

const RENTAL = 'rental compound';
const KINDS = [RENTAL, 'urban village', 'estate', 'work-unit compound', 'industrial park'];

export function compoundMode(tools) {
  const { editor, say, changed, shown } = tools;
  const outline = cornersOf(tools, { isOpen: false, changed });
  const path = `/api/places/${editor.place.code}/compounds`;
  let drawn = [], // those drawn by hand
    chosen = null, // one of them, or null: a new one
    name = '',
    kind = RENTAL;

  async function fetchDrawn() {
    const { compounds } = await editor.ask.get(path);
    // An outline of several parts, or with a hole, is nothing corners can be set on.
    drawn = compounds.filter(one => one.polygon && ringOf(one.polygon));
    changed();
  }

  function choose(id) {
    chosen = drawn.find(one => one.id === id) ?? null;
    [name, kind] = [chosen?.name ?? '', chosen?.kind ?? RENTAL];
    if (!chosen) return outline.clear();
    shown.goTo(chosen.bbox, { quick: 0 });
    outline.load(outlineOf(ringOf(chosen.polygon)));
  }

  async function save() {
    const fault = faultOf(outline.all);
    if (fault) return say(t('studio-polygon-fault', { fault }), { isWhy: true });
    const wanted = { name: name || t('edit-compound-unnamed'), kind, polygon: polygonOf(outline.all) };
    if (chosen) await editor.ask.send('PATCH', `${path}/${chosen.id}`, wanted);
    else await editor.ask.post(path, wanted);
    await done(t('edit-compound-done', { known: chosen ? 'yes' : 'no' }));
  }

  async function remove() {
    await editor.ask.send('DELETE', `${path}/${chosen.id}`);
    await done(t('edit-compound-removed', { name: chosen.name }));
  }

  async function done(words) {
    choose(null);
    say(words);
    editor.groundChanged();
    await fetchDrawn();
  }

  return {
    cursor: 'crosshair',
    enter() {
      changed();
      void tools.orSay(fetchDrawn);
    },
    leave() {
      chosen = null;
      outline.clear();
    },
    press: outline.press,
    hover: at => (outline.hover(at), 'crosshair'),

    key(event) {
      if (event.key === 'Enter' && outline.all.length > 2) return (void tools.orSay(save), true);
      if (event.key === 'Escape') return outline.all.length ? (choose(null), true) : false;
      return outline.key(event);
    },

    bar: () => ({
      words: t('edit-compound-how', {
        corners: outline.all.length,
        act: !chosen ? 'new' : outline.isHolding ? 'holding' : 'known',
      }),
      pieces: [
        ...(drawn.length ? [asked(t('edit-compound-which'), whichOf(drawn, chosen, choose))] : []),
        asked(
          t('edit-name'),
          el('input', {
            type: 'text',
            size: 14,
            maxlength: 60,
            value: name,
            oninput: event => (name = event.target.value),
          }),
        ),
        asked(
          t('edit-kind'),
          kindsOf(kind, value => (kind = value)),
        ),
        ...outline.buttons(),
        button(
          t('edit-compound-act', { known: chosen ? 'yes' : 'no' }),
          icon('fence'),
          () => void tools.orSay(save),
          {
            primary: true,
            disabled: outline.all.length < 3,
          },
        ),
        ...(chosen
          ? [button(t('edit-compound-remove'), icon('trash-2'), () => void tools.orSay(remove), {})]
          : []),
      ],
    }),
  };
}

function whichOf(drawn, chosen, choose) {
  return el(
    'select',
    { onchange: event => choose(Number(event.target.value)) },
    el('option', { value: 0, selected: !chosen }, t('edit-compound-new')),
    ...drawn.map(one => el('option', { value: one.id, selected: one === chosen }, one.name)),
  );
}

function kindsOf(kind, set) {
  return el(
    'select',
    { onchange: event => set(event.target.value) },
    ...KINDS.map(one => el('option', { value: one, selected: one === kind }, kindOf({ kind: one }))),
  );
}

/** The polygon where the outline is one ring, else null. */
function ringOf({ type, coordinates }) {
  const parts = type === 'Polygon' ? [coordinates] : coordinates;
  return parts.length === 1 && parts[0].length === 1 ? { type: 'Polygon', coordinates: parts[0] } : null;
}
