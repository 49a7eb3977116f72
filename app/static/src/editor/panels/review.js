/**
 * The draft as a whole: what it comes to, submitting it to the leaders and what they said, comments pinned to the map,
 * and where else one can go with it.
 */
import { tallyOf } from '../../core/plan_tally.js';
import { get, post, send } from '../../frame/api.js';
import { el, fill, icon } from '../../frame/dom.js';
import { toastProblem } from '../../frame/toast.js';
import { histogram } from '../../panels/pieces.js';
import { t } from '../../words.js';
import { format } from './desk.js';

const AROUND = 0.002; // degrees around a comment
const LONGEST_NOTE = 2000;

/**
 * @param {HTMLElement} root @param {object} desk
 * @param {{stands: (review: object | null) => void}} acts told of the newest review
 */
export function makeReview(root, desk, { stands }) {
  const { editor, plan } = desk;
  const figures = el('section', { class: 'desk-part' });
  const state = el('section', { class: 'desk-part' });
  const comments = el('section', { class: 'desk-part' });
  fill(
    root,
    el('div', { class: 'dock-head' }, el('h2', { tabindex: '-1' }, t('editor-review'))),
    figures,
    state,
    comments,
  );
  editor.on('plan', drawFigures);
  drawFigures();
  void fetchState();
  void fetchComments();

  function drawFigures() {
    const grids = desk.grids();
    const tally = tallyOf(grids, desk.sideOf, editor.answersFor);
    const figure = (name, value, small) =>
      el('div', {}, el('dt', {}, name), el('dd', {}, value, small && el('small', {}, small)));
    fill(
      figures,
      el(
        'dl',
        { class: 'figures' },
        figure(t('plan-grids'), format.count(tally.grids)),
        figure(
          t('plan-in-band'),
          format.count(tally.inBand),
          tally.counted ? format.percent(tally.inBand / tally.counted) : '',
        ),
        figure(t('plan-out-of-band'), format.count(tally.out)),
        figure(t('review-vacant'), format.count(tally.vacant)),
      ),
      histogram(
        grids.map(grid => ({ ...grid, class: desk.sideOf(grid) ? 0 : null })),
        plan,
      ),
    );
  }

  /* --- submitting --- */

  async function fetchState() {
    try {
      const { review } = await get(`/api/plans/${plan.id}`);
      stands(review);
      fill(state, el('h3', {}, t('review-title')), ...(isOpen(review) ? waiting(review) : asking(review)));
    } catch (problem) {
      sayIn(state, problem);
    }
  }

  const isOpen = review => ['waiting', 'approved'].includes(review?.state);

  function asking(review) {
    const note = el('textarea', { id: 'review-note', rows: 2, maxlength: LONGEST_NOTE });
    const button = el('button', { class: 'button primary' }, icon('send'), t('review-submit'));
    return [
      review?.state === 'sent_back' &&
        el(
          'div',
          { class: 'notice warn' },
          icon('undo-2'),
          el(
            'span',
            {},
            t('review-sent-back', {
              who: review.decided_by?.name ?? '–',
              day: format.date(review.decided_at),
            }),
            review.note && el('q', { class: 'history-note' }, review.note),
          ),
        ),
      el(
        'form',
        {
          class: 'form',
          onsubmit: event => {
            event.preventDefault();
            button.disabled = true;
            void act(
              () =>
                post(
                  `/api/plans/${plan.id}/submission`,
                  { note: note.value.trim() || null },
                  { headers: { 'If-Match': `"${editor.version}"` } },
                ),
              t('review-submitted'),
            ).finally(() => (button.disabled = false));
          },
        },
        el('p', { class: 'muted' }, t('review-about')),
        el('div', { class: 'field' }, el('label', { for: 'review-note' }, t('review-note')), note),
        el('div', { class: 'buttons' }, button),
      ),
    ].filter(Boolean);
  }

  const waiting = review => [
    el(
      'div',
      { class: `notice ${review.state === 'approved' ? 'good' : ''}` },
      review.state === 'approved' ? icon('badge-check') : icon('hourglass'),
      el(
        'span',
        {},
        review.state === 'approved'
          ? t('review-approved', {
              who: review.decided_by?.name ?? '–',
              day: review.effective_on ? format.date(review.effective_on) : '–',
            })
          : t('review-waiting', { who: review.asked_by?.name ?? '–', day: format.date(review.asked_at) }),
      ),
    ),
    el('p', { class: 'muted' }, t('review-locked')),
    el(
      'div',
      { class: 'buttons' },
      el(
        'button',
        {
          type: 'button',
          class: 'button',
          onclick: () =>
            void act(() => send('DELETE', `/api/plans/${plan.id}/submission`), t('review-withdrawn')),
        },
        icon('undo-2'),
        t('review-withdraw'),
      ),
    ),
  ];

  async function act(asked, done) {
    try {
      await asked();
      desk.tell(done);
      await fetchState();
    } catch (problem) {
      toastProblem(problem);
      desk.say(problem.message);
    }
  }

  /* --- comments --- */

  async function fetchComments() {
    try {
      const { comments: said } = await get(`/api/plans/${plan.id}/comments`);
      editor.pins?.(said.filter(one => one.position && !one.settled_at));
      drawComments(said);
    } catch (problem) {
      sayIn(comments, problem);
    }
  }

  function drawComments(said) {
    fill(
      comments,
      el('h3', {}, t('review-comments', { n: said.filter(one => !one.settled_at).length })),
      said.length
        ? el('ol', { class: 'comments' }, ...said.map(comment))
        : el('p', { class: 'muted' }, t('review-no-comments')),
      commentForm(),
    );
  }

  const comment = (one, at) =>
    el(
      'li',
      { class: one.settled_at ? 'undone' : '' },
      el(
        'button',
        { type: 'button', class: 'comment-row', onclick: () => goTo(one) },
        el('span', { class: 'pin', 'aria-hidden': 'true' }, at + 1),
        el(
          'span',
          { class: 'row-main' },
          one.text,
          el(
            'span',
            { class: 'muted small' },
            [
              one.by?.name,
              one.grid && t('grid-title', { number: one.grid.slice(-3) }),
              format.dateTime(one.at),
            ]
              .filter(Boolean)
              .join(' · '),
          ),
        ),
      ),
      one.settled_at
        ? el('span', { class: 'tag good' }, t('review-settled'))
        : el(
            'button',
            {
              type: 'button',
              class: 'button quiet',
              onclick: () => void settle(one),
            },
            icon('check', 'icon small'),
            t('review-settle'),
          ),
    );

  function goTo({ position, grid: code }) {
    const grid = desk.grids().find(one => one.code === code);
    if (grid) editor.select({ grids: [grid.id] });
    const [lon, lat] = position ?? [];
    const bbox = position ? [lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND] : grid?.bbox;
    if (bbox) editor.goTo(bbox);
  }

  async function settle({ id }) {
    try {
      await post(`/api/comments/${id}/settlement`);
      desk.say(t('review-settled'));
      await fetchComments();
    } catch (problem) {
      toastProblem(problem);
    }
  }

  function commentForm() {
    const words = el('textarea', {
      rows: 2,
      maxlength: LONGEST_NOTE,
      required: true,
      'aria-label': t('review-comment'),
      placeholder: t('review-comment-about'),
    });
    return el(
      'form',
      {
        class: 'form',
        onsubmit: event => {
          event.preventDefault();
          void say(words.value.trim());
        },
      },
      words,
      el(
        'div',
        { class: 'buttons' },
        el('button', { class: 'button' }, icon('message-square-plus'), t('review-comment-add')),
      ),
    );
  }

  /** Of the grid that is chosen, else of the whole. */
  async function say(text) {
    const [id] = editor.selection.grids;
    const grid = desk.grid(id);
    try {
      await post(`/api/plans/${plan.id}/comments`, {
        text,
        position: grid?.label ?? null,
        grid: grid?.code || null,
      });
      desk.say(t('review-commented'));
      await fetchComments();
    } catch (problem) {
      toastProblem(problem);
    }
  }
}

function sayIn(part, problem) {
  if (problem.name !== 'Problem') throw problem;
  fill(part, el('p', { class: 'notice warn' }, icon('cloud-off'), el('span', {}, problem.message)));
}
