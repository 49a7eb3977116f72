/**
 * The keys of the plan editor, and what each does. The one list of them: the page listens by it, and its help
 * shows it. Single letters can be switched off (WCAG 2.1.4); keys with Ctrl, Enter, Escape and arrows stay.
 */

/** `act` is a tool's name, or what is wished of the page. @typedef {{act: string, keys: string[], group: 'tools' | 'grids' | 'find' | 'history' | 'answer', single: boolean}} Shortcut */

const single = (act, keys, group) => ({ act, keys, group, single: true });
const always = (act, keys, group) => ({ act, keys, group, single: false });

/** @type {Shortcut[]} in the order the help shows them; `keys` as they are called on a keyboard */
export const SHORTCUTS = Object.freeze([
  single('select', ['V'], 'tools'),
  single('border', ['B'], 'tools'),
  single('paint', ['P'], 'tools'),
  single('draw', ['D'], 'tools'),
  single('split', ['X'], 'tools'),
  single('give', ['T'], 'tools'),
  single('merge', ['G'], 'grids'),
  single('lock', ['L'], 'grids'),
  single('assign', ['A'], 'grids'),
  single('run', ['R'], 'grids'),
  single('find', ['F'], 'find'),
  single('problem-next', ['N'], 'find'),
  single('problem-previous', ['Shift', 'N'], 'find'),
  always('undo', ['Ctrl', 'Z'], 'history'),
  always('redo', ['Ctrl', 'Shift', 'Z'], 'history'),
  always('accept', ['Enter'], 'answer'),
  always('cancel', ['Esc'], 'answer'),
  always('step', ['←', '↑', '→', '↓'], 'answer'),
  single('help', ['?'], 'answer'),
]);

const LETTERS = Object.fromEntries(
  SHORTCUTS.filter(({ single: isSingle, keys }) => isSingle && keys.length === 1).map(({ act, keys }) => [
    keys[0].toLowerCase(),
    act,
  ]),
);
/** The letter of a tool, where it has one. */
export const letterOf = act => SHORTCUTS.find(one => one.act === act && one.keys.length === 1)?.keys[0];

const ARROWS = ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown'];

/**
 * What a pressed key asks for; null for nothing of ours. With Ctrl, Command does the same.
 *
 * @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, shiftKey?: boolean}} event
 * @param {{singles?: boolean}} [options] whether single letters count
 * @returns {string | null} the name of an act
 */
export function actOf({ key, ctrlKey, metaKey, altKey, shiftKey }, { singles = true } = {}) {
  if (altKey) return null;
  const letter = key.length === 1 ? key.toLowerCase() : key;
  if (ctrlKey || metaKey) return withCtrl(letter, shiftKey);
  if (key === 'Enter') return 'accept';
  if (key === 'Escape') return 'cancel';
  if (ARROWS.includes(key)) return 'step';
  if (!singles) return null;
  if (letter === 'n' && shiftKey) return 'problem-previous';
  if (letter === '?') return 'help';
  return shiftKey ? null : (LETTERS[letter] ?? null);
}

/** Ctrl+Y redoes as well: people who come from Windows programs press it. */
function withCtrl(letter, shiftKey) {
  if (letter === 'z') return shiftKey ? 'redo' : 'undo';
  return letter === 'y' && !shiftKey ? 'redo' : null;
}

/**
 * Whether a key pressed in this element is for the element: text is written there.
 *
 * @param {{tagName?: string, type?: string, isContentEditable?: boolean}} element
 */
export function takesText({ tagName = '', type = '', isContentEditable = false }) {
  if (isContentEditable) return true;
  if (tagName === 'TEXTAREA' || tagName === 'SELECT') return true;
  return tagName === 'INPUT' && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(type);
}

const SWITCH = 'single-keys';

/** Whether this person wants single letters to do anything. @param {Storage} storage */
export function singlesOn(storage = globalThis.localStorage) {
  return storage.getItem(SWITCH) !== 'off';
}

/** @param {boolean} on @param {Storage} storage */
export function switchSingles(on, storage = globalThis.localStorage) {
  storage.setItem(SWITCH, on ? 'on' : 'off');
}
