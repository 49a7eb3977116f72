/** Plans as files, and grids drawn elsewhere as drafts: what the page of plans has for both. */
import { get, post } from '../frame/api.js';
import { el, fill, icon } from '../frame/dom.js';
import { t } from '../words.js';
import { isAtWork, jobProgress } from './job_progress.js';
import { titleOf } from './names.js';

const FORMATS = ['gpkg', 'qgis', 'shp', 'kml', 'geojson'];
const DATUMS = ['wgs84', 'cgcs2000', 'gcj02', 'bd09'];
const ACCEPTED = '.gpkg,.zip,.kml,.kmz,.geojson,.json';
const EDGE_PX = 8; // between a list and the edge of the window

/** A button that opens the list of formats. @param {object} plan */
export function exportMenu(plan) {
  const list = el(
    'ul',
    { class: 'menu rows', popover: 'auto', 'aria-label': t('export-as', { name: titleOf(plan) }) },
    ...FORMATS.map(format =>
      el(
        'li',
        {},
        el(
          'a',
          {
            href: `/api/plans/${plan.id}/export?format=${format}`,
            download: true,
            onclick: () => list.hidePopover(),
          },
          el(
            'span',
            { class: 'row-main' },
            el('strong', {}, t('export-format', { format })),
            el('small', {}, t('export-format-about', { format })),
          ),
        ),
      ),
    ),
  );
  const button = el(
    'button',
    { type: 'button', class: 'button quiet', 'aria-haspopup': 'true', onclick: open },
    icon('download'),
    t('export-act'),
  );

  /** Below its button, or above where there is no room; a table that scrolls would cut it off otherwise. */
  function open() {
    list.togglePopover();
    if (!list.matches(':popover-open')) return;
    const at = button.getBoundingClientRect();
    const { width, height } = list.getBoundingClientRect();
    const left = Math.min(Math.max(EDGE_PX, at.right - width), innerWidth - width - EDGE_PX);
    const below = at.bottom + height + EDGE_PX < innerHeight;
    list.style.left = `${left}px`;
    list.style.top = `${below ? at.bottom + 4 : Math.max(EDGE_PX, at.top - height - 4)}px`;
    list.querySelector('a').focus();
  }

  return el('span', { class: 'export' }, button, list);
}

/**
 * Where a layer of grids is sent in; while one is worked on, how far it is. When it is done its report is shown.
 *
 * @param {object} place @returns {Promise<HTMLElement>}
 */
export async function layerPanel(place) {
  const stage = el('div', { class: 'layer-in' });
  const section = el(
    'section',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('layer-send'))),
    el('div', { class: 'panel-body' }, el('p', {}, t('layer-send-about')), stage),
  );
  const { jobs } = await get(`/api/places/${place.code}/jobs`);
  const running = jobs.find(job => job.kind === 'layer' && isAtWork(job));
  if (running) follow(running);
  else ask();
  return section;

  function ask(refused) {
    const file = el('input', { type: 'file', id: 'layer-file', accept: ACCEPTED, required: true });
    const field = (name, words, about, input) =>
      el(
        'div',
        { class: 'field' },
        el('label', { for: `layer-${name}` }, words),
        input,
        about && el('span', { class: 'hint' }, about),
      );
    const written = (name, more = {}) => el('input', { id: `layer-${name}`, name, ...more });
    const datum = el(
      'select',
      { id: 'layer-datum', name: 'datum' },
      ...DATUMS.map(name => el('option', { value: name }, t('reading-datum-name', { name }))),
    );
    const submit = el('button', { class: 'button primary' }, icon('upload'), t('layer-act'));
    const form = el(
      'form',
      { class: 'layer-form', onsubmit: event => void send(event) },
      el(
        'div',
        { class: 'fields' },
        field('file', t('layer-file'), t('layer-file-about'), file),
        field(
          'target',
          t('layer-target'),
          t('layer-target-about'),
          written('target', { type: 'number', min: 2, max: 100_000 }),
        ),
      ),
      el(
        'details',
        {},
        el('summary', {}, t('layer-reading')),
        el(
          'div',
          { class: 'fields' },
          field('datum', t('reading-datum'), t('reading-datum-about'), datum),
          field('crs', t('reading-crs'), t('reading-crs-about'), written('crs')),
          field('encoding', t('reading-encoding'), t('reading-encoding-about'), written('encoding')),
          field('code_column', t('layer-code-column'), t('reading-column-about'), written('code_column')),
          field('name_column', t('layer-name-column'), t('reading-column-about'), written('name_column')),
        ),
      ),
      el('div', { class: 'buttons' }, submit),
    );
    fill(stage, refused && told(refused), form);

    async function send(event) {
      event.preventDefault();
      const body = new FormData();
      body.set('file', file.files[0]);
      for (const [name, value] of new FormData(form)) if (value) body.set(name, value);
      submit.disabled = true;
      try {
        const { job } = await post(`/api/places/${place.code}/layers`, body);
        follow(job);
      } catch (problem) {
        submit.disabled = false;
        stage.querySelector('.notice')?.remove();
        stage.prepend(told(problem.message));
      }
    }
  }

  function follow(job) {
    const ended = said => {
      if (said.state === 'done') location.assign(`/plans/${said.result.plan}/layer`);
      else ask(said.refusal?.detail);
    };
    fill(stage, jobProgress(job, { title: t('layer-working'), ended }));
  }
}

function told(words) {
  return el('p', { class: 'notice bad', role: 'alert' }, icon('circle-alert'), el('span', {}, words));
}
