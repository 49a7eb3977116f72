/** The form at the door. It asks for consent only once something of a person is written in it. */
import '../frame/frame.js';
import { pageFacts } from '../frame/dom.js';
import { addPerson, chosen, complain, sendWhenPossible, told } from '../panels/door_form.js';
import { addNeed, needsOf } from '../panels/door_needs.js';
import { t } from '../words.js';

const { kind, key, building, client } = pageFacts();
const form = document.getElementById('visit');
const people = document.getElementById('people');
const said = document.getElementById('said');
const consentPanel = document.getElementById('consent-panel');
const moment = document.getElementById('happened-at');
const needs = document.getElementById('needs');

form
  .querySelector('[data-more]')
  ?.addEventListener('click', () => addPerson(people, document.getElementById('person')));
form.querySelector('[data-more-said]').addEventListener('click', () => {
  const made = said.firstElementChild.cloneNode(true);
  const number = said.children.length;
  for (const part of made.querySelectorAll('[id], [for]')) {
    for (const name of ['id', 'for'])
      if (part.hasAttribute(name))
        part.setAttribute(name, part.getAttribute(name).replace(/-\d+$/, `-${number}`));
    if ('value' in part) part.value = '';
  }
  said.append(made);
  made.querySelector('textarea').focus();
});
form
  .querySelector('[data-more-needs]')
  ?.addEventListener('click', () => addNeed(needs, document.getElementById('need')));
form.addEventListener('input', look);
moment.addEventListener('input', () => {
  document.getElementById('when-said').textContent = moment.value
    ? moment.value.replace('T', ' ')
    : t('home-when-now');
});

/** What of the form is open: nothing of people where nobody was met. */
function look() {
  const met = chosen(form, 'result') === 'met';
  for (const part of form.querySelectorAll('[data-when-met]')) part.hidden = !met;
  consentPanel.hidden = !met || !isOfPeople();
  const hour = document.getElementById('new-hour');
  if (hour) hour.hidden = !people.children.length;
}

function residentsTold() {
  return [...form.querySelectorAll('.known [data-resident]')]
    .filter(row => !row.querySelector('[data-gone]').checked)
    .map(row => ({ id: Number(row.dataset.resident), ...told(row) }))
    .filter(one => Object.keys(one).length > 1);
}

function newcomers() {
  return [...(people?.children ?? [])].map(told).filter(one => Object.keys(one).length);
}

function isOfPeople() {
  return residentsTold().length > 0 || newcomers().length > 0 || chosen(form, 'hour') !== null;
}

function promises() {
  return [...said.children]
    .map(part =>
      Object.fromEntries(
        [...part.querySelectorAll('[data-said-field]')].map(field => [
          field.dataset.saidField,
          field.value.trim() || null,
        ]),
      ),
    )
    .filter(one => one.asked || one.promised);
}

/** What was told of employers, those of whom nothing was told left out. */
function firmsTold() {
  const told = [...form.querySelectorAll('[data-firm]')].map(row => {
    const id = Number(row.dataset.firm);
    const typed = [...row.querySelectorAll('[data-firm-field]')].map(input => [
      input.dataset.firmField,
      input.value.trim(),
    ]);
    const fields = [...typed, ['size', chosen(row, `firm-size-${id}`)]];
    return { id, ...Object.fromEntries(fields.filter(([, value]) => value)) };
  });
  return told.filter(one => Object.keys(one).length > 1);
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  const met = chosen(form, 'result') === 'met';
  const arrived = met ? newcomers() : [];
  if (arrived.some(one => !one.name)) return complain(form, t('home-name-missing'));
  const asked = met && needs ? needsOf(needs) : [];
  if (asked.some(one => !one.service || !one.purpose || !one.until_on || !one.consents))
    return complain(form, t('visit-need-incomplete'));
  const body = {
    [`${kind}_id`]: key,
    client_id: client,
    happened_at: (moment.value ? new Date(moment.value) : new Date()).toISOString(),
    result: chosen(form, 'result'),
    verified: met && (document.getElementById('verified')?.checked ?? false),
    consent: met && document.getElementById('consent').checked,
    said: promises(),
    residents: met ? residentsTold() : [],
    visit_hour: met ? chosen(form, 'hour') : null,
    arrived,
    departed: met
      ? [...form.querySelectorAll('[data-gone]:checked')].map(box =>
          Number(box.closest('[data-resident]').dataset.resident),
        )
      : [],
    needs: asked,
    employers: met ? firmsTold() : [],
  };
  const written = await sendWhenPossible(form, '/api/visits', body);
  if (written) location.assign(`/buildings/${building}`);
});
look();
