/** All that is known of one grid: its load, why it is out of band, who answers for it, what stands in it. */
import { formats } from '../core/formats.js';
import { side, sign, swatch } from '../core/deviation.js';
import { numberOf } from '../core/labels.js';
import { el, fill, icon } from '../frame/dom.js';
import { get } from '../frame/api.js';
import { toast, toastProblem } from '../frame/toast.js';
import { language, locale, t } from '../words.js';
import { kindOf, nameOf } from './names.js';
import { countOfHouseholds, householdsOf } from './households.js';
import { loadBar } from './pieces.js';
import { residentsSection } from './residents.js';

const format = formats(locale);
const BUILDINGS_AT_ONCE = 100;

/**
 * @param {object} acts
 * @param {() => void} acts.back to the list
 * @param {(code: string) => void} acts.chooseGrid
 * @param {(building: object) => void} acts.showBuilding
 * @param {(compound: object) => void} acts.showCompound
 * @param {(micro: object) => void} acts.showMicro
 * @param {((grid: object) => Promise<void>) | null} acts.assign another coordinator to a grid in force
 * @param {boolean} [acts.keepsRegisters] whether buildings have a page to open
 */
export function makeGridPanel({
  back,
  chooseGrid,
  showBuilding,
  showCompound,
  showMicro,
  assign = null,
  keepsRegisters = false,
}) {
  const root = el('article', { class: 'grid-panel', tabindex: '-1' });
  let asking = new AbortController(); // for the grid shown; the next one ends it
  let wanted = null; // id of the building to mark, once its row is there

  /** @param {object} grid a row of the list: what is known at once, before the rest is fetched */
  function showHead(grid, plan, community) {
    const about = el('div', { class: 'grid-about' }, ...skeletons());
    fill(
      root,
      el(
        'header',
        { class: 'grid-head' },
        el(
          'button',
          { type: 'button', class: 'button quiet', onclick: back },
          icon('arrow-left'),
          t('grid-back'),
        ),
        el(
          'button',
          { type: 'button', class: 'button quiet', onclick: copyLink },
          icon('link'),
          t('grid-link'),
        ),
      ),
      el(
        'div',
        { class: 'side-section' },
        el(
          'h2',
          { class: 'grid-title' },
          el('span', { class: `swatch ${swatch(grid.class)} ${side(grid) ? 'hatched' : ''}` }),
          t('grid-title', { number: grid.name || numberOf(grid.code) }),
          stateTag(grid),
        ),
        el('p', { class: 'muted' }, [community, grid.code].filter(Boolean).join(' · ')),
        el(
          'p',
          { class: 'grid-load' },
          el('span', { class: 'grid-households number' }, householdsOf(grid.households)),
          el(
            'span',
            { class: `number ${side(grid)}` },
            grid.class === null
              ? t('map-nobody-short')
              : [grid.deviation === null ? '' : format.deviation(grid.deviation), sign(grid)]
                  .join(' ')
                  .trim(),
          ),
          el('span', { class: 'muted small' }, t('grid-target', { target: plan.target })),
        ),
        grid.households === null
          ? el('p', { class: 'hint' }, t('households-untold-about'))
          : loadBar({ households: grid.households, least: plan.least, most: plan.most }),
        grid.in_fives && grid.households !== null && el('p', { class: 'hint' }, t('counts-in-fives')),
        grid.reason
          ? el(
              'p',
              { class: 'notice warn' },
              icon('info'),
              el(
                'span',
                {},
                grid.reason.sentence?.[language] ?? t('plan-no-reason'),
                grid.remedy?.sentence && el('strong', { class: 'remedy' }, grid.remedy.sentence[language]),
              ),
            )
          : null,
        el(
          'dl',
          { class: 'figures' },
          figure('buildings', format.count(grid.buildings)),
          figure('area', format.area(grid.area_m2)),
          figure(
            'compactness',
            grid.compactness === null ? t('grid-unmeasured') : format.compactness(grid.compactness),
          ),
        ),
      ),
      about,
    );
    return about;
  }

  function showRest(about, grid, plan) {
    const sources = Object.entries(grid.sources).filter(([, n]) => n > 0);
    fill(
      about,
      section('grid-coordinator', coordinator(grid, plan)),
      plan.state === 'published' && !plan.asOf ? residentsSection(grid, asking.signal, showMark) : null,
      section('grid-neighbours', el('div', { class: 'filter-line' }, ...grid.neighbours.map(neighbour))),
      grid.micro_grids.length
        ? section('grid-micro-grids', el('ul', { class: 'rows' }, ...grid.micro_grids.map(microRow)))
        : null,
      grid.compounds.length
        ? section('grid-compounds', el('ul', { class: 'rows' }, ...grid.compounds.map(compoundRow)))
        : null,
      section(
        'grid-border-title',
        el(
          'p',
          { class: 'number' },
          t('grid-border', {
            length: format.distance(grid.border.metres),
            share: format.percent(physical(grid.border)),
          }),
        ),
      ),
      sources.length
        ? section(
            'grid-sources-title',
            el('p', {}, sources.map(([source, n]) => t('grid-source', { source, n })).join(t('list-comma'))),
          )
        : null,
      buildingsSection(grid),
    );
  }

  const neighbour = other =>
    el(
      'button',
      { type: 'button', class: 'chip', title: other.code, onclick: () => chooseGrid(other.code) },
      el('span', { class: `swatch ${swatch(other.class)}` }),
      numberOf(other.code),
      el('span', { class: 'muted number' }, countOfHouseholds(other.households)),
    );

  const compoundRow = compound =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', onclick: () => showCompound(compound) },
        icon('fence'),
        el('span', { class: 'row-main' }, nameOf(compound) || compound.code),
        el('span', { class: 'row-side' }, kindOf(compound)),
      ),
    );

  const microRow = micro =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', onclick: () => showMicro(micro) },
        el(
          'span',
          { class: 'row-main' },
          t('grid-micro-title', { number: micro.number }),
          el('span', { class: 'muted small' }, t('grid-micro-buildings', { n: micro.buildings })),
        ),
        el('span', { class: 'row-side' }, householdsOf(micro.households)),
      ),
    );

  function buildingsSection(grid) {
    const list = el('ul', { class: 'rows' });
    const more = el('button', { type: 'button', class: 'button', hidden: true }, t('grid-more'));
    const order = el(
      'select',
      { 'aria-label': t('grid-order') },
      ...['code', 'address', 'households'].map(name =>
        el('option', { value: name }, t('grid-order-by', { column: name })),
      ),
    );
    let after = null,
      turning = null;
    const fetchMore = async () => {
      turning?.abort();
      turning = new AbortController();
      const signal = AbortSignal.any([asking.signal, turning.signal]);
      more.hidden = true;
      const asked = new URLSearchParams({
        sort: order.value,
        descending: String(order.value === 'households'),
        limit: BUILDINGS_AT_ONCE,
        ...(after && { after }),
      });
      try {
        const page = await get(`/api/grids/${grid.id}/buildings?${asked}`, { signal });
        list.append(...page.buildings.map(buildingRow));
        after = page.next;
        more.hidden = !after;
        if (wanted !== null && !showMark() && after) await fetchMore();
      } catch (error) {
        if (error.name === 'AbortError') return;
        more.hidden = false;
        toastProblem(error);
      }
    };
    more.addEventListener('click', fetchMore);
    order.addEventListener('change', () => {
      after = null;
      list.replaceChildren();
      fetchMore();
    });
    if (grid.buildings) fetchMore();
    return section(
      'grid-buildings',
      el('label', { class: 'grid-order' }, el('span', { class: 'muted small' }, t('grid-order')), order),
      list,
      more,
    );
  }

  function buildingRow(building) {
    const name = nameOf(building) || building.address || building.code;
    const beside = [nameOf(building) ? building.address : null, building.code].filter(
      text => text && text !== name,
    );
    const press = () => {
      mark(building.id);
      showBuilding(building);
    };
    return el(
      'li',
      {},
      el(
        'button',
        { type: 'button', 'data-building': building.id, onclick: press },
        el(
          'span',
          { class: 'row-main' },
          name,
          el('span', { class: 'muted small' }, beside.join(' · ')),
          building.divided && el('span', { class: 'muted small' }, dividedWords(building.divided)),
        ),
        building.households !== null && el('span', { class: 'row-side' }, householdsOf(building.households)),
      ),
      keepsRegisters &&
        el(
          'a',
          {
            class: 'button quiet icon-only row-open',
            href: `/buildings/${building.id}`,
            title: t('residents-building'),
            'aria-label': `${t('residents-building')}: ${name}`,
          },
          icon('door-open'),
        ),
    );
  }

  /** In which grids a building lies that is divided by its entrances. */
  function dividedWords(shares) {
    const said = shares.map(share =>
      t('entrances-share', { number: numberOf(share.grid.code), n: countOfHouseholds(share.households) }),
    );
    return t('entrances-shared', { grids: said.join(t('list-comma')) });
  }

  function mark(id) {
    wanted = id;
    for (const row of root.querySelectorAll('[data-building][aria-current]'))
      row.removeAttribute('aria-current');
    showMark();
  }

  /** Whether the row of the wanted building is there; it is marked and brought into sight. */
  function showMark() {
    const row = root.querySelector(`[data-building="${wanted}"]`);
    row?.setAttribute('aria-current', 'true');
    row?.scrollIntoView({ block: 'nearest' });
    return Boolean(row);
  }

  /** Who answers, and the way to change that where the plan is in force. */
  function coordinator(grid, plan) {
    const button =
      assign &&
      plan.state === 'published' &&
      !plan.asOf &&
      el(
        'button',
        {
          type: 'button',
          class: 'button',
          onclick: event => void assignIt(grid, event.currentTarget),
        },
        icon('user-round-cog'),
        t(grid.coordinator ? 'life-assign-other' : 'life-assign'),
      );
    return el('div', { class: 'who-answers' }, whoAnswers(grid, plan), button);
  }

  async function assignIt(grid, button) {
    button.disabled = true;
    try {
      await assign(grid);
    } catch (problem) {
      toastProblem(problem);
    }
    button.disabled = false;
  }

  function whoAnswers(grid, plan) {
    if (plan.state !== 'published' && !plan.asOf)
      return el('p', { class: 'muted' }, t('grid-coordinator-draft'));
    if (!grid.coordinator)
      return el(
        'p',
        { class: 'notice warn' },
        icon('user-round-x'),
        el(
          'span',
          {},
          grid.vacant_since
            ? t('grid-vacant-since', { day: format.date(grid.vacant_since) })
            : t('grid-vacant'),
        ),
      );
    return el(
      'ul',
      { class: 'people' },
      person(grid.coordinator, 'primary'),
      ...grid.deputies.map(one => person(one, 'deputy')),
    );
  }

  const person = (one, kind) =>
    el(
      'li',
      {},
      icon('user-round'),
      el(
        'span',
        { class: 'row-main' },
        el('strong', {}, one.name),
        el('span', { class: 'muted small' }, t('grid-duty', { kind, day: format.date(one.since) })),
      ),
      one.office_phone
        ? el(
            'a',
            { class: 'button quiet', href: `tel:${one.office_phone.replace(/[^\d+]/g, '')}` },
            icon('phone'),
            one.office_phone,
          )
        : el('span', { class: 'muted small' }, t('grid-no-phone')),
    );

  async function copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      toast(t('grid-link-copied'));
    } catch {
      toast(location.href);
    }
  }

  return {
    root,
    /** Mark a building's row and bring it into sight, as soon as it is there. */
    markBuilding: mark,

    /** @returns {Promise<void>} when all is there */
    async show(grid, plan, community) {
      asking.abort();
      asking = new AbortController();
      wanted = null;
      const about = showHead(grid, plan, community);
      try {
        showRest(about, await get(`/api/grids/${grid.id}${onDay(plan)}`, { signal: asking.signal }), plan);
      } catch (error) {
        if (error.name === 'AbortError') return;
        fill(
          about,
          el(
            'div',
            { class: 'side-section' },
            el('p', { class: 'notice warn' }, icon('cloud-off'), el('span', {}, error.message)),
            el(
              'button',
              { type: 'button', class: 'button', onclick: () => this.show(grid, plan, community) },
              icon('rotate-cw'),
              t('map-again'),
            ),
          ),
        );
        if (error.name !== 'Problem') console.error(error);
      }
    },
  };
}

function stateTag(grid) {
  if (grid.class === null) return el('span', { class: 'tag' }, t('map-nobody'));
  const way = side(grid);
  return el(
    'span',
    { class: `tag ${way || 'in-force'}` },
    way ? t('grid-out', { side: way }) : t('map-in-band'),
  );
}

function section(title, ...content) {
  return el('section', { class: 'side-section' }, el('h3', {}, t(title)), ...content);
}

function figure(name, value) {
  return el('div', {}, el('dt', {}, t('grid-figure', { name })), el('dd', {}, value));
}

/** Share of the border on lines one can see: streets, water, railways, walls. */
function physical(border) {
  return ['street', 'river', 'rail', 'compound'].reduce((sum, kind) => sum + (border[kind] ?? 0), 0);
}

function skeletons() {
  return ['short', '', '', 'short', '', ''].map(length => el('div', { class: `skeleton line ${length}` }));
}

/** What is asked of a plan shown as it was on a day. */
function onDay(plan) {
  return plan.asOf ? `?when=${plan.asOf}` : '';
}
