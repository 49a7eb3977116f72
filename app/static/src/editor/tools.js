/**
 * The tools: what each is called, and its picture. In the toolbar they are a row of buttons of which one
 * is pressed; arrows lead along it, as in every toolbar.
 */
import { letterOf } from '../core/shortcuts.js';
import { el, fill, icon } from '../frame/dom.js';
import { t } from '../words.js';

/** Those with `act` are done at once; the others change what presses on the map mean. */
export const TOOLS = [
  { name: 'select' },
  { name: 'border' },
  { name: 'paint' },
  { name: 'give' },
  { name: 'split' },
  { name: 'run' },
  { name: 'merge' },
  { name: 'draw' },
  { name: 'street' },
  { name: 'cut' },
  { name: 'compound' },
  { name: 'rename' },
  { name: 'lock', act: true },
  { name: 'assign', act: true },
  { name: 'find', act: true },
];

const pictures = {
  select: () => icon('mouse-pointer-2'),
  border: () => icon('spline'),
  paint: () => icon('lasso'),
  give: () => icon('arrow-right-left'),
  split: () => icon('scissors'),
  run: () => icon('grid-2x2-plus'),
  merge: () => icon('combine'),
  draw: () => icon('pentagon'),
  street: () => icon('route'),
  cut: () => icon('slice'),
  compound: () => icon('fence'),
  rename: () => icon('text-cursor-input'),
  lock: () => icon('lock'),
  assign: () => icon('user-round-plus'),
  find: () => icon('search'),
};

/** @param {HTMLElement} bar @param {(tool: object) => void} choose */
export function makeToolbar(bar, choose) {
  const buttons = TOOLS.map(tool =>
    el(
      'button',
      {
        type: 'button',
        class: 'edit-tool',
        'data-tool': tool.name,
        'aria-pressed': tool.act ? null : 'false',
        'aria-keyshortcuts': letterOf(tool.name),
        tabindex: '-1',
        title: [t('edit-tool-about', { tool: tool.name }), letterOf(tool.name)].filter(Boolean).join(' · '),
        onclick: () => choose(tool),
      },
      pictures[tool.name](),
      el('span', {}, t('edit-tool', { tool: tool.name })),
    ),
  );
  fill(bar, ...buttons);
  buttons[0].tabIndex = 0;

  bar.addEventListener('keydown', event => {
    const at = buttons.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const to = buttons[(next + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === to ? 0 : -1;
    to.focus();
  });

  return {
    mark(name) {
      for (const button of buttons) {
        if (button.hasAttribute('aria-pressed'))
          button.setAttribute('aria-pressed', String(button.dataset.tool === name));
        if (button.dataset.tool === name) button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      }
    },
  };
}
