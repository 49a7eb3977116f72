/**
 * What is wrong with the draft: counted by kind, one after the other, shown on the map, mended by a proposal of the
 * engine that is seen before it is taken. Looked for anew after every change.
 */
import {
  changeOf,
  countsOf,
  hasProposals,
  isVacancy,
  keyOf,
  ofKind,
  partAround,
  stepTo,
} from '../../core/problem_list.js';
import { get } from '../../frame/api.js';
import { el, fill, icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { callOf } from './desk.js';
import { offerPiece } from './offer.js';

const CALM_MS = 700; // after the last change, before problems are looked for again
const ROWS_AT_ONCE = 200; // a city's draft has thousands

const SYMBOLS = {
  grid_in_pieces: () => icon('puzzle'),
  community_crossed: () => icon('map-pinned'),
  compound_divided: () => icon('fence'),
  out_of_band: () => icon('scale'),
  walk_too_far: () => icon('footprints'),
  vacancy: () => icon('user-round-x'),
  code_missing: () => icon('tag'),
};

/**
 * @param {HTMLElement} root
 * @param {object} desk
 * @param {{counted: (n: number) => void, assign: (grid: number) => void, openGrid: (grid: number) => void}} acts
 */
export function makeProblems(root, desk, { counted, assign, openGrid }) {
  const { editor, plan } = desk;
  let problems = null,
    at = null, // key of the one looked at
    kind = null, // only these
    part = { from: 0, to: ROWS_AT_ONCE }, // of the list, as it is shown
    offers = null, // {key, list} of proposals being shown
    version = null,
    timer = 0,
    asking = null;

  const chips = el('div', { class: 'filter-line', role: 'group', 'aria-label': t('problems-kinds') });
  const body = el('div', { class: 'problem-body' });
  const step = (way, symbol, words, keys) =>
    el(
      'button',
      {
        type: 'button',
        class: 'button quiet icon-only',
        'aria-label': words,
        'aria-keyshortcuts': keys,
        title: `${words} (${keys})`,
        onclick: () => go(way),
      },
      symbol,
    );
  const head = el('h2', { tabindex: '-1' }, t('editor-problems'));
  fill(
    root,
    el(
      'div',
      { class: 'dock-head' },
      head,
      step(-1, icon('chevron-up'), t('problems-previous'), 'Shift+N'),
      step(1, icon('chevron-down'), t('problems-next'), 'N'),
    ),
    chips,
    body,
  );

  editor.on('plan', later);
  editor.on('history', later);
  void look();

  /** Not while somebody still drags: once it is calm. */
  function later() {
    if (editor.version === version) return;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), CALM_MS);
  }

  async function look() {
    asking?.abort();
    asking = new AbortController();
    if (!problems) fill(body, el('div', { class: 'skeleton block' }), el('div', { class: 'skeleton line' }));
    try {
      const found = await get(`/api/plans/${plan.id}/problems`, { signal: asking.signal });
      version = found.version;
      tellChange(found.problems);
      problems = found.problems;
      if (offers && !problems.some(problem => keyOf(problem) === offers.key)) closeOffers();
      counted(problems.length);
      draw();
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      if (problem.name !== 'Problem') throw problem;
      fill(
        body,
        el('p', { class: 'notice warn' }, icon('cloud-off'), el('span', {}, problem.message)),
        el(
          'button',
          { type: 'button', class: 'button', onclick: () => void look() },
          icon('rotate-cw'),
          t('map-again'),
        ),
      );
    }
  }

  /** Those who listen hear what their change mended or broke. */
  function tellChange(found) {
    if (!problems) return;
    const { mended, fresh } = changeOf(problems, found);
    if (mended.length || fresh.length)
      desk.say(t('problems-changed', { mended: mended.length, fresh: fresh.length, left: found.length }));
  }

  /* --- the list --- */

  function draw() {
    const counts = countsOf(problems);
    if (kind && !counts.some(one => one.kind === kind)) kind = null;
    fill(chips, ...(counts.length > 1 ? [chip(null, problems.length), ...counts.map(countChip)] : []));
    head.textContent = t('problems-title', { n: problems.length });
    if (offers) return;
    const had = body.contains(document.activeElement);
    if (!problems.length) return fill(body, nothing());
    const listed = ofKind(problems, kind);
    part = partAround(listed, at, part, ROWS_AT_ONCE);
    const { from, to } = part;
    fill(
      body,
      from > 0 && widen(t('problems-earlier', { n: from }), { from: from - ROWS_AT_ONCE, to }),
      el('ol', { class: 'problem-list', start: from + 1 }, ...listed.slice(from, to).map(row)),
      to < listed.length &&
        widen(t('problems-later', { n: listed.length - to }), { from, to: to + ROWS_AT_ONCE }),
    );
    if (had) (body.querySelector('[aria-current="true"] button') ?? head).focus();
  }

  const widen = (words, wider) =>
    el(
      'button',
      {
        type: 'button',
        class: 'button problem-widen',
        onclick: () => {
          const first = wider.to > part.to ? part.to - wider.from : 0;
          part = wider;
          draw();
          body.querySelectorAll('.problem-row')[Math.max(0, first)]?.focus();
        },
      },
      words,
    );

  const countChip = ({ kind: one, count }) => chip(one, count);

  const chip = (one, count) =>
    el(
      'button',
      {
        type: 'button',
        class: 'chip',
        'aria-pressed': String(kind === one),
        onclick: () => {
          kind = one;
          part = { from: 0, to: ROWS_AT_ONCE };
          draw();
        },
      },
      one ? t('problems-kind', { kind: one }) : t('problems-all'),
      el('strong', { class: 'number' }, count),
    );

  function nothing() {
    return el(
      'div',
      { class: 'empty' },
      icon('badge-check'),
      el('h3', {}, t('problems-none')),
      el('p', {}, t('problems-none-about')),
    );
  }

  function row(problem) {
    const isHere = keyOf(problem) === at;
    return el(
      'li',
      { class: 'problem', 'data-kind': problem.kind, 'aria-current': isHere ? 'true' : null },
      el(
        'button',
        { type: 'button', class: 'problem-row', onclick: () => lookAt(problem) },
        (SYMBOLS[problem.kind] ?? SYMBOLS.code_missing)(),
        el(
          'span',
          { class: 'row-main' },
          el(
            'strong',
            {},
            [t('problems-kind', { kind: problem.kind }), problem.grids.map(gridName).join(t('list-comma'))]
              .filter(Boolean)
              .join(' · '),
          ),
          el('span', { class: 'muted small' }, problem.sentence),
        ),
      ),
      isHere && el('div', { class: 'buttons problem-acts' }, ...actsFor(problem)),
    );
  }

  function actsFor(problem) {
    const [grid] = problem.grids;
    return [
      hasProposals(problem) &&
        el(
          'button',
          {
            type: 'button',
            class: 'button primary',
            'data-act': 'mend',
            onclick: event => void mend(problem, event.currentTarget),
          },
          icon('wrench'),
          t('problems-mend'),
        ),
      isVacancy(problem) &&
        grid &&
        el(
          'button',
          { type: 'button', class: 'button primary', onclick: () => assign(grid.id) },
          icon('user-plus'),
          t('editor-assign'),
        ),
      grid &&
        el(
          'button',
          { type: 'button', class: 'button', onclick: () => openGrid(grid.id) },
          icon('list'),
          t('problems-open-grid'),
        ),
    ].filter(Boolean);
  }

  /** Numbers begin anew in each community, which is named with them. */
  function gridName({ id, code }) {
    const grid = desk.grid(id) ?? { code };
    return [callOf(grid), desk.communities.get(grid.community)].filter(Boolean).join(' · ');
  }

  /* --- walking through them --- */

  function lookAt(problem) {
    at = keyOf(problem);
    closeOffers();
    draw();
    editor.select({ grids: problem.grids.map(grid => grid.id), plots: problem.plots ?? [] });
    if (problem.bbox) editor.goTo(problem.bbox);
    body.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
    body.querySelector('[aria-current="true"] button')?.focus({ preventScroll: true });
  }

  function go(way) {
    const shown = ofKind(problems ?? [], kind);
    const problem = stepTo(shown, at, way);
    if (!problem) return desk.say(t('problems-none'));
    lookAt(problem);
    desk.say(
      t('problems-at', { at: shown.indexOf(problem) + 1, n: shown.length, sentence: problem.sentence }),
    );
  }

  /* --- mending --- */

  async function mend(problem, button) {
    button.disabled = true;
    fill(button, icon('hourglass'), t('desk-asking'));
    desk.say(t('desk-asking'));
    try {
      const { proposals } = await desk.ask({ do: 'repair', grid: problem.grids[0].id });
      offers = { key: keyOf(problem), list: proposals, at: 0 };
      drawOffer(problem);
    } catch (refused) {
      if (refused.name !== 'Problem') throw refused;
      button.disabled = false;
      button
        .closest('.problem')
        .append(
          el('p', { class: 'notice danger', role: 'alert' }, icon('ban'), el('span', {}, refused.message)),
        );
    }
  }

  function drawOffer(problem) {
    const { list, at: number } = offers;
    const back = () => {
      closeOffers();
      draw();
      lookAt(problem);
    };
    if (!list.length)
      return fill(
        body,
        el(
          'div',
          { class: 'empty' },
          icon('search-x'),
          el('h3', { tabindex: '-1' }, t('problems-no-proposal')),
          el('p', {}, t('problems-no-proposal-about')),
          el(
            'div',
            { class: 'buttons' },
            el(
              'button',
              { type: 'button', class: 'button', onclick: back },
              icon('arrow-left'),
              t('editor-back'),
            ),
          ),
        ),
      );
    const piece = offerPiece(desk, list[number], {
      title: t('problems-proposal', { at: number + 1, n: list.length }),
      accepted: () => {
        closeOffers();
        draw();
        head.focus();
      },
      cancelled: back,
    });
    fill(body, el('p', { class: 'muted' }, problem.sentence), list.length > 1 && others(problem), piece);
    piece.querySelector('.offer-title').focus();
    desk.say(desk.outcomeOf(list[number]));
  }

  function others(problem) {
    return el(
      'div',
      { class: 'segmented', role: 'group', 'aria-label': t('problems-proposals') },
      ...offers.list.map((one, number) =>
        el(
          'button',
          {
            type: 'button',
            'aria-pressed': String(number === offers.at),
            onclick: () => {
              offers.at = number;
              drawOffer(problem);
            },
          },
          t('problems-moves', { households: one.households_moved }),
        ),
      ),
    );
  }

  function closeOffers() {
    if (!offers) return;
    offers = null;
    editor.preview(null);
  }

  return {
    next: () => go(1),
    previous: () => go(-1),

    /** Nobody looks at proposals any more. */
    leave() {
      if (!offers) return;
      closeOffers();
      draw();
    },
  };
}
