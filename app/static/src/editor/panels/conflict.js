/**
 * Somebody else changed the same: both versions on the map, one after the other, and of each piece that clashes whose
 * shall hold. The map shows what comes of the choice before it is made; nothing is overwritten before that.
 */
import { ALL_MINE, attributeKey, GONE, peopleIn, rowsOf } from '../../core/conflicts.js';
import { el, fill, icon } from '../../frame/dom.js';
import { toastProblem } from '../../frame/toast.js';
import { makePins } from '../../map/pins.js';
import { reasonOf } from '../modes/pieces.js';
import { t } from '../../words.js';
import { callOf, format, valueWords } from './desk.js';

const VERSIONS = ['theirs', 'mine', 'chosen'];

/** @param {object} desk */
export function makeConflict(desk) {
  const { editor, shown } = desk;
  const dialog = el('dialog', { class: 'dialog conflict', 'aria-labelledby': 'conflict-title' });
  document.getElementById('side').after(dialog);
  const pins = makePins(shown.map, {
    choose: id => dialog.querySelector(`[data-piece="${id}"] input`)?.focus(),
    title: pin => t('conflict-pin', { number: pin.number }),
  });
  const why = el('p', { class: 'notice danger', role: 'alert', hidden: true });
  let pieces = [],
    chosen = new Map(), // number of a piece -> 'mine' | 'theirs'
    seen = 'chosen';

  editor.on('conflict', conflict => void show(conflict).catch(toastProblem));
  if (editor.conflict) void show(editor.conflict).catch(toastProblem);

  async function show({ facts }) {
    editor.setMode('select');
    const ends = (facts.plots ?? []).flatMap(({ from, to, now }) => [from, to, now]);
    await editor.need([...new Set(ends)].filter(id => desk.grid(id)));
    const { plots, grids } = rowsOf(facts, desk.grid, plot => editor.ground.around(plot).keys());
    pieces = [...plots.map(row => ({ row, plots: row.plots })), ...grids.map(row => ({ row, plots: [] }))];
    if (!pieces.length) return void (await editor.resolve(ALL_MINE)); // both did the same
    chosen = new Map(pieces.map((_, number) => [number, 'theirs'])); // nothing of a colleague's goes by default
    seen = 'chosen';
    const people = peopleIn({ plots, grids })
      .map(one => one.name)
      .join(t('list-comma'));
    draw(people);
    setAside(true);
    dialog.show(); // the map stays in reach
    dialog.querySelector('h2').focus();
    pins.show(pieces.flatMap(pinOf));
    goTo(pieces.flatMap(one => one.plots));
    onMap();
    desk.say(t('conflict-said', { n: pieces.length }));
  }

  /** What lies beside the map waits until it is answered. */
  function setAside(yes) {
    for (const id of ['side', 'tools', 'bar']) document.getElementById(id).inert = yes;
  }

  function draw(people) {
    fill(
      dialog,
      el('h2', { id: 'conflict-title', tabindex: '-1' }, t('conflict-title')),
      el('p', {}, people ? t('conflict-about', { people }) : t('conflict-about-somebody')),
      versions(),
      el('ol', { class: 'conflict-pieces' }, ...pieces.map(piecePart)),
      pieces.length > 1 &&
        el(
          'div',
          { class: 'buttons' },
          allButton('theirs', t('conflict-all-theirs')),
          allButton('mine', t('conflict-all-mine')),
        ),
      why,
      el('p', { class: 'hint' }, t('conflict-hint')),
      el(
        'div',
        { class: 'buttons' },
        el(
          'button',
          { type: 'button', class: 'button primary', 'data-act': 'settle', onclick: () => void settle() },
          icon('check'),
          t('conflict-settle'),
        ),
      ),
    );
  }

  /** Which version the map shows. */
  const versions = () =>
    el(
      'fieldset',
      { class: 'conflict-versions' },
      el('legend', {}, t('conflict-on-map')),
      ...VERSIONS.map(version =>
        choice('conflict-seen', version, seen === version, t('conflict-version', { version }), () => {
          seen = version;
          onMap();
        }),
      ),
    );

  function piecePart({ row, plots }, number) {
    const isGround = plots.length > 0;
    const pick = whose => () => {
      chosen.set(number, whose);
      onMap();
    };
    const radio = (whose, words) =>
      choice(`conflict-${number}`, whose, chosen.get(number) === whose, words, pick(whose));
    return el(
      'li',
      { 'data-piece': number },
      el(
        'fieldset',
        {},
        el('legend', {}, `${number + 1} · `, isGround ? groundWords(row) : attributeWords(row)),
        radio('theirs', theirWords(row, isGround)),
        radio('mine', t('conflict-mine-as', { what: whatWords(row, 'yours', isGround) })),
      ),
      isGround &&
        el(
          'button',
          { type: 'button', class: 'button quiet', onclick: () => goTo(plots) },
          icon('locate'),
          t('conflict-go-to', { number: number + 1 }),
        ),
    );
  }

  const groundWords = ({ from, plots }) =>
    t('conflict-piece', {
      n: plots.length,
      from: callOf(from),
      households: format.count(plots.reduce((sum, id) => sum + (editor.ground.plot(id)?.households ?? 0), 0)),
    });

  const attributeWords = ({ grid, attribute }) =>
    attribute
      ? t('conflict-attribute', { number: callOf(grid), attribute: attribute.replace('_id', '') })
      : t('conflict-grid-gone', { number: callOf(grid) });

  const theirWords = (row, isGround) =>
    t('conflict-theirs-as', {
      who: row.by?.name ?? '',
      known: row.by ? 'yes' : 'no',
      what: whatWords(row, 'theirs', isGround),
    });

  function whatWords(row, whose, isGround) {
    if (isGround) return t('conflict-to', { number: callOf(row[whose]) });
    return row.attribute ? valueWords(row.attribute, row[whose]) : t('conflict-stands', { whose });
  }

  const allButton = (whose, words) =>
    el(
      'button',
      {
        type: 'button',
        class: 'button',
        'data-whose': whose,
        onclick: () => {
          for (const number of chosen.keys()) chosen.set(number, whose);
          for (const input of dialog.querySelectorAll(`.conflict-pieces input[value="${whose}"]`))
            input.checked = true;
          onMap();
        },
      },
      words,
    );

  /** What is left to them. */
  function leftToThem() {
    const theirs = pieces.filter((_, number) => chosen.get(number) === 'theirs');
    return {
      plots: new Set(theirs.flatMap(({ plots }) => plots)),
      attributes: new Set(
        theirs
          .filter(({ plots }) => !plots.length)
          .map(({ row }) => attributeKey(row.grid.id, row.attribute?.replace('_id', '') ?? GONE)),
      ),
    };
  }

  function onMap() {
    const edit = {
      theirs: () => null,
      mine: () => editor.remains(ALL_MINE),
      chosen: () => editor.remains(leftToThem()),
    }[seen]();
    editor.preview(null);
    editor.select({ plots: edit ? [] : pieces.flatMap(({ plots }) => plots) });
    if (edit) editor.preview(edit, seen === 'mine' ? { refusal: null, forbidden: [] } : null);
    sayWhether();
  }

  /** Whether what is chosen can be: a piece here and one there may tear a grid. */
  function sayWhether() {
    const edit = editor.remains(leftToThem());
    const refusal = edit && editor.judged(edit);
    why.hidden = !refusal;
    if (refusal) fill(why, icon('ban'), el('span', {}, t('conflict-cannot', { why: reasonOf(refusal) })));
    dialog.querySelector('[data-act="settle"]').disabled = Boolean(refusal);
  }

  function pinOf({ plots }, number) {
    const [first] = plots.map(id => editor.ground.plot(id)).filter(Boolean);
    return first ? [{ id: number, number: number + 1, position: first.point, settled: false }] : [];
  }

  function goTo(plots) {
    const boxes = plots.map(id => editor.ground.plot(id)?.bbox).filter(Boolean);
    if (!boxes.length) return;
    const least = axis => Math.min(...boxes.map(box => box[axis]));
    const most = axis => Math.max(...boxes.map(box => box[axis]));
    editor.goTo([least(0), least(1), most(2), most(3)]);
  }

  async function settle() {
    const counts = { mine: 0, theirs: 0 };
    for (const whose of chosen.values()) counts[whose] += 1;
    editor.preview(null);
    editor.select({});
    try {
      await editor.resolve(leftToThem());
      if (!editor.conflict) close(); // the next edit that waits may clash too, and stands here now
      desk.say(t('conflict-settled', { ...counts, all: chosen.size }));
    } catch (problem) {
      onMap();
      toastProblem(problem);
    }
  }

  function close() {
    dialog.close();
    pins.show([]);
    setAside(false);
  }
}

/** One of several choices. */
function choice(name, value, checked, words, choose) {
  return el(
    'label',
    { class: 'choice' },
    el('input', { type: 'radio', name, value, checked, onchange: choose }),
    el('span', {}, words),
  );
}
