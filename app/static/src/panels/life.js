/** What pages about plans share of their life: the stage as a word, what came of a review, and every act. */
import { isSubmitted, stageOf } from '../core/life.js';
import { formats } from '../core/formats.js';
import { post, send } from '../frame/api.js';
import { el, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';
import { titleOf } from './names.js';

const format = formats(locale);
const LONGEST_NOTE = 2000;
const KINDS = {
  draft: 'draft',
  waiting: 'many',
  approved: 'good',
  failed: 'warn',
  sent_back: 'warn',
  published: 'in-force',
  retired: 'retired',
};

/** The stage of a plan, always as a word. */
export function stageTag(plan) {
  const stage = stageOf(plan);
  return el('span', { class: `tag ${KINDS[stage]}` }, t('life-stage', { stage }));
}

/** "Draft A", or only that it is one. */
export function draftName(plan) {
  return plan.slot
    ? `${t('life-slot', { slot: plan.slot })} · ${titleOf(plan)}`
    : `${t('life-draft-besides')} · ${titleOf(plan)}`;
}

/**
 * What came of the newest review, with what was said; null where there is nothing to tell.
 *
 * @param {object} plan @param {string} today the day where the place lies
 */
export function reviewNotice(plan, today) {
  const { review } = plan;
  const stage = stageOf(plan);
  if (!review || !['waiting', 'approved', 'failed', 'sent_back'].includes(stage)) return null;
  const said = {
    waiting: () => [t('life-waiting', { when: dayOf(review.asked_at), by: nameOf(review.asked_by) })],
    approved: () => [
      t(review.effective_on <= today ? 'life-approved-due' : 'life-approved', {
        by: nameOf(review.decided_by),
        day: format.date(review.effective_on),
      }),
    ],
    sent_back: () => [t('life-sent-back', { when: dayOf(review.decided_at), by: nameOf(review.decided_by) })],
    failed: () => [
      `${t('life-failed', { day: format.date(review.effective_on) })}. `,
      `${review.failed.detail} `,
      t('life-failed-remedy'),
    ],
  }[stage]();
  const note = stage === 'waiting' ? review.asked_note : review.note;
  const pictures = {
    waiting: () => icon('hourglass'),
    approved: () => icon('calendar-check'),
    sent_back: () => icon('undo-2'),
    failed: () => icon('triangle-alert'),
  };
  const kind = { waiting: '', approved: 'good', sent_back: 'warn', failed: 'danger' }[stage];
  return el(
    'div',
    { class: `notice ${kind}` },
    pictures[stage](),
    el('div', {}, el('p', {}, ...said), note && el('p', { class: 'said' }, t('life-note', { note }))),
  );
}

/** Name of a person of a review or comment. */
export function nameOf(person) {
  return person?.name ?? t('life-somebody');
}

function dayOf(moment) {
  return format.dateShort(moment);
}

/* --- acts; each answers whether it was done, problems are thrown --------------------------------- */

const meant = plan => ({ headers: { 'If-Match': `"${plan.version}"` } });

/** Ask for a note, then submit. */
export async function submitPlan(plan) {
  const said = await asked({
    title: t('life-submit-title', { name: titleOf(plan) }),
    about: t('life-submit-about'),
    note: t('life-submit-note'),
    yes: t('life-act-submit'),
  });
  if (!said) return false;
  await post(`/api/plans/${plan.id}/submission`, { note: said.note || null }, meant(plan));
  return true;
}

export async function withdrawPlan(plan) {
  const said = await asked({
    title: t('life-withdraw-title', { name: titleOf(plan) }),
    about: t('life-withdraw-about'),
    yes: t('life-act-withdraw'),
  });
  if (!said) return false;
  await send('DELETE', `/api/plans/${plan.id}/submission`);
  return true;
}

export async function discardPlan(plan) {
  const said = await asked({
    title: t('life-discard-title', { name: titleOf(plan) }),
    about: t('life-discard-about'),
    yes: t('life-act-discard'),
  });
  if (!said) return false;
  await post(`/api/plans/${plan.id}/retirement`, undefined, meant(plan));
  return true;
}

/** @returns {Promise<{plan: number, version: number, slot: string | null}>} the copy */
export function duplicatePlan(plan) {
  return post(`/api/plans/${plan.id}/duplicate`, { slot: null });
}

export function approvePlan(plan, { day, note }) {
  return post(
    `/api/plans/${plan.id}/review/approval`,
    { effective_on: day, note: note || null },
    meant(plan),
  );
}

export function sendBack(plan, note) {
  return post(`/api/plans/${plan.id}/review/return`, { note });
}

/** Whether its leaders have it. */
export { isSubmitted };

/**
 * A question before something is done. @param {{title: string, about: string, yes: string, note?: string}} words
 * @returns {Promise<{note: string} | null>} null where it is not to be done
 */
function asked({ title, about, yes, note }) {
  const field = note && el('textarea', { id: 'asked-note', rows: 3, maxlength: LONGEST_NOTE });
  const dialog = el(
    'dialog',
    { class: 'dialog asked', 'aria-labelledby': 'asked' },
    el('h2', { id: 'asked' }, title),
    el('p', {}, about),
    el(
      'form',
      { method: 'dialog', class: 'form' },
      field && el('div', { class: 'field' }, el('label', { for: 'asked-note' }, note), field),
      el(
        'div',
        { class: 'buttons' },
        el('button', { class: 'button', value: '' }, t('life-not')),
        el('button', { class: 'button primary', value: 'yes' }, yes),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve =>
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes' ? { note: field?.value.trim() ?? '' } : null);
    }),
  );
}
