/**
 * The history of the draft: who changed what and when, with a note. Undone changes are struck. Any state can be
 * looked at before one goes back to it, and two can be compared.
 */
import { gridsOf, wordsOf } from '../../core/edit_words.js';
import { asMoves, changesBetween, daysOf, movesBetween, nameOf } from '../../core/plan_history.js';
import { initialsOf } from '../../core/conflicts.js';
import { get } from '../../frame/api.js';
import { el, fill, icon } from '../../frame/dom.js';
import { toastProblem } from '../../frame/toast.js';
import { ofNumbers, table } from '../../panels/pieces.js';
import { t } from '../../words.js';
import { callOf, format, valueWords } from './desk.js';
import { movedBuildings } from './moved.js';

const NOTE_LENGTH = 500;
const SYMBOLS = {
  split: () => icon('scissors-line-dashed'),
  rebalance: () => icon('scale'),
  import: () => icon('file-up'),
  layer: () => icon('file-up'),
  move: () => icon('move'),
  merge: () => icon('merge'),
  divide: () => icon('split'),
  draw: () => icon('pentagon'),
  change: () => icon('tag'),
  cut: () => icon('scissors'),
  undo: () => icon('undo-2'),
  restore: () => icon('history'),
};

/** @param {HTMLElement} root @param {object} desk */
export function makeHistory(root, desk) {
  const { editor, plan } = desk;
  const states = new Map(); // version -> state, once asked for
  let looked = null, // version of the state shown on the map
    compared = [], // versions chosen to be compared
    isComparing = false;

  const undo = el('button', { type: 'button', class: 'button', onclick: () => void step('undo') });
  const redo = el('button', { type: 'button', class: 'button', onclick: () => void step('redo') });
  const note = el('input', {
    type: 'text',
    maxlength: NOTE_LENGTH,
    autocomplete: 'off',
    placeholder: t('history-next-note'),
    'aria-label': t('history-next-note'),
    oninput: () => (editor.note = note.value.trim() || null),
  });
  const list = el('div', { class: 'history-days' });
  const found = el('div', { class: 'history-found' });
  const compare = el(
    'button',
    {
      type: 'button',
      class: 'button quiet',
      'aria-pressed': 'false',
      onclick: () => startComparing(!isComparing),
    },
    icon('git-compare'),
    t('history-compare'),
  );
  fill(
    root,
    el('div', { class: 'dock-head' }, el('h2', { tabindex: '-1' }, t('editor-history')), compare),
    el('div', { class: 'history-next' }, el('div', { class: 'buttons' }, undo, redo), note),
    found,
    list,
  );

  editor.on('performed', () => (note.value = ''));
  editor.on('history', draw);
  editor.on('plan', drawFound);
  draw();

  /* --- rows --- */

  function draw() {
    const { edits } = editor.history;
    const editOf = name => edits.find(edit => nameOf(edit) === name);
    const had = list.contains(document.activeElement) ? document.activeElement.dataset.version : null;
    fill(
      list,
      ...daysOf(edits, { dayOf: format.date }).map(({ day, rows }) =>
        el(
          'section',
          {},
          el('h3', { class: 'history-day' }, day),
          el('ol', { class: 'history-rows' }, ...rows.map(row => rowPiece(row, editOf))),
        ),
      ),
    );
    drawStep(
      undo,
      editor.history.undo,
      t('edit-undo'),
      icon('undo-2'),
      what => t('history-undo-what', { what }),
      editOf,
    );
    drawStep(
      redo,
      editor.history.redo,
      t('edit-redo'),
      icon('redo-2'),
      what => t('history-redo-what', { what }),
      editOf,
    );
    if (had) list.querySelector(`[data-version="${had}"]`)?.focus();
  }

  /** A button says what it would take back, or bring back. */
  function drawStep(button, edit, plain, symbol, wordsWith, editOf) {
    const of = edit?.kind === 'undo' ? editOf(edit.undoes ?? edit.parameters?.undoes) : edit;
    button.disabled = !edit;
    const what = of ? wordsIn(wordsOf(of, editOf)) : null;
    fill(
      button,
      symbol,
      el('span', { class: 'row-main' }, plain, what && el('span', { class: 'muted small' }, what)),
    );
    button.title = what ? wordsWith(what) : plain;
  }

  async function step(way) {
    try {
      await editor[way]();
    } catch (problem) {
      toastProblem(problem);
    }
  }

  function rowPiece({ edit, undone, current }, editOf) {
    const words = wordsIn(wordsOf(edit, editOf));
    const isChosen = isComparing ? compared.includes(edit.version) : looked === edit.version;
    return el(
      'li',
      { class: undone ? 'undone' : '' },
      el(
        'button',
        {
          type: 'button',
          class: 'history-row',
          'data-version': nameOf(edit),
          disabled: edit.version === null, // it has no state to go to before the server has taken it
          'aria-pressed': String(isChosen),
          onclick: () => void choose(edit.version).catch(toastProblem),
        },
        (SYMBOLS[edit.kind] ?? SYMBOLS.change)(),
        el(
          'span',
          { class: 'row-main' },
          undone ? el('s', {}, words) : el('strong', {}, words),
          el('span', { class: 'muted small' }, aboutOf(edit)),
          edit.note && el('q', { class: 'history-note' }, edit.note),
        ),
        el(
          'span',
          { class: 'row-side' },
          el('time', { datetime: edit.at }, format.time(edit.at)),
          el('span', { class: 'initials', title: edit.by?.name }, edit.by ? initialsOf(edit.by.name) : '–'),
        ),
        undone && el('span', { class: 'tag' }, t('history-undone')),
        current && el('span', { class: 'tag in-force' }, t('history-now')),
      ),
    );
  }

  function aboutOf(edit) {
    const { first, more } = gridsOf(edit);
    const grids = first.join(t('list-comma')) + (more ? ` +${more}` : '');
    return [
      edit.by?.name,
      grids,
      edit.households ? t('history-households', { households: edit.households }) : null,
    ]
      .filter(Boolean)
      .join(' · ');
  }

  /* --- looking at a state, going back to it --- */

  async function choose(version) {
    if (isComparing) return chooseToCompare(version);
    if (looked === version || version === editor.version) return lookAt(null);
    await lookAt(version);
  }

  async function lookAt(version) {
    looked = version;
    editor.preview(null);
    draw();
    if (version === null) return fill(found);
    skeleton();
    const [now, then] = await Promise.all([stateOf(editor.version), stateOf(version)]);
    if (looked !== version) return;
    const moves = await measured(now, then);
    if (looked !== version) return;
    const [changes, isRecut] = [changesBetween(now, then), now.ground !== then.ground];
    showOnMap(moves, version);
    const isSame = !moves.length && !changes.length && !isRecut;
    show(
      t('history-state', { version }),
      differences(moves, changes, isRecut),
      (moves.length > 0 || isRecut) && movedBuildings(desk, version, editor.version),
      el(
        'div',
        { class: 'buttons' },
        !isSame &&
          el(
            'button',
            {
              type: 'button',
              class: 'button primary',
              onclick: () => void goBack(version).catch(toastProblem),
            },
            icon('history'),
            t('history-jump'),
          ),
        el(
          'button',
          { type: 'button', class: 'button', onclick: () => void lookAt(null) },
          t('editor-cancel'),
        ),
      ),
    );
    desk.say(t('history-state-said', { version, moves: moves.length }));
  }

  /** What differs between two states, in figures: the ground of the grids concerned is fetched first. */
  async function measured(before, after) {
    const grids = movesBetween(before, after).flatMap(({ from, to }) => [from?.id, to?.id]);
    await editor.need([...new Set(grids)].filter(id => desk.grid(id)));
    const moves = movesBetween(before, after, plot => editor.ground.plot(plot));
    // Pieces of plots that were cut come from nowhere: what changed hands there, the list of buildings tells.
    return before.ground === after.ground ? moves : moves.filter(({ from, to }) => from && to);
  }

  /** As hatches, where all that moves is in a grid of today; the way back may need grids that are gone. */
  function showOnMap(moves, version) {
    const isWhole = moves.every(({ from, to }) => desk.grid(from?.id) && desk.grid(to?.id));
    if (isWhole && moves.length)
      editor.preview(
        { kind: 'restore', moves: asMoves(moves), grids: {}, parameters: { to: version } },
        { refusal: null, forbidden: [] },
      );
    else editor.select({ plots: moves.flatMap(move => move.plots) });
  }

  async function goBack(version) {
    editor.preview(null);
    await editor.jumpTo(version);
    await lookAt(null);
    desk.say(t('history-jumped', { version }));
    root.querySelector('h2').focus();
  }

  /** States do not change: one asked for is kept. */
  async function stateOf(version) {
    if (!states.has(version)) states.set(version, await get(`/api/plans/${plan.id}/states/${version}`));
    return states.get(version);
  }

  /* --- comparing two --- */

  function startComparing(yes) {
    [isComparing, compared, looked] = [yes, [], null];
    compare.setAttribute('aria-pressed', String(yes));
    editor.preview(null);
    draw();
    if (yes) fill(found, el('p', { class: 'notice' }, icon('info'), el('span', {}, t('history-choose-two'))));
    else fill(found);
  }

  async function chooseToCompare(version) {
    compared = compared.includes(version)
      ? compared.filter(one => one !== version)
      : [...compared, version].slice(-2);
    draw();
    if (compared.length < 2) return;
    skeleton();
    const [older, newer] = [...compared].sort((a, b) => a - b);
    const [before, after] = await Promise.all([stateOf(older), stateOf(newer)]);
    const moves = await measured(before, after);
    const isRecut = before.ground !== after.ground;
    editor.select({ plots: moves.flatMap(move => move.plots) });
    show(
      t('history-between', { older, newer }),
      differences(moves, changesBetween(before, after), isRecut),
      (moves.length > 0 || isRecut) && movedBuildings(desk, older, newer),
      el(
        'div',
        { class: 'buttons' },
        el(
          'button',
          { type: 'button', class: 'button', onclick: () => startComparing(false) },
          t('editor-close'),
        ),
      ),
    );
    desk.say(t('history-between-said', { older, newer, moves: moves.length }));
  }

  /* --- what was found --- */

  function show(title, ...pieces) {
    fill(found, el('section', { class: 'history-card' }, el('h3', { tabindex: '-1' }, title), ...pieces));
    found.querySelector('h3').focus();
  }

  function skeleton() {
    fill(found, el('div', { class: 'skeleton block' }));
  }

  /** The plan went on: what was looked at is compared with it anew. */
  function drawFound() {
    if (looked !== null && !isComparing) void lookAt(looked).catch(toastProblem);
  }

  return {
    /** Nobody looks at the history any more: the map shows the plan as it is. */
    leave() {
      if (isComparing) startComparing(false);
      else if (looked !== null) void lookAt(null);
    },
  };
}

/** "Undone: merged". */
function wordsIn({ id, facts, of }) {
  return of ? t('history-of', { what: t(id, facts), of: wordsIn(of) }) : t(id, facts);
}

function differences(moves, changes, isRecut) {
  if (!moves.length && !changes.length && !isRecut) return el('p', { class: 'muted' }, t('history-same'));
  return el(
    'div',
    {},
    moves.length > 0 &&
      table(
        [t('history-way'), ofNumbers(t('editor-buildings')), ofNumbers(t('editor-households'))],
        moves.map(moveRow),
      ),
    ...changes.map(changeLine),
    isRecut && el('p', { class: 'hint' }, t('history-recut')),
  );
}

function moveRow({ from, to, households, buildings, plots, unknown }) {
  const known = unknown < plots.length;
  return el(
    'tr',
    {},
    el(
      'th',
      { scope: 'row' },
      from ? callOf(from) : t('history-none'),
      icon('arrow-right', 'icon small'),
      el('span', { class: 'spoken' }, t('history-to')),
      to ? callOf(to) : t('history-none'),
    ),
    el(
      'td',
      { class: 'number' },
      known ? format.count(buildings) : t('history-plots', { plots: plots.length }),
    ),
    el('td', { class: 'number' }, known ? format.count(households) : '–'),
  );
}

function changeLine({ grid, attribute, was, now }) {
  const said = value => valueWords(attribute, value);
  return el(
    'p',
    { class: 'small' },
    t('history-changed', { grid: callOf(grid), attribute, was: said(was), now: said(now) }),
  );
}
