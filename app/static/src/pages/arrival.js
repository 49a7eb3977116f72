/** People who came to live somewhere: written down in one go, sent until it has arrived. */
import '../frame/frame.js';
import { pageFacts } from '../frame/dom.js';
import { addPerson, chosen, complain, sendWhenPossible, told } from '../panels/door_form.js';
import { t } from '../words.js';

const { kind, key, building, client } = pageFacts();
const form = document.getElementById('arrival');
const people = document.getElementById('people');

form
  .querySelector('[data-more]')
  .addEventListener('click', () => addPerson(people, document.getElementById('person')));

form.addEventListener('submit', async event => {
  event.preventDefault();
  const residents = [...people.children].map(told).filter(one => Object.keys(one).length);
  if (!residents.length || residents.some(one => !one.name)) return complain(form, t('home-name-missing'));
  const where =
    kind === 'building'
      ? { building_id: building, door: document.getElementById('door').value.trim() }
      : { [`${kind}_id`]: key };
  const arrived = await sendWhenPossible(form, '/api/arrivals', {
    ...where,
    client_id: client,
    from_on: document.getElementById('from-on').value,
    residents,
    consent: document.getElementById('consent').checked,
    source: chosen(form, 'source') ?? 'visit',
    visit_hour: chosen(form, 'hour'),
  });
  if (arrived) location.assign(`/households/${arrived.household_id}`);
});
