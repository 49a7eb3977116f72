/**
 * All that can be done to grids without the map, for those who use a keyboard or a screen reader, and quickly for
 * everybody: choose a grid, see its neighbours, say what shall be done, see its figures, accept.
 *
 * Three views, each with a heading that takes the focus: all grids → one grid → what an act would do.
 */
import { numberOf } from '../../core/labels.js';
import { boxAround } from '../../core/dividing.js';
import { changeOf, codeWith } from '../../core/offers.js';
import { SPECIALS } from '../../core/wishes.js';
import { get, post, send } from '../../frame/api.js';
import { el, fill, icon } from '../../frame/dom.js';
import { loadBar } from '../../panels/pieces.js';
import { t } from '../../words.js';
import { bandWords, callOf, format } from './desk.js';
import { buildingPicker } from './building_picker.js';
import { compoundForm, compoundOffer } from './compound_form.js';
import { field, nameInput } from './fields.js';
import { lineForm } from './line_form.js';
import { newGridForm } from './new_grid.js';
import { boxOf, offerPiece } from './offer.js';
import { plotPicker } from './plot_picker.js';

const KINDS = ['residential', 'mixed', ...SPECIALS];
const MOST_PARTS = 20;
const NAME_LENGTH = 80;
const ROWS_AT_ONCE = 200;

/**
 * @param {HTMLElement} root
 * @param {object} desk
 * @param {{assign: (grid: number) => void, locks: object}} acts locks: `toggle(grid)`
 */
export function makeGridDesk(root, desk, { assign, locks }) {
  const { editor, plan } = desk;
  const personOf = grid => editor.answersFor(grid)?.name ?? null;
  const state = { view: 'all', grid: null, words: '', filter: 'all', shown: ROWS_AT_ONCE };
  let asking = new AbortController();
  let head = null; // of the grid looked at
  const body = el('div', { class: 'desk' });
  fill(root, body);

  editor.on('plan', () => state.view !== 'offer' && refresh());
  editor.on('selection', followSelection);

  /** The grid chosen on the map is the one looked at; an offer stays until it is answered. */
  function followSelection() {
    const [id, ...others] = editor.selection.grids;
    if (state.view === 'offer' || others.length || id === undefined || id === state.grid) return;
    showGrid(id, { quiet: true });
  }

  function refresh() {
    if (state.view === 'all') drawRows();
    else if (desk.grid(state.grid)) drawHead();
    else showAll({ quiet: true });
  }

  /** An offer nobody answered is shown on the map no longer. */
  function leaveOffer() {
    if (state.view !== 'offer') return;
    editor.preview(null);
    editor.outline(null);
  }

  /** Nor are plots that were ticked, once their list is left. */
  function forgetTicks() {
    const { grids, plots } = editor.selection;
    if (['task', 'offer'].includes(state.view) && plots.length && grids[0] === state.grid)
      editor.select({ grids: [...grids] });
  }

  /* --- all grids --- */

  const list = el('ul', { class: 'rows desk-rows' });
  const counted = el('p', { class: 'muted small', role: 'status' });
  const more = el(
    'button',
    {
      type: 'button',
      class: 'button',
      onclick: () => {
        state.shown += ROWS_AT_ONCE;
        drawRows();
      },
    },
    t('grid-more'),
  );

  function showAll({ quiet = false } = {}) {
    leaveOffer();
    forgetTicks();
    asking.abort();
    Object.assign(state, { view: 'all', grid: null });
    const heading = el('h2', { tabindex: '-1' }, t('editor-grids'));
    const words = el('input', {
      type: 'search',
      value: state.words,
      autocomplete: 'off',
      placeholder: t('desk-filter'),
      'aria-label': t('desk-filter'),
      oninput: ({ target }) => {
        Object.assign(state, { words: target.value, shown: ROWS_AT_ONCE });
        drawRows();
      },
    });
    fill(
      body,
      el('div', { class: 'dock-head' }, heading),
      el('div', { class: 'filter-line' }, words, ...['all', 'out', 'locked', 'special'].map(chip)),
      counted,
      list,
      more,
    );
    drawRows();
    if (!quiet) heading.focus();
  }

  const chip = name =>
    el(
      'button',
      {
        type: 'button',
        class: 'chip',
        'aria-pressed': String(state.filter === name),
        onclick: event => {
          Object.assign(state, { filter: name, shown: ROWS_AT_ONCE });
          for (const one of event.currentTarget.parentElement.querySelectorAll('.chip'))
            one.setAttribute('aria-pressed', String(one === event.currentTarget));
          drawRows();
        },
      },
      t('desk-filter-of', { filter: name }),
    );

  const FILTERS = {
    all: () => true,
    out: grid => ['few', 'many'].includes(desk.sideOf(grid)),
    locked: grid => grid.locked,
    special: grid => grid.kind !== 'residential',
  };

  function drawRows() {
    const wanted = state.words.trim().toLowerCase();
    const says = grid =>
      !wanted ||
      [grid.code, numberOf(grid.code), grid.name, personOf(grid)].some(text =>
        text?.toLowerCase().includes(wanted),
      );
    const found = desk.grids().filter(grid => FILTERS[state.filter](grid) && says(grid));
    const had = list.contains(document.activeElement) ? document.activeElement.dataset.grid : null;
    counted.textContent = t('desk-count', { n: found.length });
    const shown = found.slice(0, state.shown);
    fill(
      list,
      ...shown.flatMap((grid, at) => [
        grid.community !== shown[at - 1]?.community && communityOf(grid),
        row(grid),
      ]),
    );
    more.hidden = found.length <= state.shown;
    if (had) list.querySelector(`[data-grid="${had}"]`)?.focus();
  }

  /** Numbers begin anew in each community. */
  function communityOf({ community }) {
    const name = desk.communities.get(community);
    return name ? el('li', { class: 'desk-community' }, name) : null;
  }

  const row = grid =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', 'data-grid': grid.id, onclick: () => choose(grid.id) },
        el('strong', { class: 'desk-number' }, callOf(grid)),
        el(
          'span',
          { class: 'row-main number' },
          t('grid-households', { n: grid.households }),
          personOf(grid) && el('span', { class: 'muted small' }, personOf(grid)),
        ),
        grid.locked && el('span', { class: 'locked', title: t('editor-locked') }, icon('lock', 'icon small')),
        sideTag(grid),
      ),
    );

  function sideTag(grid) {
    const now = desk.sideOf(grid);
    if (!now)
      return el(
        'span',
        { class: 'tag' },
        grid.kind === 'residential' ? t('map-nobody-short') : kindWord(grid.kind),
      );
    const mark = { few: '▼ ', many: '▲ ', in: '' }[now];
    return el(
      'span',
      { class: `tag ${now === 'in' ? 'good' : now}` },
      mark + t('editor-band', { side: now }),
    );
  }

  function choose(id) {
    const grid = desk.grid(id);
    editor.select({ grids: [id], plots: [] });
    if (grid?.bbox) editor.goTo(grid.bbox);
    showGrid(id);
  }

  /* --- one grid --- */

  function showGrid(id, { quiet = false } = {}) {
    leaveOffer();
    forgetTicks();
    asking.abort();
    asking = new AbortController();
    Object.assign(state, { view: 'grid', grid: id });
    head = el('div', { class: 'desk-head' });
    const around = el('section', { class: 'desk-part' }, el('div', { class: 'skeleton block' }));
    fill(
      body,
      el(
        'div',
        { class: 'dock-head' },
        el(
          'button',
          { type: 'button', class: 'button quiet', onclick: () => showAll() },
          icon('arrow-left'),
          t('editor-grids'),
        ),
      ),
      head,
      around,
      el(
        'section',
        { class: 'desk-part' },
        el('h3', {}, t('desk-acts')),
        el('div', { class: 'desk-acts' }, ...acts(id)),
      ),
    );
    drawHead();
    if (!quiet) head.querySelector('h2').focus();
    void drawAround(around, id);
  }

  function drawHead() {
    const grid = desk.grid(state.grid);
    const had = head.contains(document.activeElement);
    fill(
      head,
      el(
        'h2',
        { tabindex: '-1' },
        t('grid-title', { number: callOf(grid) }),
        grid.locked && icon('lock', 'icon small'),
        sideTag(grid),
      ),
      el(
        'p',
        { class: 'muted' },
        [
          desk.communities.get(grid.community),
          grid.code,
          t('grid-households', { n: grid.households }),
          bandWords(grid.households, plan),
          t('grid-micro-buildings', { n: grid.buildings ?? 0 }),
          personOf(grid) ?? t('desk-no-coordinator'),
        ]
          .filter(Boolean)
          .join(' · '),
      ),
      loadBar({ households: grid.households, least: plan.least, most: plan.most }),
    );
    if (had) head.querySelector('h2').focus();
    drawLock(grid);
  }

  function drawLock(grid) {
    const piece = body.querySelector('[data-act="lock"]');
    if (!piece) return;
    const had = piece === document.activeElement;
    const next = lockPiece(grid.id);
    piece.replaceWith(next);
    if (had) next.focus();
  }

  /** Its borders: each neighbour with the metres shared, to work on that border. */
  async function drawAround(part, id) {
    try {
      const neighbours = await neighboursOf(id);
      fill(
        part,
        el('h3', {}, t('desk-borders')),
        neighbours.length
          ? el('ul', { class: 'rows' }, ...neighbours.map(other => neighbourRow(id, other)))
          : el('p', { class: 'muted' }, t('desk-no-borders')),
      );
    } catch (problem) {
      sayIn(part, problem, () => drawAround(part, id));
    }
  }

  /** Those in the same community: the border of a community stays where it is. */
  async function neighboursOf(id) {
    const { neighbours, community } = await get(`/api/grids/${id}`, { signal: asking.signal });
    return neighbours.filter(other => desk.grid(other.id)?.community === community.code);
  }

  const neighbourRow = (id, { id: other, code, households, metres }) =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', 'data-neighbour': other, onclick: () => showBorder(id, other) },
        el('strong', { class: 'desk-number' }, callOf(desk.grid(other) ?? { code })),
        el(
          'span',
          { class: 'row-main number' },
          t('grid-households', { n: desk.grid(other)?.households ?? households }),
          el('span', { class: 'muted small' }, t('desk-shared', { length: format.distance(metres) })),
        ),
        icon('chevron-right', 'icon small'),
      ),
    );

  const acts = id => {
    const act = (name, symbol, words, press) =>
      el('button', { type: 'button', class: 'button', 'data-act': name, onclick: press }, symbol, words);
    const grid = desk.grid(id);
    return [
      act('give', icon('building-2'), t('desk-give'), () => showGive(id)),
      act('ground', icon('trees'), t('desk-ground'), () => showGround(id)),
      act('merge', icon('merge'), t('desk-merge'), () => showMerge(id)),
      act('divide', icon('split'), t('desk-divide'), () => showDivide(id)),
      act('cut', icon('slice'), t('desk-cut'), () => showCut(id)),
      act('draw', icon('pentagon'), t('desk-new'), () => showNew(id)),
      act('compound', icon('fence'), t('desk-compound'), () => showCompound(id)),
      act('details', icon('tag'), t('desk-details'), () => showDetails(id)),
      act('assign', icon('user-plus'), t('editor-assign'), () => assign(id)),
      lockPiece(id),
    ];
  };

  /** Its words follow the lock. */
  function lockPiece(id) {
    const { locked } = desk.grid(id);
    return el(
      'button',
      { type: 'button', class: 'button', 'data-act': 'lock', onclick: () => locks.toggle(desk.grid(id)) },
      locked ? icon('lock-open') : icon('lock'),
      t(locked ? 'desk-unlock' : 'desk-lock'),
    );
  }

  /* --- what an act is told --- */

  /** A view below a grid's: a way back, a heading, a form. */
  function showTask(id, title, ...pieces) {
    leaveOffer();
    asking.abort();
    asking = new AbortController();
    state.view = 'task';
    const heading = el('h2', { tabindex: '-1' }, title);
    const work = el('div', { class: 'desk-work' }, ...pieces);
    fill(
      body,
      el(
        'div',
        { class: 'dock-head' },
        el(
          'button',
          { type: 'button', class: 'button quiet', onclick: () => showGrid(id) },
          icon('arrow-left'),
          t('grid-title', { number: callOf(desk.grid(id)) }),
        ),
      ),
      heading,
      work,
    );
    heading.focus();
    return work;
  }

  /** The border of two grids: put it onto a street, or even the two out. */
  async function showBorder(id, other) {
    editor.select({ grids: [id, other], plots: [] });
    const names = { one: callOf(desk.grid(id)), other: callOf(desk.grid(other)) };
    const title = t('desk-border-of', names);
    const work = showTask(id, title, el('div', { class: 'skeleton block' }));
    try {
      const { streets } = await get(`/api/plans/${plan.id}/borders/${id}/${other}/streets`, {
        signal: asking.signal,
      });
      fill(
        work,
        el('h3', {}, t('desk-follow')),
        streets.length
          ? el(
              'ul',
              { class: 'rows' },
              ...streets.map(street =>
                taskRow(
                  icon('route'),
                  street.name || t('desk-street-nameless'),
                  format.distance(street.metres),
                  () =>
                    offer(
                      id,
                      t('desk-follow-title', { street: street.name || t('desk-street-nameless') }),
                      {
                        do: 'follow_street',
                        grids: [id, other],
                        street: street.id,
                      },
                      { street_name: street.name },
                    ),
                ),
              ),
            )
          : el('p', { class: 'muted' }, t('desk-no-streets')),
        el('h3', {}, t('desk-also')),
        el(
          'ul',
          { class: 'rows' },
          taskRow(icon('scale'), t('desk-even'), '', () =>
            offer(id, t('desk-even-title', names), { do: 'rebalance_pair', grids: [id, other] }),
          ),
          taskRow(icon('building-2'), t('desk-give'), '', () => showGive(id, other)),
          taskRow(icon('merge'), t('desk-merge-with', { number: names.other }), '', () =>
            offer(id, t('desk-merge-title', names), { do: 'merge', grids: [id, other] }),
          ),
        ),
      );
    } catch (problem) {
      sayIn(work, problem, () => showBorder(id, other));
    }
  }

  const taskRow = (symbol, words, beside, press) =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', onclick: () => void press() },
        symbol,
        el('span', { class: 'row-main' }, words),
        el('span', { class: 'row-side' }, beside),
      ),
    );

  /** Buildings of the grid, some of them to be given to a neighbour. */
  async function showGive(id, to = null) {
    const work = showTask(id, t('desk-give-title', { number: callOf(desk.grid(id)) }), skeleton());
    try {
      const [neighbours, buildings] = await Promise.all([neighboursOf(id), buildingsOf(id, asking.signal)]);
      const picker = buildingPicker(buildings);
      const target = gridSelect(t('desk-give-to'), neighbours, to);
      fill(
        work,
        el(
          'form',
          {
            class: 'form',
            onsubmit: event => {
              event.preventDefault();
              if (!picker.chosen().length) return picker.complain();
              const receiver = Number(target.select.value);
              void offer(id, t('desk-give-title', { number: callOf(desk.grid(id)) }), {
                do: 'give',
                buildings: picker.chosen(),
                to: receiver,
              });
            },
          },
          picker.root,
          target.field,
          previewButton(),
        ),
      );
    } catch (problem) {
      sayIn(work, problem, () => showGive(id, to));
    }
  }

  async function showMerge(id) {
    const work = showTask(id, t('desk-merge-title-one', { number: callOf(desk.grid(id)) }), skeleton());
    try {
      const neighbours = await neighboursOf(id);
      const other = gridSelect(t('desk-merge-choose'), neighbours, null);
      fill(
        work,
        el(
          'form',
          {
            class: 'form',
            onsubmit: event => {
              event.preventDefault();
              const wanted = Number(other.select.value);
              const names = { one: callOf(desk.grid(id)), other: callOf(desk.grid(wanted)) };
              void offer(id, t('desk-merge-title', names), { do: 'merge', grids: [id, wanted] });
            },
          },
          other.field,
          previewButton(),
        ),
      );
    } catch (problem) {
      sayIn(work, problem, () => showMerge(id));
    }
  }

  /** Into so many as even as can be, or along a line. */
  async function showDivide(id) {
    const grid = desk.grid(id);
    const title = t('desk-divide-title', { number: callOf(grid) });
    const work = showTask(id, title, skeleton());
    const parts = el('input', {
      type: 'number',
      id: 'desk-parts',
      min: 2,
      max: MOST_PARTS,
      required: true,
      value: Math.max(2, Math.round(grid.households / plan.target)),
      'aria-describedby': 'desk-parts-hint',
    });
    const evenly = {
      name: 'parts',
      words: t('line-way', { way: 'parts' }),
      piece: el(
        'div',
        { class: 'field' },
        el('label', { for: 'desk-parts' }, t('desk-parts')),
        parts,
        el(
          'p',
          { class: 'hint', id: 'desk-parts-hint' },
          t('desk-parts-about', { households: grid.households, target: plan.target }),
        ),
      ),
      ask: () => void offer(id, title, { do: 'divide_into', grid: id, parts: Number(parts.value) }),
    };
    try {
      const [streets, buildings] = await Promise.all([streetsIn(id), buildingsOf(id, asking.signal)]);
      const known = { streets, buildings, box: () => desk.grid(id).bbox, first: evenly, tellsHalves: true };
      fill(
        work,
        lineForm(known, line => void offer(id, title, { do: 'divide_by_line', grid: id, line })),
      );
    } catch (problem) {
      sayIn(work, problem, () => showDivide(id));
    }
  }

  const streetsIn = async id =>
    (await get(`/api/plans/${plan.id}/grids/${id}/streets`, { signal: asking.signal })).streets;

  /** Ground nobody lives on goes to a neighbour. */
  async function showGround(id) {
    const title = t('desk-ground-title', { number: callOf(desk.grid(id)) });
    const work = showTask(id, title, skeleton());
    try {
      const [neighbours, buildings] = await Promise.all([
        neighboursOf(id),
        buildingsOf(id, asking.signal),
        editor.need([id]),
      ]);
      const picker = plotPicker(desk, id, buildings, { isOpenOnly: true });
      if (picker.isEmpty) return fill(work, el('p', { class: 'notice' }, t('plots-none')));
      const target = gridSelect(t('desk-give-to'), neighbours, null);
      const submit = event => {
        event.preventDefault();
        if (!picker.isReady()) return;
        const wish = { do: 'give', plots: picker.chosen(), to: Number(target.select.value) };
        void offer(id, title, wish);
      };
      fill(work, el('form', { class: 'form', onsubmit: submit }, picker.root, target.field, previewButton()));
    } catch (problem) {
      sayIn(work, problem, () => showGround(id));
    }
  }

  /** Ground becomes several plots along a line, never through a building. */
  async function showCut(id) {
    const title = t('desk-cut-title', { number: callOf(desk.grid(id)) });
    const work = showTask(id, title, skeleton());
    try {
      const [streets, buildings] = await Promise.all([
        streetsIn(id),
        buildingsOf(id, asking.signal),
        editor.need([id]),
      ]);
      const picker = plotPicker(desk, id, buildings, { isOpenOnly: false });
      const box = () => boxAround(picker.chosen().map(plot => editor.ground.plot(plot).bbox));
      const known = { streets, buildings, box, before: picker.root, isReady: picker.isReady };
      fill(
        work,
        lineForm(known, line => void offer(id, title, { do: 'cut', plots: picker.chosen(), line })),
      );
    } catch (problem) {
      sayIn(work, problem, () => showCut(id));
    }
  }

  /** A courtyard let room by room that no file knows. */
  async function showCompound(id) {
    const title = t('desk-compound-title', { number: callOf(desk.grid(id)) });
    const work = showTask(id, title, skeleton());
    const path = `/api/places/${editor.place.code}/compounds`;
    try {
      const [{ compounds }, buildings] = await Promise.all([
        get(path, { signal: asking.signal }),
        buildingsOf(id, asking.signal),
      ]);
      const sharing = buildings.flatMap(({ divided }) => divided ?? []).map(({ grid }) => grid.id);
      await editor.need([id, ...new Set(sharing)]);
      const [west, south, east, north] = desk.grid(id).bbox;
      const lies = ([left, low, right, high]) => left < east && right > west && low < north && high > south;
      const drawn = compounds.filter(one => one.drawn && lies(one.bbox));
      const done = async (act, words) => {
        try {
          await act();
        } catch (problem) {
          return sayIn(work, problem, () => showCompound(id));
        }
        editor.groundChanged();
        showGrid(id);
        desk.tell(words);
      };
      const save = ({ known, name, kind, polygon }) =>
        done(
          () =>
            known
              ? send('PATCH', `${path}/${known.id}`, { name, kind, ...(polygon && { polygon }) })
              : post(path, { name, kind, polygon }),
          t('edit-compound-done', { known: known ? 'yes' : 'no' }),
        );
      const preview = wish => {
        state.view = 'offer';
        const piece = compoundOffer(desk, wish, {
          accept: () => {
            editor.outline(null);
            void save(wish);
          },
          cancel: () => void showCompound(id),
        });
        fill(work, piece);
        piece.querySelector('.offer-title').focus();
        desk.say(piece.querySelector('p').textContent);
        const shape = wish.polygon ?? wish.known.polygon;
        editor.outline(shape);
        editor.goTo(boxOf(shape));
      };
      const remove = one =>
        void done(() => send('DELETE', `${path}/${one.id}`), t('edit-compound-removed', { name: one.name }));
      fill(work, compoundForm(desk, buildings, drawn, { preview, remove }));
    } catch (problem) {
      sayIn(work, problem, () => showCompound(id));
    }
  }

  /** A grid made of a part of this one, or of what an outline holds. */
  async function showNew(id) {
    const title = t('desk-new-title', { number: callOf(desk.grid(id)) });
    const work = showTask(id, title, skeleton());
    try {
      const buildings = await buildingsOf(id, asking.signal);
      fill(
        work,
        newGridForm(buildings, wish => void offer(id, title, wish)),
      );
    } catch (problem) {
      sayIn(work, problem, () => showNew(id));
    }
  }

  /** Name, number and kind: saved at once, for nothing changes hands. */
  function showDetails(id) {
    const grid = desk.grid(id);
    const name = nameInput('desk-name', NAME_LENGTH, grid.name ?? '');
    const number = el('input', {
      type: 'text',
      id: 'desk-code',
      inputmode: 'numeric',
      pattern: '[0-9]{1,3}',
      maxlength: 3,
      value: numberOf(grid.code),
      autocomplete: 'off',
    });
    const kind = el(
      'select',
      { id: 'desk-kind' },
      ...KINDS.map(one => el('option', { value: one, selected: one === grid.kind }, kindWord(one))),
    );
    const wrong = el('p', { class: 'error', role: 'alert', hidden: true }, t('desk-code-wrong'));
    const save = el('button', { class: 'button primary' }, icon('check'), t('desk-save'));
    showTask(
      id,
      t('desk-details-title', { number: callOf(grid) }),
      el(
        'form',
        {
          class: 'form',
          onsubmit: event => {
            event.preventDefault();
            const code = codeWith(grid.code, number.value);
            wrong.hidden = code !== null;
            number.setAttribute('aria-invalid', String(code === null));
            if (code === null) return number.focus();
            const edit = changeOf(grid, { name: name.value.trim() || null, code, kind: kind.value });
            if (!edit) return showGrid(id);
            const done = t('desk-details-done', { number: name.value.trim() || numberOf(code) });
            if (desk.perform(edit, done)) showGrid(id);
          },
        },
        field(t('desk-name'), name, el('p', { class: 'hint' }, t('desk-name-about'))),
        field(
          t('desk-code'),
          number,
          el('p', { class: 'hint' }, t('desk-code-about', { code: grid.code })),
          wrong,
        ),
        field(t('desk-kind'), kind, el('p', { class: 'hint' }, t('desk-kind-about'))),
        el('div', { class: 'buttons' }, save, cancelButton(id)),
      ),
    );
  }

  const cancelButton = id =>
    el('button', { type: 'button', class: 'button', onclick: () => showGrid(id) }, t('editor-cancel'));

  const previewButton = () =>
    el(
      'div',
      { class: 'buttons' },
      el('button', { class: 'button primary', 'data-act': 'preview' }, icon('eye'), t('desk-preview')),
    );

  /* --- offers --- */

  /** @param {object} [noted] what the history shall know besides */
  async function offer(id, title, wish, noted = {}) {
    const work = showTask(id, title, skeleton());
    work.setAttribute('aria-busy', 'true');
    desk.say(t('desk-asking'));
    try {
      const found = await desk.ask(wish, { signal: asking.signal });
      state.view = 'offer';
      const leave = () => {
        state.view = 'grid';
        if (desk.grid(id)) showGrid(id);
        else showAll();
      };
      const piece = offerPiece(
        desk,
        { ...found, parameters: { ...found.parameters, ...noted } },
        { title, accepted: leave, cancelled: leave },
      );
      body.querySelector('h2')?.remove(); // the offer has the heading
      fill(work, piece);
      work.removeAttribute('aria-busy');
      piece.querySelector('.offer-title').focus();
      desk.say(found.refusal ? found.refusal.detail : desk.outcomeOf(found));
    } catch (problem) {
      work.removeAttribute('aria-busy');
      sayIn(work, problem, () => offer(id, title, wish, noted));
    }
  }

  /** A grid by its number, households beside it. */
  function gridSelect(label, neighbours, chosen) {
    const select = el(
      'select',
      { id: 'desk-neighbour', required: true },
      ...neighbours.map(other => {
        const grid = desk.grid(other.id) ?? other;
        return el(
          'option',
          { value: other.id, selected: other.id === chosen },
          t('desk-option', { number: callOf(grid), households: grid.households }),
        );
      }),
    );
    return {
      select,
      field: field(label, select),
    };
  }

  function sayIn(part, problem, again) {
    if (problem.name === 'AbortError') return;
    if (problem.name !== 'Problem') throw problem;
    fill(
      part,
      el('p', { class: 'notice warn', role: 'alert' }, icon('circle-alert'), el('span', {}, problem.message)),
      el(
        'button',
        { type: 'button', class: 'button', onclick: () => void again() },
        icon('rotate-cw'),
        t('map-again'),
      ),
    );
  }

  showAll({ quiet: true });
  return {
    open: choose,

    /** Nobody looks at an offer any more. */
    leave() {
      if (state.view === 'offer') showGrid(state.grid, { quiet: true });
    },
  };
}

const skeleton = () => el('div', { class: 'skeleton block' });

function kindWord(kind) {
  return t('editor-kind', { kind });
}

const BUILDINGS_AT_ONCE = 500;

/** All buildings of a grid, page after page. */
async function buildingsOf(id, signal) {
  const found = [];
  let after = null;
  do {
    const asked = new URLSearchParams({ sort: 'address', limit: BUILDINGS_AT_ONCE, ...(after && { after }) });
    const page = await get(`/api/grids/${id}/buildings?${asked}`, { signal });
    found.push(...page.buildings);
    after = page.next;
  } while (after);
  return found;
}
