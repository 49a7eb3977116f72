/** Move the border of two grids onto a street, chosen by its name. */
import { formats } from '../../core/formats.js';
import { el } from '../../frame/dom.js';
import { locale, t } from '../../words.js';
import { borderNear } from '../actions/border.js';
import { acceptButtons, reasonOf, titleOfGrid } from './pieces.js';

const REACH_PX = 16;
const format = formats(locale);

export function streetMode(tools) {
  const { editor, metresPerPixel, say, changed } = tools;
  let pair = null,
    streets = null,
    chosen = null;

  async function begin(ids) {
    [pair, streets, chosen] = [ids, null, null];
    editor.preview(null);
    editor.select({ grids: pair });
    changed();
    ({ streets } = await editor.streets(...pair));
    changed();
  }

  async function follow(street) {
    chosen = street.id;
    await editor.need(pair);
    const shown = await editor.operate({ do: 'follow_street', grids: pair, street: street.id });
    if (shown.refusal) say(reasonOf(shown.refusal), { isWhy: true });
    changed();
  }

  function forget() {
    chosen = null;
    editor.preview(null);
    changed();
  }

  return {
    cursor: 'pointer',
    enter() {
      const { grids } = editor.selection;
      if (grids.length === 2) void tools.orSay(() => begin([...grids]));
    },
    leave() {
      [pair, streets] = [null, null];
      forget();
    },
    performed: forget,

    press({ lngLat, grid }) {
      const found = borderNear(editor.plan, editor.ground, lngLat, REACH_PX * metresPerPixel());
      const [first] = editor.selection.grids;
      if (found) void tools.orSay(() => begin(found.pair));
      else if (first !== undefined && grid !== null && grid !== first)
        void tools.orSay(() => begin([first, grid]));
      else if (grid !== null) editor.select({ grids: [grid] });
    },

    key({ key }) {
      if (key === 'Enter' && editor.previewed) return (editor.accept(), true);
      if (key === 'Escape' && pair) return (([pair, streets] = [null, null]), forget(), true);
      return false;
    },

    bar: () => ({
      words: !pair
        ? t('edit-street-choose')
        : t('edit-street-how', {
            first: titleOfGrid(editor.plan.grid(pair[0])),
            second: titleOfGrid(editor.plan.grid(pair[1])),
            n: streets?.length ?? -1,
          }),
      pieces: [
        ...(streets ?? []).map(street =>
          el(
            'button',
            {
              type: 'button',
              class: 'chip',
              'aria-pressed': String(street.id === chosen),
              onclick: () => void tools.orSay(() => follow(street)),
            },
            `${street.name || t('edit-street-unnamed')} · ${format.distance(street.metres)}`,
          ),
        ),
        ...acceptButtons({ editor }, forget),
      ],
    }),
  };
}
