/** Divide a grid into so many parts by the engine, and see them before they are. */
import { el, icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { acceptButtons, asked, button, reasonOf, titleOfGrid } from './pieces.js';

const MOST_PARTS = 12;

export function runMode(tools) {
  const { editor, say, changed } = tools;
  let parts = null;

  const grid = () => editor.plan?.grid(editor.selection.grids[0]);

  /** As many as bring each part nearest to the target. */
  const usual = () => Math.min(MOST_PARTS, Math.max(2, Math.round(grid().households / editor.row.target)));

  async function divide() {
    await editor.need([grid().id]);
    const shown = await editor.operate({ do: 'divide_into', grid: grid().id, parts: parts ?? usual() });
    if (shown.refusal) say(reasonOf(shown.refusal), { isWhy: true });
    changed();
  }

  function forget() {
    editor.preview(null);
    changed();
  }

  return {
    cursor: 'pointer',
    enter: () => changed(),
    leave: forget,
    performed: forget,
    press({ grid: pressed }) {
      if (pressed === null) return;
      parts = null;
      editor.select({ grids: [pressed] });
      forget();
    },

    key({ key }) {
      if (key === 'Escape') return editor.previewed ? (forget(), true) : false;
      if (key !== 'Enter' || !grid()) return false;
      if (editor.previewed) editor.accept();
      else void tools.orSay(divide);
      return true;
    },

    bar: () => ({
      words: grid()
        ? t('edit-run-how', { grid: titleOfGrid(grid()), households: grid().households })
        : t('edit-run-choose'),
      pieces: grid()
        ? [
            asked(
              t('edit-parts'),
              el('input', {
                type: 'number',
                min: 2,
                max: MOST_PARTS,
                value: parts ?? usual(),
                onchange: event => (parts = Number(event.target.value)),
              }),
            ),
            button(t('edit-run-act'), icon('grid-2x2-plus'), () => void tools.orSay(divide), {
              primary: !editor.previewed,
            }),
            ...acceptButtons({ editor }, forget),
          ]
        : [],
    }),
  };
}
