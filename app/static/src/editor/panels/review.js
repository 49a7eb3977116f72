/**
 * The draft as a whole: what it comes to, submitting it to the leaders and what they said, and comments, pinned to the
 * map where they belong.
 */
import { isSubmitted } from '../../core/life.js';
import { numberOf } from '../../core/labels.js';
import { tallyOf } from '../../core/plan_tally.js';
import { get } from '../../frame/api.js';
import { el, fill, icon } from '../../frame/dom.js';
import { toastProblem } from '../../frame/toast.js';
import { makePins } from '../../map/pins.js';
import { makeComments } from '../../panels/comments.js';
import { reviewNotice, stageTag, submitPlan, withdrawPlan } from '../../panels/life.js';
import { histogram } from '../../panels/pieces.js';
import { t } from '../../words.js';
import { format } from './desk.js';

const PIN_ZOOM = 16;

/**
 * @param {HTMLElement} root @param {object} desk
 * @param {object} acts
 * @param {string} acts.today the day where the place lies
 * @param {(plan: object) => void} acts.stands told of the plan with its newest review
 * @param {() => void} acts.show brings this panel up
 */
export function makeReview(root, desk, { today, stands, show }) {
  const { editor, plan, shown } = desk;
  const figures = el('section', { class: 'desk-part' });
  const state = el('section', { class: 'desk-part' });
  const comments = el('section', { class: 'desk-part comments-part' });
  const tag = el('span', {});
  fill(
    root,
    el('div', { class: 'dock-head' }, el('h2', { tabindex: '-1' }, t('editor-review')), tag),
    figures,
    state,
    comments,
  );
  editor.on('plan', drawFigures);
  drawFigures();
  drawState(plan);
  pinComments();

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

  /** @param {object} known the plan as the API tells it now */
  function drawState(known) {
    stands(known);
    fill(tag, stageTag(known));
    const act = isSubmitted(known)
      ? button(icon('undo-2'), t('life-act-withdraw'), () => withdrawPlan(known))
      : known.state === 'draft' &&
        button(
          icon('send'),
          t('life-act-submit'),
          () => submitPlan({ ...known, version: editor.version }),
          true,
        );
    fill(
      state,
      el('h3', {}, t('review-title')),
      reviewNotice(known, today) ?? el('p', { class: 'muted' }, t('review-about')),
      el(
        'div',
        { class: 'buttons' },
        act,
        el('a', { class: 'button', href: `/plans/${plan.id}/review` }, icon('map-pinned'), t('review-open')),
      ),
    );
  }

  function button(symbol, words, act, isPrimary = false) {
    return el(
      'button',
      { type: 'button', class: `button ${isPrimary ? 'primary' : ''}`, onclick: () => void doIt(act) },
      symbol,
      words,
    );
  }

  async function doIt(act) {
    try {
      if (!(await act())) return;
      const known = await get(`/api/plans/${plan.id}`);
      drawState(known);
      desk.say(tag.textContent);
    } catch (problem) {
      toastProblem(problem);
      desk.say(problem.message);
    }
  }

  /* --- comments --- */

  function pinComments() {
    let picked = null;
    const pins = makePins(shown.map, {
      choose: id => {
        show();
        pins.choose(id);
        list.mark(id);
      },
      title: pin => t('life-comment-number', { number: pin.number }),
    });
    shown.map.on('click', ({ lngLat }) => picked?.(lngLat.toArray()));
    const list = makeComments(comments, plan, {
      mayComment: plan.state === 'draft',
      short: numberOf,
      pins: all => pins.show(all.map(one => ({ ...one, settled: Boolean(one.settled_at) }))),
      goTo: comment => {
        pins.choose(comment.id);
        shown.goToPoint(comment.position, { zoom: PIN_ZOOM });
      },
      pick: listener => (picked = listener),
      middle: () => shown.map.getCenter().toArray(),
      setPin: pins.set,
      gridAt: position => desk.grid(editor.plan.gridOf(editor.ground.plotAt(position)?.id))?.code ?? null,
    });
  }
}
