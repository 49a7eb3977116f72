/** Cut plots of open ground along a line, never through a building: the server cuts, for the ground is its own. */
import { icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { cornersOf } from './corners.js';
import { button } from './pieces.js';

export function cutMode(tools) {
  const { editor, say, changed } = tools;
  const line = cornersOf(tools, { isOpen: true, changed });

  async function cut() {
    await editor.cut({ plots: null, line: line.all });
    line.clear();
    say(t('edit-cut-done'));
  }

  return {
    cursor: 'crosshair',
    enter: () => changed(),
    leave: line.clear,
    press: line.press,
    hover: at => (line.hover(at), 'crosshair'),

    key(event) {
      if (event.key === 'Enter' && line.all.length > 1) return (void tools.orSay(cut), true);
      if (event.key === 'Escape') return line.all.length ? (line.clear(), true) : false;
      return line.key(event);
    },

    bar: () => ({
      words: t('edit-cut-how'),
      pieces: [
        ...line.buttons(),
        button(t('edit-cut-act'), icon('slice'), () => void tools.orSay(cut), {
          primary: true,
          disabled: line.all.length < 2,
        }),
      ],
    }),
  };
}
