/**
 * Import: choose files, see what was read before anything is stored, say where it shall go, import.
 * `/import` sends files in, `/import/<upload>` shows what became of them; a reload leads to the same step.
 */
import '../frame/frame.js';
import { formats } from '../core/formats.js';
import { managedPlaces, placeName } from '../core/managed.js';
import { get, post, send } from '../frame/api.js';
import { el, fill, icon, pageFacts, svg } from '../frame/dom.js';
import { toastProblem } from '../frame/toast.js';
import { isAtWork, jobProgress } from '../panels/job_progress.js';
import { figure, framedTable, ofNumbers, table } from '../panels/pieces.js';
import { language, locale, t } from '../words.js';

const facts = pageFacts();
const format = formats(locale);
const find = selector => document.querySelector(selector);
const LAYERS = [
  'buildings',
  'streets',
  'boundary',
  'water',
  'railways',
  'compounds',
  'admin',
  'green',
  'entrances',
];
const DRAWN = ['green', 'water', 'outline', 'railways', 'streets', 'buildings'];

if (facts.upload) void begin();
else startSending();

/* --- Choosing files ------------------------------------------------------------------------------ */

function startSending() {
  const [input, drop] = [find('#files'), find('#drop')];
  input.addEventListener('change', () => sendFiles([...input.files]));
  drop.addEventListener('dragover', event => {
    event.preventDefault();
    drop.classList.add('over');
  });
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', event => {
    event.preventDefault();
    drop.classList.remove('over');
    void sendFiles([...event.dataTransfer.files]);
  });
  fill(
    find('#uploads'),
    ...facts.uploads.map(upload =>
      el(
        'li',
        {},
        el(
          'a',
          { href: `/import/${upload.id}` },
          el('span', { class: 'row-main' }, upload.files.map(file => file.name).join(t('list-comma'))),
          el(
            'span',
            { class: 'row-side' },
            t('import-state', { state: upload.state }),
            ' · ',
            format.dateTime(upload.made_at),
          ),
        ),
      ),
    ),
  );
}

async function sendFiles(files) {
  const refused = find('#refused');
  fill(refused);
  if (!files.length) return;
  const tooLarge = files.find(file => file.size > facts.fileMb * 1e6);
  if (tooLarge) return sayNo(refused, t('import-too-large', { file: tooLarge.name, mb: facts.fileMb }));
  if (files.length > facts.mostFiles) return sayNo(refused, t('import-too-many', { most: facts.mostFiles }));
  const body = new FormData();
  for (const file of files) body.append('files', file, file.name);
  find('#sending').hidden = false;
  find('#drop').classList.add('busy');
  try {
    const { upload } = await post('/api/uploads', body);
    location.assign(`/import/${upload.id}${location.search}`);
  } catch (problem) {
    sayNo(refused, problem.message);
    find('#sending').hidden = true;
    find('#drop').classList.remove('busy');
    find('#files').value = '';
  }
}

function sayNo(where, words) {
  fill(where, el('p', { class: 'notice danger' }, icon('circle-alert'), el('span', {}, words)));
}

/* --- What became of them ------------------------------------------------------------------------- */

async function begin() {
  try {
    show(await get(`/api/uploads/${facts.upload}`));
  } catch (problem) {
    sayNo(find('#body'), problem.message);
  }
}

function show(upload) {
  find('#files-named').textContent = upload.files
    .map(file => `${file.name} (${megabytes(file.bytes)})`)
    .join(t('list-comma'));
  const job = upload.job;
  if (isAtWork(job)) {
    step(job.kind === 'import_upload' ? 'done' : 'files');
    const title = t(job.kind === 'import_upload' ? 'import-importing' : 'import-reading');
    fill(find('#body'), jobProgress(job, { title, ended: () => void begin() }));
    return;
  }
  if (upload.state === 'imported') return showDone(upload, job);
  if (upload.state === 'discarded') return showGone();
  if (upload.state === 'read') return showReport(upload, job);
  showRefused(upload, job);
}

function showRefused(upload, job) {
  step('report');
  const said = job?.refusal?.detail ?? t(job?.state === 'cancelled' ? 'import-cancelled' : 'import-not-read');
  fill(
    find('#body'),
    el(
      'section',
      { class: 'panel' },
      el('div', { class: 'panel-head' }, el('h2', {}, t('import-refused-title'))),
      el(
        'div',
        { class: 'panel-body' },
        el('p', { class: 'notice danger', role: 'alert' }, icon('circle-alert'), el('span', {}, said)),
        el('p', {}, t('import-refused-about')),
        el(
          'div',
          { class: 'buttons' },
          el('a', { class: 'button primary', href: '/import' }, icon('file-up'), t('import-other-files')),
          discardButton(upload),
        ),
      ),
    ),
    readAgainPanel(upload, true),
  );
}

function showGone() {
  step('files');
  fill(
    find('#body'),
    el(
      'div',
      { class: 'empty' },
      icon('trash-2'),
      el('h2', {}, t('import-gone')),
      el(
        'div',
        { class: 'buttons' },
        el('a', { class: 'button primary', href: '/import' }, t('import-other-files')),
      ),
    ),
  );
}

/* --- The report ---------------------------------------------------------------------------------- */

function showReport(upload, job) {
  step('report');
  const report = upload.report;
  const failed = job?.kind === 'import_upload' && job.state !== 'done';
  fill(
    find('#body'),
    failed &&
      el(
        'p',
        { class: 'notice danger', role: 'alert' },
        icon('circle-alert'),
        el('span', {}, job.refusal?.detail ?? t('import-cancelled')),
      ),
    el(
      'div',
      { class: 'columns report' },
      el('div', { class: 'stack' }, figuresPanel(report), placePanel(upload, report)),
      el('div', { class: 'stack' }, drawingPanel(upload.preview)),
    ),
    rowsPanel(report),
    readAgainPanel(upload, false),
  );
}

function figuresPanel(report) {
  const refused = sum(report.layers, 'refused');
  const mended = sum(report.layers, 'mended');
  const sources = Object.entries(report.households_by_source).filter(([, counted]) => counted.buildings);
  return el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('report-title'))),
    el(
      'div',
      { class: 'panel-body' },
      el('p', { class: 'notice good' }, icon('shield-check'), el('span', {}, t('report-nothing-stored'))),
      el(
        'dl',
        { class: 'figures' },
        figure(t('report-buildings'), format.count(report.buildings)),
        figure(t('report-households'), format.count(report.households)),
        figure(t('report-area'), format.area(report.area_m2)),
        figure(t('report-outline'), t('report-outline-from', { source: report.outline_source })),
      ),
      el(
        'ul',
        { class: 'plain' },
        ...sources.map(([source, counted]) =>
          el(
            'li',
            {},
            t('report-source', { source, households: counted.households, buildings: counted.buildings }),
          ),
        ),
        ...Object.entries(report.areas_by_level).map(([level, n]) =>
          el('li', {}, t('report-areas', { level, n })),
        ),
        Object.keys(report.areas_by_level).every(level => level === 'uncoded') &&
          el('li', {}, t('report-no-areas')),
      ),
      ...report.warnings.map(warning =>
        el('p', { class: 'notice warn' }, icon('triangle-alert'), el('span', {}, warning.words)),
      ),
      el(
        'p',
        { class: 'hint' },
        refused || mended ? t('report-rows-said', { refused, mended }) : t('report-rows-sound'),
      ),
    ),
  );
}

function drawingPanel(drawing) {
  if (!drawing) return null;
  const picture = svg(
    'svg',
    {
      class: 'drawing',
      role: 'img',
      viewBox: `-8 -8 ${drawing.width + 16} ${drawing.height + 16}`,
      'aria-label': t('report-drawing'),
    },
    ...DRAWN.filter(layer => drawing.paths[layer]).map(layer =>
      svg('path', { class: `drawn-${layer}`, d: drawing.paths[layer] }),
    ),
  );
  return el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('report-drawing'))),
    el('div', { class: 'panel-body' }, picture, el('p', { class: 'hint' }, t('report-drawing-about'))),
  );
}

function rowsPanel(report) {
  const layers = LAYERS.filter(layer => report.layers[layer]);
  const number = n => el('td', { class: 'number' }, format.count(n));
  const counted = framedTable(
    [
      t('report-layer'),
      ...['rows', 'taken', 'mended', 'refused', 'kept'].map(name => ofNumbers(t('report-column', { name }))),
    ],
    layers.map(layer => {
      const { rows, taken, mended, refused } = report.layers[layer];
      return el(
        'tr',
        {},
        el('th', { scope: 'row' }, t('import-layer', { layer: layer })),
        ...[rows, taken, mended, refused].map(number),
        el('td', { class: 'number' }, layer in report.kept ? format.count(report.kept[layer]) : '–'),
      );
    }),
  );
  return el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('report-rows-title'))),
    el(
      'div',
      { class: 'panel-body' },
      counted,
      report.refused.length > 0 &&
        more(
          t('report-refused-rows', { n: sum(report.layers, 'refused') }),
          rowTable(
            [t('report-layer'), t('report-why'), t('report-count'), t('report-row')],
            report.refused.map(reason => [
              t('import-layer', { layer: reason.layer }),
              reason.why,
              format.count(reason.count),
              reason.rows.join(t('list-comma')) + (reason.count > reason.rows.length ? ' …' : ''),
            ]),
          ),
          true,
        ),
      report.mended.length > 0 &&
        more(
          t('report-mended-rows', { n: report.mended.length }),
          rowTable(
            [t('report-layer'), t('report-row'), t('report-what'), t('report-before'), t('report-after')],
            report.mended.map(row => [
              row.layer === 'file' ? t('report-file') : t('import-layer', { layer: row.layer }),
              row.row ?? t('report-all-rows'),
              row.what,
              row.before,
              row.after,
            ]),
          ),
        ),
      report.notes.length > 0 &&
        more(
          t('report-notes', { n: report.notes.length }),
          el('ul', { class: 'plain notes' }, ...report.notes.map(note => el('li', {}, note.words))),
        ),
    ),
  );
}

function rowTable(heads, rows) {
  return el(
    'div',
    { class: 'table-frame tall' },
    table(
      heads,
      rows.map(row => el('tr', {}, ...row.map(cell => el('td', {}, cell)))),
    ),
  );
}

/* --- Reading otherwise --------------------------------------------------------------------------- */

function readAgainPanel(upload, open) {
  const { options } = upload;
  const roles = upload.files.map((file, number) => {
    const id = `role-${number}`;
    return el(
      'div',
      { class: 'field' },
      el('label', { for: id }, file.name),
      select(
        id,
        [
          ['', t('reading-left-out')],
          ...facts.roles.map(role => [
            role,
            role === 'source' ? t('reading-several') : t('import-layer', { layer: role }),
          ]),
        ],
        file.role ?? '',
      ),
    );
  });
  const datum = select(
    'datum',
    facts.datums.map(name => [name, t('reading-datum-name', { name })]),
    options.datum ?? 'wgs84',
  );
  const text = (id, value) =>
    el('input', { id, type: 'text', value: value ?? '', maxlength: 120, autocomplete: 'off' });
  const [crs, encoding, place, column] = [
    text('crs', options.crs),
    text('encoding', options.encoding),
    text('place-named', options.place),
    text('column', options.columns?.households),
  ];
  const registered = el('input', {
    type: 'checkbox',
    id: 'registered',
    checked: Boolean(options.registered),
  });
  const square = el('input', {
    id: 'household-m2',
    type: 'number',
    min: 10,
    max: 1000,
    step: 1,
    value: options.household_m2 ?? facts.householdM2,
  });
  const labelled = (label, input, hint) =>
    el(
      'div',
      { class: 'field' },
      el('label', { for: input.id }, label),
      input,
      hint && el('p', { class: 'hint' }, hint),
    );
  const said = el('div', { role: 'alert' });
  const button = el('button', { class: 'button' }, icon('rotate-ccw'), t('reading-again'));
  const form = el(
    'form',
    { class: 'form', onsubmit: readAgain },
    el('div', { class: 'fields' }, ...roles),
    el(
      'div',
      { class: 'fields' },
      labelled(t('reading-datum'), datum, t('reading-datum-about')),
      labelled(t('reading-crs'), crs, t('reading-crs-about')),
      labelled(t('reading-encoding'), encoding, t('reading-encoding-about')),
      labelled(t('reading-place'), place, t('reading-place-about')),
      labelled(t('reading-column'), column, t('reading-column-about')),
      labelled(t('reading-household-m2'), square, t('reading-household-m2-about')),
    ),
    el('label', { class: 'choice' }, registered, el('span', {}, t('reading-registered'))),
    said,
    el('div', { class: 'buttons' }, button),
  );

  async function readAgain(event) {
    event.preventDefault();
    button.disabled = true;
    const wish = {
      datum: datum.value,
      registered: registered.checked,
      household_m2: Number(square.value) || facts.householdM2,
    };
    if (crs.value.trim()) wish.crs = crs.value.trim();
    if (encoding.value.trim()) wish.encoding = encoding.value.trim();
    if (place.value.trim()) wish.place = place.value.trim();
    if (column.value.trim()) wish.columns = { households: column.value.trim() };
    const chosen = Object.fromEntries(
      roles.map((field, number) => [String(number), field.querySelector('select').value]),
    );
    try {
      await post(`/api/uploads/${upload.id}/readings`, { options: wish, roles: chosen });
      await begin();
    } catch (problem) {
      sayNo(said, problem.message);
      button.disabled = false;
    }
  }

  return el(
    'details',
    { class: 'panel again', open },
    el('summary', {}, t('reading-otherwise')),
    el('div', { class: 'panel-body' }, form),
  );
}

/* --- Where to ------------------------------------------------------------------------------------ */

function placePanel(upload, report) {
  const body = el('div', { class: 'panel-body' }, el('div', { class: 'skeleton line' }));
  void get('/api/places').then(
    ({ places }) => fill(body, placeForm(upload, report, places)),
    problem => sayNo(body, problem.message),
  );
  return el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('place-title'))),
    body,
  );
}

function placeForm(upload, report, places) {
  const shares = new Map(report.places.map(place => [place.code, place.share]));
  const isMine = managedPlaces(places, facts.managed);
  const mine = places
    .filter(place => isMine(place.code))
    .sort(
      (a, b) =>
        (shares.get(b.code) ?? 0) - (shares.get(a.code) ?? 0) ||
        a.code.length - b.code.length ||
        a.code.localeCompare(b.code),
    );
  const isThere = code => places.some(place => place.code === code);
  const suggested = report.suggested_code && !isThere(report.suggested_code) ? report.suggested_code : '';
  const likely = mine.find(place => (shares.get(place.code) ?? 0) > 0.3);
  const mayNew = facts.mayMakeDistrict || mine.length > 0;
  const isNew = el('input', { type: 'radio', name: 'where', value: 'new', checked: !likely && mayNew });
  const isOld = el('input', {
    type: 'radio',
    name: 'where',
    value: 'old',
    checked: Boolean(likely) || !mayNew,
  });
  const nameOf = place => `${placeName(place, language)} · ${place.code}`;
  const choice = select(
    'place',
    mine.map(place => [
      place.code,
      shares.get(place.code) > 0.3 ? t('place-same-ground', { name: nameOf(place) }) : nameOf(place),
    ]),
    likely?.code,
  );
  const code = el('input', {
    id: 'code',
    type: 'text',
    inputmode: 'numeric',
    value: suggested,
    maxlength: 12,
    pattern: '[0-9]{6}|[0-9]{9}|[0-9]{12}',
    autocomplete: 'off',
  });
  const name = el('input', { id: 'name', type: 'text', maxlength: 80, autocomplete: 'off' });
  const whose = el('input', { id: 'attribution', type: 'text', maxlength: 120, autocomplete: 'off' });
  const said = el('div', { role: 'alert' });
  const button = el('button', { class: 'button primary' }, icon('file-check-2'), t('place-import'));
  const old = el(
    'div',
    { class: 'field' },
    el('label', { for: 'place' }, t('place-which')),
    choice,
    el('p', { class: 'hint' }, t('place-again-about')),
  );
  const fresh = el(
    'div',
    { class: 'fields' },
    el(
      'div',
      { class: 'field' },
      el('label', { for: 'code' }, t('place-code')),
      code,
      el('p', { class: 'hint' }, t('place-code-about')),
    ),
    el('div', { class: 'field' }, el('label', { for: 'name' }, t('place-name')), name),
  );
  const swap = () => {
    old.hidden = isNew.checked;
    fresh.hidden = !isNew.checked;
    code.required = name.required = isNew.checked;
  };
  isNew.addEventListener('change', swap);
  isOld.addEventListener('change', swap);
  swap();
  if (!mine.length && !mayNew)
    return el('p', { class: 'notice warn' }, icon('triangle-alert'), el('span', {}, t('place-none')));

  return el(
    'form',
    {
      class: 'form',
      onsubmit: async event => {
        event.preventDefault();
        button.disabled = true;
        const wish = isNew.checked
          ? { code: code.value.trim(), name: name.value.trim() }
          : { code: choice.value };
        if (whose.value.trim()) wish.attribution = whose.value.trim();
        try {
          await post(`/api/uploads/${upload.id}/import`, wish);
          await begin();
        } catch (problem) {
          sayNo(said, problem.message);
          button.disabled = false;
        }
      },
    },
    mine.length > 0 && el('label', { class: 'choice' }, isOld, el('span', {}, t('place-known'))),
    mine.length > 0 && old,
    mayNew && el('label', { class: 'choice' }, isNew, el('span', {}, t('place-new'))),
    fresh,
    el(
      'div',
      { class: 'field' },
      el('label', { for: 'attribution' }, t('place-attribution')),
      whose,
      el('p', { class: 'hint' }, t('place-attribution-about')),
    ),
    said,
    el('div', { class: 'buttons' }, button, discardButton(upload)),
  );
}

/* --- Done ---------------------------------------------------------------------------------------- */

function showDone(upload, job) {
  step('done', true);
  const result = job?.result;
  if (!result) return showGone();
  const { counts, changes } = result;
  fill(
    find('#body'),
    el(
      'section',
      { class: 'panel' },
      el('div', { class: 'panel-head' }, el('h2', {}, t('done-title'))),
      el(
        'div',
        { class: 'panel-body' },
        el(
          'p',
          { class: 'notice good' },
          icon('circle-check'),
          el('span', {}, changes ? t('done-again', { version: result.version }) : t('done-new')),
        ),
        el(
          'dl',
          { class: 'figures' },
          figure(t('done-buildings'), format.count(counts.building)),
          figure(t('done-plots'), format.count(counts.plot)),
          figure(t('done-compounds'), format.count(counts.compound)),
          figure(t('done-places'), format.count(counts.place)),
        ),
        !facts.mayImport && el('p', {}, t('done-manager')),
        el(
          'div',
          { class: 'buttons' },
          facts.mayImport
            ? el(
                'a',
                { class: 'button primary', href: `/split?place=${result.place}` },
                icon('scissors-line-dashed'),
                t('done-split'),
              )
            : el('a', { class: 'button primary', href: '/people' }, icon('users-round'), t('frame-people')),
          el('a', { class: 'button', href: `/map?place=${result.place}` }, icon('map'), t('done-map')),
        ),
      ),
    ),
    changes && changesPanel(changes),
  );
}

function changesPanel(changes) {
  const { buildings, households, plots } = changes;
  const change = households.after - households.before;
  return el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('changes-title'))),
    el(
      'div',
      { class: 'panel-body' },
      el(
        'dl',
        { class: 'figures' },
        figure(t('changes-new'), format.count(buildings.new)),
        figure(t('changes-changed'), format.count(buildings.changed)),
        figure(t('changes-gone'), format.count(buildings.gone)),
        figure(t('changes-same'), format.count(buildings.same)),
        figure(
          t('changes-households'),
          format.count(households.after),
          `${change > 0 ? '+' : change < 0 ? '−' : '±'}${format.count(Math.abs(change))}`,
        ),
      ),
      el('p', {}, t('changes-plots', { carried: plots.carried, fresh: plots.new, dropped: plots.dropped })),
      changes.drafts.length > 0
        ? el(
            'ul',
            { class: 'plain' },
            ...changes.drafts.map(draft =>
              el(
                'li',
                {},
                t('changes-draft', {
                  name: draft.name,
                  plots: draft.plots_placed,
                  grids: draft.grids.length,
                }),
                draft.micro_grids_dropped > 0 &&
                  ` ${t('changes-micro-grids-dropped', { n: draft.micro_grids_dropped })}`,
                draft.submission_lapsed && ` ${t('life-submission-lapsed')}`,
              ),
            ),
          )
        : el('p', { class: 'hint' }, t('changes-no-drafts')),
      changes.places_gone.length > 0 &&
        el(
          'p',
          { class: 'notice warn' },
          icon('triangle-alert'),
          el('span', {}, t('changes-places-gone', { codes: changes.places_gone.join(t('list-comma')) })),
        ),
      changes.rows.length > 0 &&
        more(
          t('changes-rows', { n: changes.rows.length }),
          rowTable(
            [t('changes-building'), t('changes-what'), t('changes-was'), t('changes-is')],
            changes.rows.map(row => [
              row.code,
              t('changes-kind', { kind: row.what }),
              said(row.households?.[0]),
              said(row.households?.[1]),
            ]),
          ),
          true,
        ),
    ),
  );
}

/** A count, or a dash where there is none. */
function said(households) {
  return typeof households === 'number' ? format.count(households) : '–';
}

/* --- Pieces -------------------------------------------------------------------------------------- */

function step(name, isOver = false) {
  const items = [...find('#steps').children];
  const here = items.findIndex(item => item.dataset.step === name);
  items.forEach((item, number) => {
    item.classList.toggle('done', number < here || isOver);
    if (number === here && !isOver) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  });
}

function discardButton(upload) {
  return el(
    'button',
    {
      type: 'button',
      class: 'button quiet',
      onclick: async event => {
        event.target.disabled = true;
        try {
          await send('DELETE', `/api/uploads/${upload.id}`);
          location.assign('/import');
        } catch (problem) {
          event.target.disabled = false;
          toastProblem(problem);
        }
      },
    },
    icon('trash-2'),
    t('import-discard'),
  );
}

function more(title, content, open = false) {
  return el('details', { open }, el('summary', {}, title), content);
}

function select(id, options, chosen) {
  const made = el(
    'select',
    { id },
    ...options.map(([value, words]) => el('option', { value, selected: value === chosen }, words)),
  );
  return made;
}

function sum(layers, name) {
  return Object.values(layers).reduce((total, layer) => total + layer[name], 0);
}

function megabytes(bytes) {
  return t('import-megabytes', { n: Math.max(0.1, Math.round(bytes / 1e5) / 10) });
}
