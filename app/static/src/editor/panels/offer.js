/**
 * An offer: figures before and after beside the legal range, why it cannot be had if so, a note, Accept and Cancel.
 * While it is shown the map shows it as hatches.
 */
import { editOf, isAcceptable, isCut, linesOf } from '../../core/offers.js';
import { el, icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { loadBar } from '../../panels/pieces.js';
import { format, signed } from './desk.js';

const NOTE_LENGTH = 500;

/**
 * @param {object} desk
 * @param {object} offer as POST operations answers
 * @param {object} acts
 * @param {string} acts.title what it is about
 * @param {() => void} acts.accepted @param {() => void} acts.cancelled
 * @param {boolean} [acts.noted] whether a note may be written
 * @returns {HTMLElement} whose heading takes the focus
 */
export function offerPiece(desk, offer, { title, accepted, cancelled, noted = true }) {
  const { editor, plan } = desk;
  const note = el('input', {
    type: 'text',
    maxlength: NOTE_LENGTH,
    autocomplete: 'off',
    placeholder: t('editor-note-about'),
    'aria-label': t('editor-note'),
  });
  const accept = el(
    'button',
    { type: 'submit', class: 'button primary', disabled: !isAcceptable(offer) },
    icon('check'),
    t('editor-accept'),
  );

  function take(event) {
    event.preventDefault();
    if (!isAcceptable(offer)) return;
    editor.preview(null);
    if (isCut(offer)) return void desk.cutGround(offer, note.value.trim());
    if (offer.parameters?.exact) return void desk.drawExactly(offer, note.value.trim());
    desk.perform(editOf(offer, note.value.trim()), desk.outcomeOf(offer));
  }

  /** Done here, or by Enter on the map. */
  const stop = editor.on('performed', () => {
    stop();
    editor.outline(null);
    if (piece.isConnected) accepted();
  });

  function leave() {
    stop();
    editor.preview(null);
    editor.outline(null);
    cancelled();
  }

  const piece = el(
    'form',
    {
      class: 'offer',
      'aria-label': title,
      onsubmit: take,
      onkeydown: event => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        leave();
      },
    },
    el('h3', { class: 'offer-title', tabindex: '-1' }, title),
    offer.refusal
      ? refusalPiece(offer.refusal)
      : isCut(offer)
        ? piecesTable(offer.pieces)
        : figuresTable(linesOf(offer, plan), plan),
    !offer.refusal && !isCut(offer) && handsPiece(offer),
    offer.cuts > 0 && !isCut(offer) && el('p', { class: 'hint' }, t('editor-cuts', { n: offer.cuts })),
    noted && isAcceptable(offer) && note,
    el(
      'div',
      { class: 'buttons' },
      isAcceptable(offer) && accept,
      el('button', { type: 'button', class: 'button', onclick: leave }, t('editor-cancel')),
    ),
  );
  showOnMap(editor, offer, piece);
  return piece;
}

/** Who changes hands, in a line. */
export function handsPiece({ households_moved: households, people_moved: people }) {
  return el(
    'p',
    { class: 'hands-line' },
    icon('arrow-left-right', 'icon small'),
    el('span', {}, t('editor-hands', { households })),
    people === null || people === undefined
      ? null
      : el('span', { class: 'muted' }, t('editor-hands-people', { people })),
  );
}

/** Why the server says no, in its words. */
export function refusalPiece({ detail, code }) {
  return el(
    'p',
    { class: 'notice danger', role: 'alert', 'data-code': code },
    icon('ban'),
    el('span', {}, detail || t('frame-refused')),
  );
}

/** Before and after of each grid, with its load bar: the dashes are how it was. */
function figuresTable(lines, band) {
  return el(
    'table',
    { class: 'table offer-table' },
    el(
      'caption',
      { class: 'muted small' },
      t('editor-range', { least: format.count(band.least), most: format.count(band.most) }),
    ),
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        el('th', { scope: 'col' }, t('editor-grid')),
        el('th', { scope: 'col', class: 'number' }, t('editor-before')),
        el('th', { scope: 'col', class: 'number' }, t('editor-after')),
        el('th', { scope: 'col', class: 'offer-bar' }, el('span', { class: 'spoken' }, t('editor-in-band'))),
      ),
    ),
    el('tbody', {}, ...lines.map(line => rowOf(line, band))),
  );
}

/** What becomes of each plot that is cut. */
function piecesTable(pieces) {
  return el(
    'table',
    { class: 'table offer-table' },
    el(
      'thead',
      {},
      el('tr', {}, el('th', { scope: 'col' }, t('cut-ground')), el('th', { scope: 'col' }, t('cut-into'))),
    ),
    el(
      'tbody',
      {},
      ...pieces.map(({ areas_m2: areas }) =>
        el(
          'tr',
          {},
          el(
            'th',
            { scope: 'row', class: 'number' },
            format.area(areas.reduce((sum, area) => sum + area, 0)),
          ),
          el('td', { class: 'number' }, areas.map(format.area).join(' + ')),
        ),
      ),
    ),
  );
}

function rowOf(line, band) {
  const side = line.isGone ? 'gone' : line.sideAfter;
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, line.number || t('editor-new-grid')),
    el('td', { class: `number ${line.sideBefore}` }, line.isNew ? '–' : format.count(line.before)),
    el(
      'td',
      { class: `number ${line.sideAfter}` },
      el('strong', {}, format.count(line.after)),
      el('small', { class: 'muted' }, signed(line.change)),
    ),
    el(
      'td',
      { class: 'offer-bar' },
      loadBar({
        households: line.after,
        before: line.isNew ? undefined : line.before,
        least: band.least,
        most: band.most,
      }),
      side && el('span', { class: `tag ${tagOf(side)}` }, t('editor-band', { side })),
    ),
  );
}

function tagOf(side) {
  return { in: 'good', gone: '' }[side] ?? side;
}

/** The map shows the offer once it has the ground of its grids; the server has judged it already. */
function showOnMap(editor, offer, piece) {
  editor.preview(null);
  if (!isAcceptable(offer)) return;
  if (offer.outline) {
    editor.outline(offer.outline);
    return editor.goTo(boxOf(offer.outline));
  }
  const edit = editOf(offer);
  const grids = [...new Set(Object.values(edit.moves).map(([from]) => from))];
  void editor.need(grids).then(() => {
    if (piece.isConnected) editor.preview(edit, { refusal: null, forbidden: [] });
  });
}

/** West, south, east, north of lines, of a polygon, or of several. */
export function boxOf({ type, coordinates }) {
  const corners = (type === 'MultiPolygon' ? coordinates.flat() : coordinates).flat();
  const [lons, lats] = [0, 1].map(axis => corners.map(corner => corner[axis]));
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
