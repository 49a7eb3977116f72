/**
 * Keys of the editor. Single letters choose tools and can be switched off (WCAG 2.1.4); those with Ctrl, Enter and
 * Escape always work. Nothing is heard while somebody types.
 */
import { actOf, singlesOn, takesText } from '../core/shortcuts.js';
import { TOOLS } from './tools.js';

const WISHES = ['help', 'problem-next', 'problem-previous'];

/**
 * @param {object} acts
 * @param {(tool: object) => void} acts.tool @param {(wish: string) => void} acts.wish 'help', 'problem-next', 'problem-previous'
 * @param {() => void} acts.undo @param {() => void} acts.redo
 * @param {(event: KeyboardEvent) => boolean} acts.mode what the tool at work does with a key; true: it was for it
 */
export function listenToKeys({ tool, wish, undo, redo, mode }) {
  document.addEventListener(
    'keydown',
    event => {
      if (event.defaultPrevented || takesText(event.target) || document.querySelector('dialog[open]')) return;
      if (heard(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true, // before the map moves by arrow keys
  );

  function heard(event) {
    const act = actOf(event, { singles: singlesOn() });
    if (act === 'undo') return (undo(), true);
    if (act === 'redo') return (redo(), true);
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (!isInPanel(event.target) && mode(event)) return true;
    if (WISHES.includes(act)) return (wish(act), true);
    const chosen = TOOLS.find(one => one.name === act);
    if (!chosen) return false;
    tool(chosen);
    return true;
  }
}

/** Enter, Escape and arrows pressed in a panel are for the panel. */
function isInPanel(target) {
  return Boolean(target.closest?.('#side, [popover]'));
}
