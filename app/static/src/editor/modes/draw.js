/** A new grid drawn freely: corner by corner, then its kind and name. It takes the plots most of which lie within. */
import { faultOf } from '../../core/polygon.js';
import { SPECIALS } from '../../core/wishes.js';
import { el } from '../../frame/dom.js';
import { t } from '../../words.js';
import { drawGrid } from '../actions/draw.js';
import { cornersOf } from './corners.js';
import { acceptButtons, asked, reasonOf } from './pieces.js';

export function drawMode(tools) {
  const { editor, say, changed } = tools;
  const outline = cornersOf(tools, { isOpen: false, changed: () => void show() });
  const about = { kind: 'residential', name: null };
  let isExact = false;

  async function show() {
    const corners = outline.all;
    if (faultOf(corners)) {
      editor.preview(null);
      return changed();
    }
    const lons = corners.map(([lon]) => lon);
    const lats = corners.map(([, lat]) => lat);
    await editor.ground.need([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]);
    if (corners !== outline.all) return;
    const edit = drawGrid(editor.plan, editor.ground, corners, about);
    await editor.need([...new Set(Object.values(edit.moves).map(([from]) => from))]);
    if (corners !== outline.all) return;
    const { refusal } = editor.preview(Object.keys(edit.moves).length ? edit : null) ?? {};
    if (refusal) say(reasonOf(refusal), { isWhy: true });
    changed();
  }

  /** What hangs loose elsewhere, and lines through open ground, the server sees to. */
  async function accept() {
    if (faultOf(outline.all))
      return say(t('studio-polygon-fault', { fault: faultOf(outline.all) }), { isWhy: true });
    const { previewed } = editor;
    if (previewed && !previewed.refusal && !isExact) return editor.accept();
    if (isExact) return cutExactly();
    const polygon = polygonOf(outline.all);
    const shown = await editor.operate({ do: 'draw', polygon, ...about });
    if (shown.refusal) say(reasonOf(shown.refusal), { isWhy: true });
    changed();
  }

  async function cutExactly() {
    const polygon = polygonOf(outline.all);
    await editor.cut({ polygon });
    isExact = false;
    await show();
    return editor.accept();
  }

  function forget() {
    editor.preview(null);
    outline.clear();
  }

  const kinds = () =>
    el(
      'select',
      { onchange: event => ((about.kind = event.target.value), void show()) },
      ...['residential', 'mixed', ...SPECIALS].map(kind =>
        el('option', { value: kind, selected: kind === about.kind }, t('edit-kind-of', { kind })),
      ),
    );

  return {
    cursor: 'crosshair',
    enter: () => changed(),
    leave: forget,
    performed: forget,
    press: outline.press,
    hover: at => (outline.hover(at), 'crosshair'),

    key(event) {
      if (event.key === 'Enter' && outline.all.length) return (void tools.orSay(accept), true);
      if (event.key === 'Escape') return outline.all.length ? (forget(), true) : false;
      return outline.key(event);
    },

    bar: () => ({
      words: t('edit-draw-how', { corners: outline.all.length }),
      pieces: [
        asked(t('edit-kind'), kinds()),
        asked(
          t('edit-name'),
          el('input', {
            type: 'text',
            maxlength: 40,
            size: 12,
            value: about.name ?? '',
            onchange: event => ((about.name = event.target.value.trim() || null), void show()),
          }),
        ),
        el(
          'label',
          { class: 'choice', title: t('edit-exact-about') },
          el('input', {
            type: 'checkbox',
            checked: isExact,
            onchange: event => (isExact = event.target.checked),
          }),
          el('span', {}, t('edit-exact')),
        ),
        ...outline.buttons(),
        ...acceptButtons({ editor }, forget, () => void tools.orSay(accept), false),
      ],
    }),
  };
}

function polygonOf(corners) {
  return { type: 'Polygon', coordinates: [[...corners, corners[0]]] };
}
