/** Number, name and kind of a grid; special grids (mall, market, park, site) are marked here. */
import { numberOf } from '../../core/labels.js';
import { SPECIALS } from '../../core/wishes.js';
import { el, icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { change } from '../actions/change.js';
import { asked, button, titleOfGrid } from './pieces.js';

export function renameMode({ editor, changed }) {
  const grid = () => editor.plan?.grid(editor.selection.grids[0]);

  function save(form) {
    const { code } = grid();
    const number = form.elements.number.value.trim();
    const wanted = {
      code: code.length > number.length ? code.slice(0, code.length - number.length) + number : number,
      name: form.elements.name.value.trim() || null,
      kind: form.elements.kind.value,
    };
    const edit = change(editor.plan, grid().id, wanted);
    if (edit) editor.perform(edit);
    changed();
  }

  return {
    cursor: 'pointer',
    enter: () => changed(),
    leave: () => {},
    press({ grid: pressed }) {
      if (pressed !== null) editor.select({ grids: [pressed] });
      changed();
    },
    key: () => false,

    bar: () => ({
      words: grid() ? t('edit-rename-how', { grid: titleOfGrid(grid()) }) : t('edit-rename-choose'),
      pieces: grid() ? [form(grid())] : [],
    }),
  };

  function form({ code, name, kind }) {
    return el(
      'form',
      {
        class: 'edit-form',
        onsubmit: event => {
          event.preventDefault();
          save(event.target);
        },
      },
      asked(
        t('edit-number'),
        el('input', { name: 'number', inputmode: 'numeric', size: 4, maxlength: 15, value: numberOf(code) }),
      ),
      asked(t('edit-name'), el('input', { name: 'name', size: 14, maxlength: 40, value: name ?? '' })),
      asked(
        t('edit-kind'),
        el(
          'select',
          { name: 'kind' },
          ...['residential', 'mixed', ...SPECIALS].map(one =>
            el('option', { value: one, selected: one === kind }, t('edit-kind-of', { kind: one })),
          ),
        ),
      ),
      button(t('edit-save'), icon('check'), () => {}, { primary: true, type: 'submit' }),
    );
  }
}
