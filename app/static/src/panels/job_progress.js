/**
 * A job in the background, followed as it goes: server-sent events where the server has room for one more
 * follower, asking every two seconds where it has not. The page may be loaded anew at any time.
 */
import { formats } from '../core/formats.js';
import { timeLeft } from '../core/time_left.js';
import { get, post } from '../frame/api.js';
import { el, icon } from '../frame/dom.js';
import { toastProblem } from '../frame/toast.js';
import { locale, t } from '../words.js';

const ASK_MS = 2000;
const format = formats(locale);

/** Whether a job still waits or runs. */
export const isAtWork = job => job?.state === 'queued' || job?.state === 'running';

/**
 * Follow a job until it ends.
 *
 * @param {object} job as the API tells it
 * @param {(job: object) => void} changed told of every change, the last time when it has ended
 * @returns {() => void} stops following
 */
export function followJob(job, changed) {
  let over = false;
  let timer = 0;
  const address = `/api/jobs/${job.id}`;
  const stream = new EventSource(`${address}/events`);
  const stop = () => {
    over = true;
    stream.close();
    clearTimeout(timer);
  };
  const hear = said => {
    if (over) return;
    if (!isAtWork(said)) stop();
    changed(said);
  };
  const ask = async () => {
    try {
      hear(await get(address));
    } catch (problem) {
      if (!problem.passing) {
        stop();
        toastProblem(problem);
      }
    }
    if (!over) timer = setTimeout(ask, ASK_MS);
  };
  stream.addEventListener('job', event => hear(JSON.parse(event.data)));
  stream.addEventListener('error', () => {
    if (over || timer) return;
    stream.close();
    void ask();
  });
  return stop;
}

/**
 * How far a job is: step, share, time left, and Cancel.
 *
 * @param {object} job
 * @param {{ended: (job: object) => void, title: string}} options
 * @returns {HTMLElement}
 */
export function jobProgress(job, { ended, title }) {
  const bar = el('progress', { max: 1, value: job.share, 'aria-label': title });
  const step = el('span', { class: 'job-step' });
  const left = el('span', { class: 'job-left' });
  const cancel = el(
    'button',
    { type: 'button', class: 'button', onclick: stopIt },
    icon('circle-x'),
    t('work-cancel'),
  );
  const leftOf = timeLeft();
  const piece = el(
    'div',
    { class: 'panel job', role: 'group', 'aria-label': title },
    el('div', { class: 'panel-head' }, el('h2', {}, title), el('div', { class: 'actions' }, cancel)),
    el(
      'div',
      { class: 'panel-body' },
      el('div', { class: 'progress' }, bar, el('div', { class: 'progress-line' }, step, left)),
      el('p', { class: 'hint' }, t('work-leave-page')),
    ),
  );

  async function stopIt() {
    cancel.disabled = true;
    try {
      await post(`/api/jobs/${job.id}/cancellation`);
    } catch (problem) {
      cancel.disabled = false;
      if (problem.code !== 'job_over') toastProblem(problem);
    }
  }

  function show(said) {
    if (said.state === 'queued') {
      bar.removeAttribute('value');
      step.textContent = t('work-waiting');
      left.textContent = '';
      return;
    }
    bar.value = said.share;
    step.textContent = `${t('work-step', { step: said.step ?? 'starting' })} · ${format.percent(said.share)}`;
    const seconds = leftOf(said.share, performance.now() / 1000);
    left.textContent =
      seconds === null
        ? ''
        : seconds < 60
          ? t('work-left-seconds', { n: Math.max(1, Math.round(seconds)) })
          : t('work-left-minutes', { n: Math.round(seconds / 60) });
  }

  show(job);
  followJob(job, said => {
    show(said);
    if (!isAtWork(said)) ended(said);
  });
  return piece;
}
