/**
 * What all panels of the editor do alike: name grids, ask the server for an offer, do an edit and say what came of it.
 * Panels know the desk and the editor, not each other.
 */
import { sideOf } from '../../core/deviation.js';
import { formats } from '../../core/formats.js';
import { numberOf } from '../../core/labels.js';
import { isCut, linesOf } from '../../core/offers.js';
import { isSpecial } from '../../core/slots.js';
import { post } from '../../frame/api.js';
import { toast } from '../../frame/toast.js';
import { locale, t } from '../../words.js';
import { reasonOf } from '../modes/pieces.js';

export const format = formats(locale);

const AGAIN_MS = 40; // a live region says the same words twice only when they were gone in between
const TOLD_GRIDS = 3;

/**
 * @param {object} editor
 * @param {object} options
 * @param {HTMLElement} options.live `aria-live="polite"`
 * @param {(by: string) => void} options.tint colour the map by it
 * @param {Map<string, string>} options.communities names of communities by code
 * @param {object} options.shown what `makeMap` made
 */
export function makeDesk(editor, { live, tint, communities, shown }) {
  const { row: plan, place } = editor;
  let saying = 0;

  const desk = {
    editor,
    plan,
    place,
    tint,
    communities,
    shown,

    /** Why the map says no, as a sentence. */
    refusalWords: reasonOf,

    /** Say it to those who do not see it. */
    say(words) {
      clearTimeout(saying);
      live.textContent = '';
      saying = setTimeout(() => (live.textContent = words), AGAIN_MS);
    },

    /** Grids as they are now, what is not saved yet among it, in the order of their codes. @returns {object[]} */
    grids: () => [...(editor.plan?.grids() ?? [])].sort((a, b) => (a.code < b.code ? -1 : 1)),

    /** @returns {object | undefined} */
    grid: id => editor.plan?.grid(id),

    /** 'few', 'many' or 'in' of a grid; '' of special ones and where nobody lives. */
    sideOf(grid) {
      if (!grid.households || isSpecial(grid)) return '';
      return sideOf(grid.load ?? grid.households, plan) || 'in';
    },

    /** Ask what an operation would do; nothing is stored. Problems are thrown. */
    async ask(wish, options) {
      await saved(editor);
      return post(`/api/plans/${plan.id}/operations`, { version: editor.version, ...wish }, options);
    },

    /**
     * Do an edit: it counts at once. What came of it is said, with Undo.
     *
     * @param {object} edit as POST edits takes it @param {string} done what to say of it
     * @returns {boolean} whether it was done; why not is said
     */
    perform(edit, done) {
      try {
        editor.perform(edit);
      } catch (refused) {
        if (refused.name !== 'Refused') throw refused;
        desk.tell(reasonOf(refused));
        return false;
      }
      desk.tell(done, { act: () => void editor.undo() });
      return true;
    },

    /** Do an offer whose border is exact: the server cuts the ground. @param {object} offer @param {string} note */
    async drawExactly({ parameters, ...offer }, note) {
      const { polygon, kind, name } = parameters;
      try {
        await editor.drawExactly({ polygon, kind, name, note: note || null });
        desk.tell(desk.outcomeOf(offer), { act: () => void editor.undo() });
      } catch (problem) {
        if (problem.name !== 'Problem') throw problem;
        desk.tell(problem.message);
      }
    },

    /** Cut the ground an offer is about: the server does. @param {object} offer @param {string} note */
    async cutGround({ parameters, ...offer }, note) {
      try {
        await editor.cut({ plots: parameters.plots, line: parameters.line, note: note || null });
        desk.tell(desk.outcomeOf(offer), { act: () => void editor.undo() });
      } catch (problem) {
        if (problem.name !== 'Problem') throw problem;
        desk.tell(problem.message);
      }
    },

    /** Say it to everybody. */
    tell(words, options) {
      toast(words, options);
      desk.say(words);
    },

    /** "Grid 012 now 312 households, in band. 14 households change hands." */
    outcomeOf(offer) {
      if (isCut(offer)) return t('cut-outcome', { plots: offer.cuts, pieces: piecesOf(offer) });
      const told = linesOf(offer, plan)
        .filter(line => line.change !== 0 && !line.isGone)
        .slice(0, TOLD_GRIDS)
        .map(line => nowWords(line.number, line.after, line.sideAfter));
      return [...told, t('editor-hands', { households: offer.households_moved })].join(t('editor-sentences'));
    },
  };
  return desk;
}

/** How many pieces a cut makes. */
function piecesOf({ pieces }) {
  return pieces.reduce((sum, { areas_m2: areas }) => sum + areas.length, 0);
}

/** "Grid 012 now 312 households, in band." @param {string} number or name; '' of a new grid */
export function nowWords(number, households, side) {
  return t('editor-now', { grid: gridWords(number), households: format.count(households), side });
}

/** "Grid 012", or "New grid" where there is no number yet. @param {string} number or name */
export function gridWords(number) {
  return number ? t('grid-title', { number }) : t('editor-new-grid-title');
}

/** Its name, else its number; '' of a new one. */
export function numberIn(grid) {
  return grid.name || numberOf(grid.code ?? '');
}

/** "012", or the name of a special grid. */
export function callOf(grid) {
  return numberIn(grid) || t('editor-new-grid');
}

/** What an attribute of a grid is, in words: a kind, a lock, somebody's name, or as it stands. */
export function valueWords(attribute, value) {
  if (attribute === 'own_lock')
    return t('desk-lock-as', { lock: value === null || value === undefined ? 'place' : String(value) });
  if (attribute === 'kind' && value) return t('editor-kind', { kind: value });
  return String((value && typeof value === 'object' ? value.name : value) ?? t('history-none'));
}

/** "in band", "too few", "too many". */
export function bandWords(households, band) {
  return t('editor-band', { side: sideOf(households, band) || 'in' });
}

/** "+14", "−14", "0". */
export function signed(number) {
  if (number === 0) return '0';
  return `${number > 0 ? '+' : '\u2212'}${format.count(Math.abs(number))}`;
}

/** When nothing is on its way to the server: it works out offers from what it has. */
function saved(editor) {
  if (editor.saving !== 'saving') return Promise.resolve();
  return new Promise(resolve => {
    const stop = editor.on('saving', () => {
      if (editor.saving === 'saving') return;
      stop();
      resolve();
    });
  });
}
