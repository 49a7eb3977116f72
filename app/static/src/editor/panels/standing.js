/** Why a plan cannot be changed just now, and what to do about it: it is no draft, or its leaders look at it. */
import { isSubmitted, stageOf } from '../../core/life.js';
import { el, fill, icon } from '../../frame/dom.js';
import { toastProblem } from '../../frame/toast.js';
import { duplicatePlan } from '../../panels/life.js';
import { t } from '../../words.js';

/**
 * @param {HTMLElement} root above all panels
 * @param {{openReview: () => void}} acts
 * @returns {(plan: object) => void} told of the plan as it is now
 */
export function makeStanding(root, { openReview }) {
  function show(plan) {
    root.hidden = plan.state === 'draft' && !isSubmitted(plan);
    if (root.hidden) return fill(root);
    if (plan.state === 'draft')
      return draw(t('standing-submitted', { stage: stageOf(plan) }), t('editor-review'), openReview);
    draw(t('standing-no-draft', { state: plan.state }), t('standing-copy'), () => void copy(plan));
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

  async function copy(plan) {
    try {
      const made = await duplicatePlan(plan);
      location.assign(`/plans/${made.plan}/edit`);
    } catch (problem) {
      toastProblem(problem);
    }
  }

  return show;
}
