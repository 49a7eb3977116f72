/**
 * A new grid drawn freely: corner by corner, then its kind and name. It takes the plots most of which lie within, or
 * exactly what lies within: then the server cuts open ground along the line, and tells first what that comes to.
 */
import { faultOf } from '../../core/polygon.js';
import { SPECIALS } from '../../core/wishes.js';
import { formats } from '../../core/formats.js';
import { el, icon } from '../../frame/dom.js';
import { toast } from '../../frame/toast.js';
import { locale, t } from '../../words.js';
import { drawGrid } from '../actions/draw.js';
import { cornersOf } from './corners.js';
import { acceptButtons, asked, button, reasonOf, titleOfGrid } from './pieces.js';

const REHEARSED_AFTER_MS = 1000; // corners come one after the other, and each trial holds the draft

export function drawMode(tools) {
  const { editor, layers, say, changed } = tools;
  const outline = cornersOf(tools, { isOpen: false, changed: () => void show() });
  const about = { kind: 'residential', name: null };
  const format = formats(locale);
  let isExact = false,
    rehearsed = null, // what the server says of the exact grid
    timer = null;

  async function show() {
    const corners = outline.all;
    [rehearsed] = [null, clearTimeout(timer)];
    if (faultOf(corners)) {
      editor.preview(null);
      return changed();
    }
    if (isExact) {
      timer = setTimeout(() => void tools.orSay(() => rehearse(corners)), REHEARSED_AFTER_MS);
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

  /** An exact border is not shown by plots, for the pieces it makes are not there yet: it is told in figures. */
  async function rehearse(corners) {
    editor.preview(null);
    const said = await editor.rehearse({ polygon: polygonOf(corners), ...about });
    if (corners !== outline.all || !isExact) return;
    rehearsed = said;
    if (said.refusal) say(reasonOf(said.refusal), { isWhy: true });
    else say(figuresOf(said));
    const { position } = said.refusal?.facts ?? {};
    layers.handles(position ? [pointAt(position)] : []);
    changed();
  }

  function figuresOf({ after, cuts }) {
    const made = after.find(({ grid }) => String(grid).startsWith('new:'));
    return t('edit-exact-figures', {
      households: format.count(made.households_after),
      buildings: format.count(made.buildings_after),
      cuts,
    });
  }

  function exactWords() {
    if (rehearsed && !rehearsed.refusal) return figuresOf(rehearsed);
    const isWaiting = !rehearsed && !faultOf(outline.all);
    return t('edit-exact-how', { waits: isWaiting ? 'yes' : 'no' });
  }

  /** What hangs loose elsewhere the server sees to. */
  async function accept() {
    if (faultOf(outline.all))
      return say(t('studio-polygon-fault', { fault: faultOf(outline.all) }), { isWhy: true });
    if (isExact) return drawExactly();
    const { previewed } = editor;
    if (previewed && !previewed.refusal) return editor.accept();
    const polygon = polygonOf(outline.all);
    const shown = await editor.operate({ do: 'draw', polygon, ...about });
    if (shown.refusal) say(reasonOf(shown.refusal), { isWhy: true });
    changed();
  }

  async function drawExactly() {
    const id = await editor.drawExactly({ polygon: polygonOf(outline.all), ...about });
    forget();
    toast(t('edit-exact-done', { grid: titleOfGrid(editor.plan.grid(id)) }), {
      act: () => void editor.undo(),
    });
    changed();
  }

  function forget() {
    editor.preview(null);
    layers.handles([]);
    outline.clear();
  }

  /** An exact grid can be tried without anything shown by plots. */
  const exactButtons = () =>
    faultOf(outline.all)
      ? []
      : [
          button(t('edit-accept'), icon('check'), () => void tools.orSay(accept), {
            primary: true,
            'data-act': 'accept',
            disabled: Boolean(rehearsed?.refusal),
            title: 'Enter',
          }),
          button(t('edit-cancel'), icon('x'), forget, { 'data-act': 'cancel', title: 'Esc' }),
        ];

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
      words:
        isExact && outline.all.length > 2
          ? exactWords()
          : t('edit-draw-how', { corners: outline.all.length }),
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
            onchange: event => ((isExact = event.target.checked), editor.preview(null), void show()),
          }),
          el('span', {}, t('edit-exact')),
        ),
        ...outline.buttons(),
        ...(isExact
          ? exactButtons()
          : acceptButtons({ editor }, forget, () => void tools.orSay(accept), false)),
      ],
    }),
  };
}

/** Where a building is that stands in the way. */
function pointAt(position) {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: position },
    properties: { role: 'trouble' },
  };
}

function polygonOf(corners) {
  return { type: 'Polygon', coordinates: [[...corners, corners[0]]] };
}
