/** Comments on a draft: a list with numbers, a form, and pins on the map beside. */
import { numbered } from '../core/life.js';
import { formats } from '../core/formats.js';
import { get, post } from '../frame/api.js';
import { el, fill, icon } from '../frame/dom.js';
import { toastProblem } from '../frame/toast.js';
import { locale, t } from '../words.js';
import { nameOf } from './life.js';

const format = formats(locale);
const LONGEST = 2000;

/**
 * @param {HTMLElement} root
 * @param {object} plan as the API tells it
 * @param {object} map
 *   mayComment: whether the person may; short: of grids' codes; pins: (comments) => void shows them on the map;
 *   goTo: (comment) => void; pick: (listener | null) => void says where the map is pressed next;
 *   middle: () => number[]; setPin: (position | null) => void; gridAt: (position) => code | null, by what is known
 */
export function makeComments(root, plan, { mayComment, short, pins, goTo, pick, middle, setPin, gridAt }) {
  let comments = [];
  let position = null; // of the one that is being written
  const list = el('ol', { class: 'comments' });
  const settled = el('details', { class: 'settled-comments' });
  const form = el('form', { class: 'form comment-form', hidden: true, onsubmit: sendIt });
  const words = el('textarea', {
    id: 'comment-words',
    rows: 3,
    maxlength: LONGEST,
    required: true,
    'aria-describedby': 'comment-hint',
  });
  const where = el('div', { class: 'comment-where' });
  const opener = el(
    'button',
    { type: 'button', class: 'button', onclick: open },
    icon('message-square-plus'),
    t('life-comment-add'),
  );
  fill(
    form,
    el(
      'div',
      { class: 'field' },
      el('label', { for: 'comment-words' }, t('life-comment-words')),
      words,
      el('p', { class: 'hint', id: 'comment-hint' }, t('life-comment-hint')),
    ),
    where,
    el(
      'div',
      { class: 'buttons' },
      el('button', { class: 'button primary' }, icon('send'), t('life-comment-send')),
      el('button', { type: 'button', class: 'button', onclick: close }, t('work-cancel')),
    ),
  );
  fill(
    root,
    el('div', { class: 'panel-head' }, el('h2', {}, t('life-comments')), mayComment && opener),
    el('div', { class: 'panel-body' }, form, list, settled),
  );
  void fetchThem().catch(toastProblem);

  async function fetchThem() {
    const answer = await get(`/api/plans/${plan.id}/comments`);
    comments = numbered(answer.comments);
    draw();
  }

  function draw() {
    const [open_, done] = [comments.filter(one => !one.settled_at), comments.filter(one => one.settled_at)];
    fill(list, ...open_.map(row));
    if (!comments.length)
      fill(
        list,
        el(
          'li',
          { class: 'none muted' },
          `${t('life-comments-none')} `,
          mayComment && t('life-comments-none-about'),
        ),
      );
    settled.hidden = !done.length;
    fill(
      settled,
      el('summary', {}, t('life-comment-show-settled', { n: done.length })),
      el('ol', { class: 'comments' }, ...done.map(row)),
    );
    pins(comments.filter(one => one.position));
  }

  function row(comment) {
    return el(
      'li',
      { 'data-comment': comment.id, tabindex: '-1' },
      el(
        'span',
        { class: `number ${comment.settled_at ? 'settled' : ''}`, 'aria-hidden': 'true' },
        comment.number,
      ),
      el(
        'div',
        {},
        el('span', { class: 'spoken' }, t('life-comment-number', { number: comment.number })),
        el('p', { class: 'words' }, comment.text),
        el(
          'p',
          { class: 'muted small' },
          [
            t('life-comment-by', { by: nameOf(comment.by), when: format.dateTime(comment.at) }),
            comment.grid && t('life-comment-grid', { code: short(comment.grid) }),
            comment.version !== plan.version &&
              t('life-comment-version', { version: String(comment.version) }),
          ]
            .filter(Boolean)
            .join(' · '),
        ),
        comment.settled_at &&
          el(
            'p',
            { class: 'muted small' },
            t('life-comment-settled', {
              by: nameOf(comment.settled_by),
              when: format.dateShort(comment.settled_at),
            }),
          ),
        el(
          'div',
          { class: 'buttons' },
          comment.position &&
            el(
              'button',
              { type: 'button', class: 'button quiet', onclick: () => goTo(comment) },
              icon('map-pin'),
              t('life-comment-show'),
            ),
          !comment.settled_at &&
            mayComment &&
            el(
              'button',
              {
                type: 'button',
                class: 'button quiet',
                onclick: event => void settleIt(comment, event.currentTarget),
              },
              icon('check'),
              t('life-comment-settle'),
            ),
        ),
      ),
    );
  }

  async function settleIt(comment, button) {
    button.disabled = true;
    try {
      await post(`/api/comments/${comment.id}/settlement`);
      await fetchThem();
    } catch (problem) {
      button.disabled = false;
      toastProblem(problem);
    }
  }

  function open() {
    form.hidden = false;
    opener.hidden = true;
    pinAt(null);
    words.focus();
  }

  function close() {
    form.hidden = true;
    opener.hidden = false;
    form.reset();
    pick(null);
    setPin(null);
    opener.focus();
  }

  /** Where the comment belongs; null: of the whole plan, and the map waits to be pressed. */
  function pinAt(wanted) {
    position = wanted;
    setPin(position);
    pick(pinAt);
    const grid = position && gridAt(position);
    fill(
      where,
      icon('map-pin'),
      position
        ? el(
            'span',
            {},
            t('life-comment-pinned', {
              where: grid ? t('life-comment-grid', { code: short(grid) }) : t('life-comment-spot'),
            }),
            ' ',
            el(
              'button',
              { type: 'button', class: 'button quiet', onclick: () => pinAt(null) },
              t('life-comment-unpin'),
            ),
          )
        : el(
            'span',
            {},
            `${t('life-comment-pinning')} `,
            el(
              'button',
              { type: 'button', class: 'button quiet', onclick: () => pinAt(middle()) },
              t('life-comment-middle'),
            ),
          ),
    );
  }

  async function sendIt(event) {
    event.preventDefault();
    const button = form.querySelector('.primary');
    button.disabled = true;
    try {
      await post(`/api/plans/${plan.id}/comments`, { text: words.value, position });
      close();
      await fetchThem();
    } catch (problem) {
      toastProblem(problem);
    }
    button.disabled = false;
  }

  return {
    /** Mark the comment of a pin and bring it into sight. @param {number} id */
    mark(id) {
      for (const item of root.querySelectorAll('[data-comment]'))
        item.classList.toggle('chosen', item.dataset.comment === String(id));
      const item = root.querySelector(`[data-comment="${id}"]`);
      if (item?.closest('details')) item.closest('details').open = true;
      item?.scrollIntoView({ block: 'nearest' });
      item?.focus({ preventScroll: true });
    },
  };
}
