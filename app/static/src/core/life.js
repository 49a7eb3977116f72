/**
 * The life of a plan, as pages show it: at which stage it is, and what a person may do with it there. The server
 * refuses by the same rules.
 */

/**
 * @param {{state: string, review: object | null}} plan as the API tells it
 * @returns {'draft' | 'waiting' | 'approved' | 'failed' | 'sent_back' | 'published' | 'retired'}
 */
export function stageOf(plan) {
  if (plan.state !== 'draft') return plan.state;
  const review = plan.review;
  if (!review || review.state === 'withdrawn') return 'draft';
  return review.state === 'approved' && review.failed ? 'failed' : review.state;
}

/** Whether its leaders have it: it is not edited meanwhile. */
export function isSubmitted(plan) {
  return ['waiting', 'approved', 'failed'].includes(stageOf(plan));
}

/**
 * What a person may do with a plan now, in the order of importance; the first is the one to offer most plainly.
 *
 * @param {object} plan as the API tells it
 * @param {{manages: boolean, leads: boolean, alone: boolean, today: string, me: number}} who
 *   manages, leads: whether the person's roles cover the plan's place; alone: whether managers publish without an
 *   approval; today: the day where the place lies; me: id of the person
 * @returns {string[]} of approve, send_back, submit, publish, edit, withdraw, duplicate, discard
 */
export function actsOf(plan, { manages, leads, alone, today, me }) {
  const stage = stageOf(plan);
  const isDue = plan.review?.effective_on && plan.review.effective_on <= today;
  const isOwn = plan.review?.asked_by?.id === me;
  const acts = [];
  if (leads && stage === 'waiting' && !isOwn) acts.push('approve');
  if (leads && isSubmitted(plan)) acts.push('send_back');
  if (!manages) return acts;
  if (['draft', 'sent_back'].includes(stage))
    acts.push('edit', ...(alone ? ['publish', 'submit'] : ['submit']), 'discard');
  if (['approved', 'failed'].includes(stage) && isDue) acts.push('publish');
  if (isSubmitted(plan)) acts.push('withdraw');
  acts.push('duplicate');
  return acts;
}

/** Numbers of comments, from 1 in the order they were made; what is settled keeps its number. */
export function numbered(comments) {
  return comments.map((comment, at) => ({ ...comment, number: at + 1 }));
}

/** The day after a day, as a date field holds it. @param {string} day as in 2026-03-02 */
export function dayAfter(day) {
  const next = new Date(`${day}T12:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}
