/** The keys of the editor, and the switch for those that are single letters (WCAG 2.1.4). */
import { SHORTCUTS, singlesOn, switchSingles } from '../../core/shortcuts.js';
import { el } from '../../frame/dom.js';
import { t } from '../../words.js';

const GROUPS = ['tools', 'grids', 'find', 'history', 'answer'];

/** @returns {() => void} opens it */
export function makeHelp() {
  let dialog = null;

  return function open() {
    dialog ??= make();
    dialog.querySelector('input').checked = singlesOn();
    if (!dialog.open) dialog.showModal();
  };

  function make() {
    const made = el(
      'dialog',
      { class: 'dialog help', 'aria-labelledby': 'help-title' },
      el(
        'form',
        { method: 'dialog' },
        el('h2', { id: 'help-title' }, t('help-title')),
        el('div', { class: 'help-groups' }, ...GROUPS.map(group)),
        el(
          'label',
          { class: 'choice help-switch' },
          el('input', { type: 'checkbox', onchange: ({ target }) => switchSingles(target.checked) }),
          el('span', {}, t('help-singles'), el('span', { class: 'muted small' }, t('help-singles-about'))),
        ),
        el('div', { class: 'buttons' }, el('button', { class: 'button primary' }, t('editor-close'))),
      ),
    );
    document.body.append(made);
    return made;
  }
}

function group(name) {
  return el(
    'section',
    {},
    el('h3', {}, t('help-group', { group: name })),
    el(
      'dl',
      { class: 'help-keys' },
      ...SHORTCUTS.filter(one => one.group === name).map(({ act, keys, single }) =>
        el(
          'div',
          { class: single ? 'single' : '' },
          el('dt', {}, ...keys.map(key => el('kbd', {}, key))),
          el('dd', {}, t('help-act', { act })),
        ),
      ),
    ),
  );
}
