/** A building's doors: more of them are added, by floors or by a list. */
import { doorsOf, doorsWritten } from '../core/doors.js';
import '../frame/frame.js';
import { pageFacts } from '../frame/dom.js';
import { closable, complain, sendWhenPossible } from '../panels/door_form.js';
import { t } from '../words.js';

const { building } = pageFacts();
const dialog = document.getElementById('add-doors');
let entrance = null;

if (dialog) {
  closable(dialog);
  const form = dialog.querySelector('form');
  const [from, to, each] = ['add-from', 'add-to', 'add-doors-each'].map(id => document.getElementById(id));
  const list = document.getElementById('add-list');
  const preview = () => (list.value = doorsOf(+from.value, +to.value, +each.value).join(' '));
  for (const input of [from, to, each]) input.addEventListener('input', preview);
  for (const button of document.querySelectorAll('[data-add]')) {
    button.addEventListener('click', () => {
      entrance = button.dataset.entrance ? Number(button.dataset.entrance) : null;
      preview();
      dialog.showModal();
    });
  }
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const doors = doorsWritten(list.value);
    if (!doors.length) return complain(form, t('home-add-none'));
    const path = `/api/buildings/${building}/dwellings`;
    if (await sendWhenPossible(form, path, { doors, entrance_id: entrance })) location.reload();
  });
}
