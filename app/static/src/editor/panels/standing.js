/** Why a plan cannot be changed just now, and what to do about it: it is no draft, or its leaders look at it. */
import { post } from '../../frame/api.js';
import { el, fill, icon } from '../../frame/dom.js';
import { toastProblem } from '../../frame/toast.js';
import { t } from '../../words.js';

/**
 * @param {HTMLElement} root above all panels
 * @param {object} desk
 * @param {{openReview: () => void}} acts
 * @returns {(review: object | null) => void} told of the newest review
 */
export function makeStanding(root, desk, { openReview }) {
  const { plan } = desk;

  function show(review) {
    root.hidden = plan.state === 'draft' && !['waiting', 'approved'].includes(review?.state);
    if (root.hidden) return fill(root);
    if (plan.state === 'draft')
      return draw(t('standing-submitted', { state: review.state }), t('editor-review'), openReview);
    draw(t('standing-no-draft', { state: plan.state }), t('standing-copy'), () => void copy());
  }

  function draw(words, label, act) {
    fill(
      root,
      icon('lock'),
      el(
        'div',
        {},
        el('p', {}, words),
        el('button', { type: 'button', class: 'button', onclick: act }, label),
      ),
    );
  }

  async function copy() {
    try {
      const made = await post(`/api/plans/${plan.id}/duplicate`, { slot: null });
      location.assign(`/plans/${made.plan}/edit`);
    } catch (problem) {
      toastProblem(problem);
    }
  }

  show(plan.review ?? null);
  return show;
}
