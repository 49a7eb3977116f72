/** Rental compounds drawn by hand: courtyards rented out room by room that no file knows. */
import { faultOf } from '../../core/polygon.js';
import { el, icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { cornersOf } from './corners.js';
import { asked, button } from './pieces.js';

export function compoundMode(tools) {
  const { editor, say, changed } = tools;
  const outline = cornersOf(tools, { isOpen: false, changed });
  let name = '';

  async function save() {
    const fault = faultOf(outline.all);
    if (fault) return say(t('studio-polygon-fault', { fault }), { isWhy: true });
    const polygon = { type: 'Polygon', coordinates: [[...outline.all, outline.all[0]]] };
    await editor.ask.post(`/api/places/${editor.place.code}/compounds`, {
      name: name || t('edit-compound-unnamed'),
      kind: 'rental compound',
      polygon,
    });
    name = '';
    outline.clear();
    say(t('edit-compound-done'));
    editor.groundChanged();
  }

  return {
    cursor: 'crosshair',
    enter: () => changed(),
    leave: outline.clear,
    press: outline.press,
    hover: at => (outline.hover(at), 'crosshair'),

    key(event) {
      if (event.key === 'Enter' && outline.all.length > 2) return (void tools.orSay(save), true);
      if (event.key === 'Escape') return outline.all.length ? (outline.clear(), true) : false;
      return outline.key(event);
    },

    bar: () => ({
      words: t('edit-compound-how', { corners: outline.all.length }),
      pieces: [
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
        ...outline.buttons(),
        button(t('edit-compound-act'), icon('fence'), () => void tools.orSay(save), {
          primary: true,
          disabled: outline.all.length < 3,
        }),
      ],
    }),
  };
}
