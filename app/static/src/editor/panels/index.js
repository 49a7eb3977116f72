/**
 * The panels around the map of the editor, put together: grids, problems, history and the draft as a whole in the dock;
 * the card over the map; what is said in the head; dialogs.
 */
import { get } from '../../frame/api.js';
import { el } from '../../frame/dom.js';
import { toastProblem } from '../../frame/toast.js';
import { nameOf } from '../../panels/names.js';
import { t } from '../../words.js';
import { makeAssign } from './assign.js';
import { makeCard } from './card.js';
import { makeColourBy } from './colour_by.js';
import { makeConflict } from './conflict.js';
import { makeDesk } from './desk.js';
import { makeFind } from './find.js';
import { makeGridDesk } from './grid_desk.js';
import { makeHelp } from './help.js';
import { makeHistory } from './history.js';
import { makeLocks } from './locks.js';
import { makeProblems } from './problems.js';
import { makeReview } from './review.js';
import { makeStanding } from './standing.js';
import { makeMenu, showPeople } from './state_line.js';
import { makeTabs } from './tabs.js';

const find = selector => document.querySelector(selector);

/**
 * @param {object} editor that has its plan
 * @param {object} options
 * @param {(by: string) => void} options.tint colour the map by it
 * @param {object[]} options.places as the API tells them
 * @param {object} options.shown what `makeMap` made @param {string} options.today the day where the place lies
 */
export function makePanels(editor, { tint, places, shown, today }) {
  const communities = new Map(places.map(place => [place.code, nameOf(place)]));
  const desk = makeDesk(editor, { live: find('#said'), tint, communities, shown });
  void fetchStaff(editor);
  const tabs = makeTabs(find('#tabs'), name => turnTo(name));
  const side = find('#side');
  const locks = makeLocks(desk);
  const assign = makeAssign(desk);
  const help = makeHelp();
  const openGrid = id => {
    tabs.choose('list');
    grids.open(id);
  };
  const grids = makeGridDesk(find('#list'), desk, { assign, locks });
  const problems = makeProblems(find('#problems'), desk, {
    counted: n => tabs.count('problems', n, t('problems-title', { n })),
    assign,
    openGrid,
  });
  const history = makeHistory(find('#history'), desk);
  const notice = el('div', { class: 'notice warn standing', role: 'status', hidden: true });
  find('#tabs').after(notice);
  const openReview = () => tabs.choose('review');
  makeReview(find('#review'), desk, {
    today,
    stands: makeStanding(notice, { openReview }),
    show: openReview,
  });
  makeCard(find('#stage').appendChild(el('div', { class: 'edit-card', hidden: true })), desk, {
    open: openGrid,
  });
  makeColourBy(find('.legend-card'), desk, find('#colour'));
  makeConflict(desk);
  makeMenu(find('#menu'), desk, { help, locks });
  showPeople(find('#people'), editor);
  editor.on('refused', ({ problem }) => desk.say(problem.message)); // the page shows it

  /** What was being looked at elsewhere is shown on the map no longer; on a phone the sheet comes up. */
  function turnTo(name) {
    if (side.dataset.stop === 'peek') side.dataset.stop = 'half';
    for (const [panel, { leave }] of Object.entries({ list: grids, problems, history }))
      if (panel !== name) leave();
  }

  const ofChosen = act => () => {
    const [id] = editor.selection.grids;
    if (id === undefined) return desk.tell(t('editor-choose-first'));
    act(id);
  };
  const wishes = {
    help,
    find: makeFind(desk, { openGrid }),
    assign: ofChosen(assign),
    'problem-next': () => {
      tabs.choose('problems');
      problems.next();
    },
    'problem-previous': () => {
      tabs.choose('problems');
      problems.previous();
    },
  };
  editor.on('wish', name => wishes[name]?.());
}

/** Who could answer for grids; without them the panels say less. */
async function fetchStaff(editor) {
  try {
    const { coordinators } = await get(`/api/places/${editor.place.code}/coordinators`);
    editor.knowStaff(coordinators);
  } catch (problem) {
    toastProblem(problem);
  }
}
