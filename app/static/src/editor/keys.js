/**
 * Keys of the editor. Single letters choose tools and can be switched off (WCAG 2.1.4); those with Ctrl, Enter and
 * Escape always work. Nothing is heard while somebody types.
 */
import { TOOLS } from './tools.js';

const KEPT = 'editor-single-keys';

/** Whether single letters are heard. */
export function singleKeys() {
  return localStorage.getItem(KEPT) !== 'off';
}

/** @param {boolean} yes */
export function switchSingleKeys(yes) {
  localStorage.setItem(KEPT, yes ? 'on' : 'off');
}

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
      if (event.defaultPrevented || isTyping(event.target) || document.querySelector('dialog[open]')) return;
      if (heard(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true, // before the map moves by arrow keys
  );

  function heard(event) {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === 'z') (event.shiftKey ? redo : undo)();
      else if (key === 'y') redo();
      else return false;
      return true;
    }
    if (event.altKey) return false;
    if (mode(event)) return true;
    if (!singleKeys()) return false;
    if (key === '?') wish('help');
    else if (key === 'n') wish(event.shiftKey ? 'problem-previous' : 'problem-next');
    else {
      const chosen = !event.shiftKey && TOOLS.find(one => one.key === key);
      if (!chosen) return false;
      tool(chosen);
    }
    return true;
  }
}

function isTyping(target) {
  return Boolean(
    target.closest?.('input:not([type="checkbox"], [type="radio"]), select, textarea, [contenteditable]'),
  );
}
