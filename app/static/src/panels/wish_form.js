/**
 * What is wished of a split, in sections that open: size, what counts, lines, what is fixed, micro-grids, more.
 * The wish is one frozen value; every change makes another and tells whoever listens.
 */
import { formats } from '../core/formats.js';
import { areaOf, cornersOf } from '../core/polygon.js';
import {
  BANDS,
  LINES,
  SPECIALS,
  USUAL,
  WAYS,
  WEIGHTS,
  bandAround,
  bandNamed,
  bandOf,
  faultOfWish,
  gridsExpected,
  weightsNamed,
} from '../core/wishes.js';
import { el, fill, icon, svg } from '../frame/dom.js';
import { locale, t } from '../words.js';
import { nameOf } from './names.js';

const format = formats(locale);
const MICRO = { least: 50, most: 80 };
const MOST = 100_000;

/**
 * @param {HTMLElement} root
 * @param {object} acts
 * @param {(wish: object) => void} acts.changed
 * @param {() => void} acts.start split now
 * @param {(mode: 'seed' | 'special') => void} acts.draw on the map
 * @param {(lock: object) => void} acts.unlock
 * @param {(building: number) => void} acts.mark let a building be divided by its entrances
 * @param {(mark: object) => void} acts.unmark
 * @param {(box: object) => void} acts.look at something fixed: a grid's lock, a seed, a special grid
 */
export function makeWishForm(root, { changed, start, draw, unlock, mark, unmark, look }) {
  let wish = USUAL,
    about = {
      households: 0,
      grids: [],
      locks: { grids: [], buildings: [] },
      marks: { marks: [], unmarked: [], known: 0 },
      slot: 'A',
      draft: null,
      busy: false,
    };
  const errors = {};
  const summaries = {};

  const set = more => {
    wish = Object.freeze({ ...wish, ...more });
    said();
    tell();
    changed(wish);
  };

  /* --- pieces of a form --- */

  const number = (id, { value, min = 1, max = MOST, put }) =>
    el('input', {
      id,
      type: 'number',
      inputmode: 'numeric',
      min,
      max,
      step: 1,
      value,
      oninput: ({ target }) => put(target.value === '' ? null : Number(target.value)),
    });
  const field = (input, label, hint) =>
    el(
      'div',
      { class: 'field' },
      el('label', { for: input.id }, label),
      input,
      hint && el('p', { class: 'hint' }, hint),
    );
  const toggle = (id, words, hint, put) => {
    const input = el('input', { id, type: 'checkbox', onchange: () => put(input.checked) });
    return {
      input,
      element: el(
        'label',
        { class: 'choice', for: id },
        input,
        el('span', {}, words, hint && el('span', { class: 'hint block' }, hint)),
      ),
    };
  };
  const error = name =>
    (errors[name] = el('p', { class: 'error', id: `error-${name}`, role: 'alert', hidden: true }));
  const section = (name, symbol, title, open, ...children) => {
    summaries[name] = el('span', { class: 'section-now' });
    return el(
      'details',
      { class: 'section', id: `section-${name}`, open },
      el('summary', {}, symbol, el('h2', {}, title), summaries[name], icon('chevron-down', 'icon small')),
      el('div', { class: 'section-body' }, ...children),
    );
  };

  /* --- size --- */

  const sizes = [...BANDS.map(band => band.name), 'own', 'coordinators'];
  const sizeWords = name => {
    const band = BANDS.find(one => one.name === name);
    return band ? t('split-band', band) : t('studio-size', { size: name });
  };
  let isOwn = false; // the three numbers are typed, even where they are those of a preset
  const chips = sizes.map(name =>
    el(
      'button',
      { type: 'button', class: 'chip', 'data-size': name, onclick: () => chooseSize(name) },
      sizeWords(name),
    ),
  );
  const numbers = {
    target: number('target', { min: 2, put: target => typed('target', target) }),
    least: number('least', { put: least => typed('least', least) }),
    most: number('most', { min: 2, max: 2 * MOST, put: most => typed('most', most) }),
  };
  const triple = el(
    'div',
    { class: 'fields' },
    field(numbers.target, t('split-target')),
    field(numbers.least, t('split-least')),
    field(numbers.most, t('split-most')),
  );
  const coordinators = number('coordinators', { put: n => set({ coordinators: n }) });
  const share = el('p', { class: 'hint' });
  const byPeople = el('div', {}, field(coordinators, t('studio-coordinators')), share);
  const gauge = el('figure', { class: 'gauge' });
  let followsTarget = true; // the band goes with the target by ten per cent until it is typed itself

  function chooseSize(name) {
    isOwn = name === 'own';
    if (name === 'coordinators')
      set({ size: name, coordinators: wish.coordinators ?? gridsExpected(wish, about.households) });
    else if (name === 'own') set({ size: 'numbers', ...bandOf(wish, about.households) });
    else {
      const { target, least, most } = BANDS.find(band => band.name === name);
      set({ size: 'numbers', target, least, most });
    }
    write();
    (isOwn ? numbers.target : name === 'coordinators' ? coordinators : null)?.focus();
  }

  function typed(name, value) {
    if (name !== 'target') followsTarget = false;
    if (name === 'target' && followsTarget && value >= 2) {
      set(bandAround(value));
      write();
    } else set({ [name]: value });
  }

  /* --- what counts --- */

  const named = el(
    'select',
    { id: 'weights-named', onchange: () => chooseWeights(named.value) },
    ...[...Object.keys(WEIGHTS), 'own'].map(name =>
      el('option', { value: name }, t('studio-weights', { name })),
    ),
  );
  const formula = el('textarea', {
    id: 'weights',
    rows: 2,
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    maxlength: 200,
    'aria-describedby': 'weights-about error-weights',
    oninput: () => set({ weights: formula.value }),
  });
  let hasOwnFormula = false;
  const formulaField = el(
    'div',
    { class: 'field' },
    el('label', { for: 'weights' }, t('studio-formula')),
    formula,
    error('weights'),
    el('p', { class: 'hint', id: 'weights-about' }, t('studio-formula-about')),
  );
  const unit = el('p', { class: 'hint' });

  function chooseWeights(name) {
    hasOwnFormula = name === 'own';
    set({ weights: hasOwnFormula ? (wish.weights ?? 'households') : WEIGHTS[name] });
    write();
    if (hasOwnFormula) formula.focus();
  }

  /* --- lines --- */

  const lines = Object.fromEntries(
    LINES.map(line => [
      line,
      el(
        'select',
        { id: `line-${line}`, onchange: ({ target }) => chooseLine(line, target.value) },
        ...['usual', ...WAYS].map(way => el('option', { value: way }, t('studio-way', { way }))),
      ),
    ]),
  );

  const compounds = toggle('compounds', t('studio-compounds'), null, on => set({ compounds: on }));

  function chooseLine(line, way) {
    const { [line]: former, ...others } = wish.lines;
    set({ lines: Object.freeze(way === 'usual' ? others : { ...others, [line]: way }) });
  }

  /* --- what is fixed --- */

  const locked = toggle('locked', t('studio-locked'), t('studio-locked-about'), on => set({ locked: on }));
  const kept = toggle('keep-special', t('studio-keep-special'), null, on => set({ keepSpecial: on }));
  const fixed = el('div', { class: 'fixed' });
  const drawing = mode =>
    el(
      'button',
      { type: 'button', class: 'button', onclick: () => draw(mode) },
      mode === 'seed' ? icon('map-pin') : icon('pentagon'),
      t(mode === 'seed' ? 'studio-seed-set' : 'studio-special-draw'),
    );

  const row = (symbol, words, { to, remove, label, more }) =>
    el(
      'li',
      {},
      el(
        'div',
        { class: 'fixed-row' },
        to
          ? el('button', { type: 'button', class: 'fixed-name', onclick: to }, symbol, el('span', {}, words))
          : el('span', { class: 'fixed-name' }, symbol, el('span', {}, words)),
        el(
          'button',
          {
            type: 'button',
            class: 'button quiet icon-only',
            'aria-label': label,
            title: label,
            onclick: remove,
          },
          icon('x'),
        ),
      ),
      more,
    );

  let fixedNow = ''; // what the list shows: names typed into it do not draw it anew

  function drawFixed() {
    const { locks } = about;
    const next = JSON.stringify([locks, wish.seeds, wish.special.map(one => one.polygon)]);
    if (next === fixedNow) return;
    fixedNow = next;
    const without = (list, at) => Object.freeze(list.filter((_, n) => n !== at));
    const rows = [
      ...locks.grids.map(lock =>
        row(icon('lock'), t('grid-title', { number: lock.title }), {
          to: lock.bbox && (() => look({ bbox: lock.bbox })),
          remove: () => unlock(lock),
          label: t('studio-unlock', { name: t('grid-title', { number: lock.title }) }),
        }),
      ),
      ...locks.buildings.map(lock =>
        row(icon('lock'), lock.title, {
          remove: () => unlock(lock),
          label: t('studio-unlock', { name: lock.title }),
        }),
      ),
      ...wish.seeds.map((point, at) =>
        row(icon('map-pin'), t('studio-seed-number', { n: at + 1 }), {
          to: () => look({ point }),
          remove: () => set({ seeds: without(wish.seeds, at) }),
          label: t('studio-remove', { name: t('studio-seed-number', { n: at + 1 }) }),
        }),
      ),
      ...wish.special.map((one, at) =>
        row(
          icon('pentagon'),
          `${t('studio-special-number', { n: at + 1 })} · ${format.area(areaOf(cornersOf(one.polygon)))}`,
          {
            to: () => look({ polygon: one.polygon }),
            remove: () => set({ special: without(wish.special, at) }),
            label: t('studio-remove', { name: t('studio-special-number', { n: at + 1 }) }),
            more: specialFields(one, at),
          },
        ),
      ),
    ];
    fill(
      fixed,
      rows.length
        ? el('ul', { class: 'fixed-list' }, ...rows)
        : el('p', { class: 'hint' }, t('studio-fixed-none')),
    );
  }

  /* --- large buildings --- */

  const byEntrance = toggle('entrances', t('entrances-divide'), t('entrances-divide-about'), on =>
    set({ entrances: on }),
  );
  const marked = el('div', { class: 'marked' });
  let markedNow = '';

  /** A marked building, or one to be marked: its name, households and known entrances. */
  const aboutBuilding = one =>
    t('entrances-building', {
      name: nameOf(one.building) || one.building.code,
      households: one.households,
      n: one.entrances,
    });

  function drawMarked() {
    const { marks, unmarked, known } = about.marks;
    const next = JSON.stringify([marks, unmarked]);
    if (next === markedNow) return;
    markedNow = next;
    const choose = el(
      'select',
      { id: 'entrances-mark', onchange: ({ target }) => target.value && mark(Number(target.value)) },
      el('option', { value: '' }, t('entrances-choose')),
      ...unmarked.map(one => el('option', { value: one.building.id }, aboutBuilding(one))),
    );
    fill(
      marked,
      marks.length > 0 &&
        el(
          'ul',
          { class: 'fixed-list' },
          ...marks.map(one =>
            row(icon('door-open'), aboutBuilding(one), {
              remove: () => unmark(one),
              label: t('entrances-unmark', { name: nameOf(one.building) || one.building.code }),
            }),
          ),
        ),
      known
        ? unmarked.length > 0 && field(choose, t('entrances-mark-one'))
        : el('p', { class: 'hint' }, t('entrances-none-known')),
    );
  }

  function specialFields(one, at) {
    const put = more =>
      set({
        special: Object.freeze(wish.special.map((each, n) => (n === at ? { ...each, ...more } : each))),
      });
    return el(
      'div',
      { class: 'fixed-fields' },
      el(
        'select',
        { 'aria-label': t('studio-special-kind'), onchange: ({ target }) => put({ kind: target.value }) },
        ...SPECIALS.map(kind =>
          el('option', { value: kind, selected: kind === one.kind }, t('grid-kind', { kind })),
        ),
      ),
      el('input', {
        type: 'text',
        id: `special-${at}`,
        maxlength: 80,
        value: one.name,
        placeholder: t('studio-special-name'),
        'aria-label': t('studio-special-name'),
        required: true,
        onchange: ({ target }) => {
          target.value = target.value.trim() || one.name;
          put({ name: target.value });
        },
      }),
    );
  }

  /* --- micro-grids, more --- */

  const micro = toggle('micro', t('studio-micro-make'), null, on => {
    set({ micro: on ? MICRO : null });
    write();
  });
  const microNumbers = {
    least: number('micro-least', { put: least => set({ micro: { ...wish.micro, least } }) }),
    most: number('micro-most', { min: 2, put: most => set({ micro: { ...wish.micro, most } }) }),
  };
  const microFields = el(
    'div',
    { class: 'fields' },
    field(microNumbers.least, t('split-least')),
    field(microNumbers.most, t('split-most')),
  );
  const seed = number('seed', { min: 0, max: 2 ** 31 - 1, put: n => set({ seed: n }) });

  /* --- the whole --- */

  const expected = el('p', { class: 'expected', 'aria-live': 'polite' });
  const now = el('p', { class: 'hint' });
  const refused = el('div', { role: 'alert' });
  const button = el('button', { class: 'button primary', id: 'start' });
  const form = el(
    'form',
    { class: 'wish-form', novalidate: true, onsubmit: submit },
    el(
      'div',
      { class: 'wish-sections' },
      section(
        'size',
        icon('ruler'),
        t('studio-section-size'),
        true,
        el('div', { class: 'chips', role: 'group', 'aria-label': t('split-band-title') }, ...chips),
        triple,
        byPeople,
        error('band'),
        gauge,
      ),
      section(
        'weights',
        icon('weight'),
        t('studio-section-weights'),
        false,
        el(
          'div',
          { class: 'field' },
          el('label', { for: 'weights-named' }, t('studio-weights-label')),
          named,
        ),
        formulaField,
        unit,
      ),
      section(
        'lines',
        icon('route'),
        t('studio-section-lines'),
        false,
        el('p', { class: 'hint' }, t('studio-lines-about')),
        el(
          'ul',
          { class: 'lines' },
          ...LINES.map(line =>
            el(
              'li',
              {},
              lineSample(line),
              el('label', { for: `line-${line}` }, t('studio-line', { line })),
              lines[line],
            ),
          ),
        ),
        compounds.element,
        error('lines'),
      ),
      section(
        'fixed',
        icon('lock'),
        t('studio-section-fixed'),
        false,
        fixed,
        el('div', { class: 'buttons' }, drawing('seed'), drawing('special')),
        error('fixed'),
        locked.element,
        kept.element,
      ),
      section(
        'entrances',
        icon('building-2'),
        t('entrances-section'),
        false,
        el('p', { class: 'hint' }, t('entrances-about')),
        marked,
        byEntrance.element,
      ),
      section(
        'micro',
        icon('grid-3x3'),
        t('studio-section-micro'),
        false,
        el('p', { class: 'hint' }, t('studio-micro-about')),
        micro.element,
        microFields,
        error('micro'),
      ),
      section(
        'more',
        icon('settings-2'),
        t('split-more'),
        false,
        field(seed, t('split-seed'), t('split-seed-about')),
        error('seed'),
      ),
    ),
    el('div', { class: 'wish-foot' }, refused, expected, el('div', { class: 'buttons' }, button), now),
  );
  write();

  function submit(event) {
    event.preventDefault();
    said();
    const fault = faultOfWish(wish);
    if (fault) return complain(fault.field, t('studio-fault', { fault: fault.code }));
    start();
  }

  /** Say what is wrong beside the field concerned, or above the button where none is. */
  function complain(name, words) {
    const place = name === 'coordinators' ? 'band' : name;
    const where = errors[place];
    if (!where) {
      fill(refused, el('p', { class: 'notice danger' }, icon('circle-alert'), el('span', {}, words)));
      return;
    }
    where.closest('details').open = true;
    where.textContent = words;
    where.hidden = false;
    const input = {
      band: wish.size === 'coordinators' ? coordinators : numbers.target,
      weights: formula,
      seed,
      micro: microNumbers.least,
    }[place];
    input?.setAttribute('aria-invalid', 'true');
    (input ?? where).scrollIntoView({ block: 'nearest' });
    input?.focus({ preventScroll: true });
  }

  /** Nothing is wrong any more. */
  function said() {
    fill(refused);
    for (const where of Object.values(errors)) {
      where.hidden = true;
      where.textContent = '';
    }
    for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
  }

  /** Put the wish into the fields. */
  function write() {
    const put = (input, value) => {
      if (document.activeElement !== input || Number(input.value) !== value) input.value = value ?? '';
    };
    for (const name of ['target', 'least', 'most']) put(numbers[name], wish[name]);
    put(coordinators, wish.coordinators);
    named.value = hasOwnFormula ? 'own' : weightsNamed(wish.weights);
    if (document.activeElement !== formula) formula.value = wish.weights ?? '';
    for (const line of LINES) lines[line].value = wish.lines[line] ?? 'usual';
    compounds.input.checked = wish.compounds;
    locked.input.checked = wish.locked;
    kept.input.checked = wish.keepSpecial;
    micro.input.checked = Boolean(wish.micro);
    byEntrance.input.checked = wish.entrances;
    put(microNumbers.least, wish.micro?.least ?? MICRO.least);
    put(microNumbers.most, wish.micro?.most ?? MICRO.most);
    put(seed, wish.seed);
  }

  /** What follows from the wish: which is pressed, what is shown, what it comes to. */
  function tell() {
    const preset = isOwn && wish.size === 'numbers' ? 'own' : bandNamed(wish);
    for (const chip of chips) chip.setAttribute('aria-pressed', String(chip.dataset.size === preset));
    triple.hidden = wish.size === 'coordinators';
    byPeople.hidden = !triple.hidden;
    const isFormula = named.value !== 'households';
    formulaField.hidden = named.value !== 'own';
    unit.hidden = !isFormula;
    unit.textContent = t('studio-weights-unit', { formula: wish.weights ?? '' });
    microFields.hidden = !wish.micro;
    const band = bandOf(wish, about.households);
    const n = gridsExpected(wish, about.households);
    share.textContent = band.target
      ? t('studio-share', { target: band.target, least: band.least, most: band.most })
      : '';
    expected.textContent = n ? t('split-expected', { n, households: format.count(about.households) }) : '';
    fill(gauge, ...bandGauge(band, about.grids));
    for (const line of LINES) lines[line].classList.toggle('changed', line in wish.lines);
    const fixedCount =
      about.locks.grids.length + about.locks.buildings.length + wish.seeds.length + wish.special.length;
    const say = {
      size: t('split-band', { target: band.target ?? 0, least: band.least ?? 0, most: band.most ?? 0 }),
      weights: t('studio-weights', { name: named.value }),
      lines: t('studio-lines-now', { n: Object.keys(wish.lines).length + Number(wish.compounds) }),
      fixed: t('studio-fixed-now', { n: fixedCount }),
      entrances: t('entrances-now', {
        divide: String(wish.entrances),
        n: about.marks.marks.length,
      }),
      micro: wish.micro ? `${wish.micro.least}–${wish.micro.most}` : t('studio-micro-none'),
      more: t('studio-seed-now', { n: String(wish.seed ?? '') }),
    };
    for (const [name, words] of Object.entries(say)) summaries[name].textContent = words;
    drawFixed();
    drawMarked();
    byEntrance.input.disabled = !about.marks.marks.length && !wish.entrances;
    button.disabled = about.busy;
    fill(button, icon('play'), t('studio-start', { slot: about.slot }));
    now.textContent = about.busy
      ? t('studio-busy')
      : about.draft
        ? t('studio-replaces', { slot: about.slot, plan: about.draft })
        : '';
    now.hidden = !now.textContent;
  }

  return {
    /**
     * @param {object} given wish, and what it is about: households, grids in force, locks, marks, slot, the name of
     *   the draft there, busy
     */
    show({ wish: next, ...rest }) {
      about = { ...about, ...rest };
      if (next && next !== wish) {
        wish = next;
        isOwn = bandNamed(wish) === 'own';
        hasOwnFormula = weightsNamed(wish.weights) === 'own';
        followsTarget = bandNamed({ ...wish, ...bandAround(wish.target) }) === bandNamed(wish);
        said();
        write();
      }
      tell();
      if (!form.isConnected) fill(root, form); // nothing typed before is lost to what is still being fetched
    },

    complain,

    /** Open a section, and put the focus into its newest special grid's name. */
    openFixed() {
      form.querySelector('#section-fixed').open = true;
      form.querySelector(`#special-${wish.special.length - 1}`)?.focus();
    },
  };
}

/** A stroke as the map draws that sort of line. */
function lineSample(line) {
  return svg(
    'svg',
    { class: `line-sample of-${line}`, viewBox: '0 0 28 12', 'aria-hidden': 'true' },
    svg('line', { class: 'casing', x1: 1, x2: 27, y1: 6, y2: 6 }),
    svg('line', { class: 'core', x1: 1, x2: 27, y1: 6, y2: 6 }),
  );
}

/** The band on a scale, and where the grids of today lie on it. */
function bandGauge(band, grids) {
  if (!(band.least >= 1 && band.most >= band.least)) return [];
  const lived = grids.filter(grid => grid.class !== null).map(grid => grid.load ?? grid.households);
  const slack = Math.max(band.most - band.least, band.target * 0.2);
  const [low, high] = [Math.max(0, band.least - 1.4 * slack), band.most + 1.4 * slack];
  const at = n => `${((100 * (Math.min(high, Math.max(low, n)) - low)) / (high - low)).toFixed(2)}%`;
  const inBand = lived.filter(n => n >= band.least && n <= band.most).length;
  const text = (n, anchor, dy = 46) =>
    svg('text', { x: at(n), y: dy, 'text-anchor': anchor }, format.count(n));
  const words = lived.length
    ? t('studio-gauge-now', { n: inBand, all: lived.length })
    : t('studio-gauge', { least: band.least, most: band.most });
  return [
    svg(
      'svg',
      { role: 'img', 'aria-label': words },
      svg('rect', { class: 'ground', x: 0, y: 8, width: '100%', height: 20, rx: 4 }),
      svg('rect', {
        class: 'band',
        x: at(band.least),
        y: 4,
        width: `${parseFloat(at(band.most)) - parseFloat(at(band.least))}%`,
        height: 28,
        rx: 3,
      }),
      ...lived.map(n =>
        svg('line', {
          class: n < band.least ? 'few' : n > band.most ? 'many' : 'in',
          x1: at(n),
          x2: at(n),
          y1: 11,
          y2: 25,
        }),
      ),
      svg('line', { class: 'target', x1: at(band.target), x2: at(band.target), y1: 0, y2: 34 }),
      text(band.least, 'end'),
      text(band.target, 'middle'),
      text(band.most, 'start'),
    ),
    el('figcaption', {}, words),
  ];
}
