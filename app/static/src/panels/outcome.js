/**
 * What came of it: drafts A, B and C as tabs, the chosen one in figures beside the plan in force, households
 * per grid before and after, the worst five, who changes hands, and the drafts beside each other.
 */
import { side, sign, swatch } from '../core/deviation.js';
import { formats } from '../core/formats.js';
import { numberOf } from '../core/labels.js';
import { SLOTS, bestOf, worstOf } from '../core/slots.js';
import { el, fill, icon } from '../frame/dom.js';
import { language, locale, t } from '../words.js';
import { titleOf } from './names.js';
import { histogram } from './pieces.js';
import { stateTag } from './plan_pieces.js';

const format = formats(locale);
const PEOPLE_FIRST = 5;

/**
 * @param {HTMLElement} root
 * @param {object} acts
 * @param {(slot: string) => void} acts.choose
 * @param {(grid: object, which: 'before' | 'after') => void} acts.show a grid on the map
 * @param {(plan: object, button: HTMLButtonElement) => void} acts.publish
 * @param {(plan: object) => void} acts.discard
 */
export function makeOutcome(root, { choose, show, publish, discard }) {
  const tabs = el('div', { class: 'slots', role: 'tablist', 'aria-label': t('studio-drafts') });
  const work = el('div', { id: 'work' });
  const said = el('div', { id: 'said', role: 'alert' });
  const body = el('div', { class: 'outcome-body', role: 'tabpanel', id: 'draft' });
  fill(root, tabs, work, said, body);
  let chosen = SLOTS[0];

  tabs.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    choose(SLOTS[(SLOTS.indexOf(chosen) + step + SLOTS.length) % SLOTS.length]);
    tabs.querySelector('[aria-selected="true"]').focus();
  });

  function drawTabs(drafts) {
    const had = tabs.contains(document.activeElement);
    fill(
      tabs,
      ...SLOTS.map(slot => {
        const { plan, tally } = drafts[slot];
        return el(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `slot-${slot}`,
            'aria-selected': String(slot === chosen),
            'aria-controls': 'draft',
            tabindex: slot === chosen ? '0' : '-1',
            onclick: () => choose(slot),
          },
          el('strong', {}, slot),
          el(
            'span',
            {},
            plan
              ? tally
                ? t('studio-slot', { grids: tally.grids, percent: format.percent(tally.inBand ?? 0) })
                : t('studio-slot-loading')
              : t('studio-slot-empty'),
          ),
        );
      }),
    );
    body.setAttribute('aria-labelledby', `slot-${chosen}`);
    if (had) tabs.querySelector('[aria-selected="true"]').focus();
  }

  /* --- one draft --- */

  function head(plan) {
    const button = el(
      'button',
      { type: 'button', class: 'button primary', onclick: () => publish(plan, button) },
      icon('badge-check'),
      t('publish-act'),
    );
    return el(
      'section',
      { class: 'outcome-part' },
      el(
        'div',
        { class: 'outcome-title' },
        el('h2', {}, titleOf(plan)),
        stateTag(plan),
        el(
          'button',
          {
            type: 'button',
            class: 'button quiet icon-only',
            'aria-label': t('plans-discard'),
            title: t('plans-discard'),
            onclick: () => discard(plan),
          },
          icon('trash-2'),
        ),
      ),
      el(
        'div',
        { class: 'buttons' },
        button,
        el(
          'a',
          { class: 'button', href: `/plans/${plan.id}/compare` },
          icon('columns-2'),
          t('compare-title'),
        ),
      ),
      ways(plan),
      ...(plan.parameters?.told ?? []).map(({ code, facts }) =>
        el('p', { class: 'notice' }, icon('info'), el('span', {}, t('studio-told', { code, ...facts }))),
      ),
    );
  }

  /** Where else one can go with a plan. */
  function ways(plan) {
    const way = (href, symbol, words) => el('a', { class: 'button quiet', href }, symbol, words);
    return el(
      'div',
      { class: 'ways' },
      way(`/map?place=${plan.place.code}&plan=${plan.id}`, icon('map', 'icon small'), t('split-map')),
      plan.state === 'draft' && way(`/plans/${plan.id}/edit`, icon('spline', 'icon small'), t('edit-open')),
      way(`/plans/${plan.id}/rebalance`, icon('scale', 'icon small'), t('rebalance-act')),
      way(`/plans/${plan.id}/certificate`, icon('file-check', 'icon small'), t('certificate-link')),
    );
  }

  function figures(tally, former) {
    const was = (value, words) =>
      former && value !== null && value !== undefined ? t('studio-was', { value: words(value) }) : '';
    const tile = (name, value, small, mark) =>
      el('div', { class: mark }, el('dt', {}, name), el('dd', {}, value, small && el('small', {}, small)));
    const share = value => (value === null ? '–' : format.percent(value));
    const round = value => (value === null ? '–' : format.compactness(value));
    return el(
      'dl',
      { class: 'figures' },
      tile(
        t('plan-in-band'),
        share(tally.inBand),
        was(former?.inBand, share) || t('studio-of-grids', { n: tally.grids - tally.out, all: tally.grids }),
      ),
      tile(t('plan-grids'), format.count(tally.grids), was(former?.grids, format.count)),
      tile(t('studio-street'), share(tally.street), was(former?.street, share)),
      tile(t('studio-round'), round(tally.compactness), was(former?.compactness, round)),
    );
  }

  function spread(plan, grids, former) {
    return el(
      'section',
      { class: 'outcome-part' },
      el('h3', {}, t('plan-spread')),
      histogram(grids, plan, null, former ?? []),
    );
  }

  function worst(grids, which) {
    const five = worstOf(grids);
    if (!five.length) return null;
    const areOut = five.some(grid => !grid.in_band);
    return el(
      'section',
      { class: 'outcome-part' },
      el('h3', {}, t(areOut ? 'studio-worst' : 'studio-worst-in-band')),
      el(
        'ol',
        { class: 'worst' },
        ...five.map(grid => {
          const [reason, remedy] = [grid.reason, grid.remedy].map(said => said?.sentence?.[language]);
          return el(
            'li',
            {},
            el(
              'button',
              { type: 'button', onclick: () => show(grid, which), title: grid.code },
              el('span', { class: `swatch ${swatch(grid.class)} ${side(grid) ? 'hatched' : ''}` }),
              el('strong', {}, grid.name || numberOf(grid.code)),
              el(
                'span',
                { class: 'number' },
                t('grid-households', { n: grid.households }),
                Number.isFinite(grid.load) &&
                  el('span', { class: 'muted' }, t('studio-load', { load: format.count(grid.load) })),
              ),
              el(
                'span',
                { class: `number ${side(grid)}` },
                `${format.deviation(grid.deviation)} ${sign(grid)}`.trim(),
              ),
            ),
            reason && el('p', { class: 'hint' }, reason),
            remedy && el('p', { class: 'remedy' }, icon('lightbulb', 'icon small'), el('span', {}, remedy)),
          );
        }),
      ),
    );
  }

  function hands(comparison) {
    if (!comparison) return null;
    const people = [...comparison.coordinators].sort(
      (a, b) => b.households_lost + b.households_gained - a.households_lost - a.households_gained,
    );
    const share = comparison.households ? comparison.households_moved / comparison.households : 0;
    const row = person =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, person.name),
        el('td', { class: 'number' }, format.count(person.households_before)),
        el('td', { class: 'number' }, format.count(person.households_after)),
        el('td', { class: 'number' }, flow(person)),
      );
    const rows = el('tbody', {}, ...people.slice(0, PEOPLE_FIRST).map(row));
    const rest =
      people.length > PEOPLE_FIRST &&
      el(
        'button',
        {
          type: 'button',
          class: 'button quiet',
          onclick: () => {
            rows.append(...people.slice(PEOPLE_FIRST).map(row));
            rest.remove();
          },
        },
        t('compare-all', { n: people.length }),
      );
    return el(
      'section',
      { class: 'outcome-part' },
      el('h3', {}, t('studio-hands')),
      el(
        'p',
        { class: 'hands' },
        el('strong', {}, t('grid-households', { n: comparison.households_moved })),
        el(
          'span',
          { class: 'muted' },
          t('studio-hands-share', { percent: format.percent(share), buildings: comparison.buildings_moved }),
        ),
      ),
      el('p', { class: 'hint' }, t('compare-people', { n: people.length })),
      people.length > 0 &&
        el(
          'div',
          { class: 'table-frame' },
          el(
            'table',
            { class: 'table people-table' },
            el(
              'thead',
              {},
              el(
                'tr',
                {},
                el('th', {}, t('compare-person')),
                el('th', { class: 'number' }, t('compare-was')),
                el('th', { class: 'number' }, t('compare-will')),
                el('th', { class: 'number' }, t('studio-flow')),
              ),
            ),
            rows,
          ),
        ),
      rest,
    );
  }

  /* --- drafts beside each other --- */

  function beside(drafts, former) {
    const filled = SLOTS.filter(slot => drafts[slot].tally);
    if (filled.length < 2 && !(filled.length && former)) return null;
    const best = bestOf(Object.fromEntries(filled.map(slot => [slot, drafts[slot].tally])));
    const percent = value => (value === null || value === undefined ? '–' : format.percent(value));
    const count = value => (value === null || value === undefined ? '–' : format.count(value));
    const round = value => (value === null || value === undefined ? '–' : format.compactness(value));
    const rows = [
      ['plan-grids', 'grids', count],
      ['plan-in-band', 'inBand', percent],
      ['studio-round', 'compactness', round],
      ['studio-street', 'street', percent],
      ['studio-moved', 'moved', count],
      ['studio-affected', 'coordinators', count],
    ];
    const cell = (slot, name, words) => {
      const isBest = best[name]?.includes(slot);
      return el(
        'td',
        { class: `number ${isBest ? 'best' : ''} ${slot === chosen ? 'here' : ''}` },
        words(drafts[slot].tally?.[name]),
        isBest && el('span', { class: 'spoken' }, t('studio-best')),
      );
    };
    return el(
      'section',
      { class: 'outcome-part' },
      el('h3', {}, t('studio-beside')),
      el(
        'div',
        { class: 'table-frame' },
        el(
          'table',
          { class: 'table beside' },
          el(
            'thead',
            {},
            el(
              'tr',
              {},
              el('td', {}),
              former && el('th', { class: 'number', scope: 'col' }, t('studio-in-force')),
              ...SLOTS.map(slot => el('th', { class: 'number', scope: 'col' }, slot)),
            ),
          ),
          el(
            'tbody',
            {},
            ...rows.map(([id, name, words]) =>
              el(
                'tr',
                {},
                el('th', { scope: 'row' }, t(id)),
                former && el('td', { class: 'number muted' }, words(former[name])),
                ...SLOTS.map(slot => cell(slot, name, words)),
              ),
            ),
          ),
        ),
      ),
    );
  }

  /** Drafts that found no slot free, to be looked at on the map. */
  function others(plans) {
    if (!plans.length) return null;
    return el(
      'section',
      { class: 'outcome-part', id: 'drafts-besides' },
      el('h3', {}, t('studio-besides')),
      el(
        'ul',
        {},
        ...plans.map(plan =>
          el(
            'li',
            {},
            el('a', { href: `/map?place=${plan.place.code}&plan=${plan.id}` }, titleOf(plan)),
            ' ',
            stateTag(plan),
          ),
        ),
      ),
    );
  }

  /** @param {object | null} inForce what is known of the plan in force */
  function nothingYet(place, inForce) {
    const { plan = null, tally: former = null, grids = [] } = inForce ?? {};
    const n = Math.max(1, Math.round(place.households / place.size.target));
    return [
      el(
        'section',
        { class: 'outcome-part empty-slot' },
        icon('scissors-line-dashed'),
        el('h2', {}, t('studio-empty', { slot: chosen })),
        el(
          'p',
          { class: 'muted' },
          t(
            plan ? 'studio-empty-beside' : 'studio-empty-first',
            plan ? {} : { n, target: place.size.target },
          ),
        ),
      ),
      former && [
        el(
          'section',
          { class: 'outcome-part' },
          el('div', { class: 'outcome-title' }, el('h2', {}, titleOf(plan)), stateTag(plan)),
          ways(plan),
        ),
        el('section', { class: 'outcome-part' }, figures(former, null)),
        spread(plan, grids, null),
        worst(grids, 'before'),
      ],
    ].flat();
  }

  return {
    /** Room for a job's progress. */
    work,
    said,

    /**
     * @param {object} look
     * @param {object} look.place @param {string} look.slot
     * @param {object} look.drafts by slot: plan, tally, grids, comparison; null while not known
     * @param {object | null} look.inForce the same of the plan in force
     * @param {object[]} look.besides drafts that found no slot free
     */
    show({ place, slot, drafts, inForce, besides }) {
      chosen = slot;
      drawTabs(drafts);
      const { plan, tally, grids, comparison } = drafts[slot];
      if (plan && !tally) {
        fill(
          body,
          el(
            'div',
            { class: 'outcome-part' },
            el('div', { class: 'skeleton line short' }),
            el('div', { class: 'skeleton block' }),
            el('div', { class: 'skeleton block' }),
          ),
        );
      } else if (plan) {
        fill(
          body,
          head(plan),
          el('section', { class: 'outcome-part' }, figures(tally, inForce?.tally)),
          spread(plan, grids, inForce?.grids),
          worst(grids, 'after'),
          hands(comparison),
          beside(drafts, inForce?.tally),
          others(besides),
        );
      } else {
        fill(body, ...nothingYet(place, inForce), beside(drafts, inForce?.tally), others(besides));
      }
    },
  };
}

/** "+120 −80" */
function flow({ households_gained: gains, households_lost: losses }) {
  return [gains ? `+${format.count(gains)}` : null, losses ? `−${format.count(losses)}` : null]
    .filter(Boolean)
    .join(' ');
}
