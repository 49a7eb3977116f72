/** An employer written down or corrected. Its letters are forms that the server answers. */
import '../frame/frame.js';
import { send } from '../frame/api.js';
import { pageFacts } from '../frame/dom.js';
import { chosen, complain } from '../panels/door_form.js';

const { employer, building } = pageFacts();
const form = document.getElementById('employer');
const value = id => document.getElementById(id)?.value.trim() || null;

form.addEventListener('submit', async event => {
  event.preventDefault();
  const told = {
    name: value('employer-name'),
    kind: chosen(form, 'kind'),
    size: chosen(form, 'size'),
    contact_name: value('contact-name'),
    contact_phone: value('contact-phone'),
  };
  try {
    if (employer) {
      const ended = value('ended-on');
      await send('PATCH', `/api/employers/${employer}`, ended ? { ...told, ended_on: ended } : told);
    } else {
      await send('POST', '/api/employers', {
        ...told,
        building_id: building,
        begun_on: value('begun-on'),
      });
    }
    location.assign(`/buildings/${building}`);
  } catch (error) {
    if (error.name !== 'Problem') throw error;
    complain(form, error.message);
  }
});
