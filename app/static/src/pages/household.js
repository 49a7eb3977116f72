/** A household's file: fields corrected, somebody leaves or moves, a promise is kept. */
import '../frame/frame.js';
import { pageFacts } from '../frame/dom.js';
import { post, send } from '../frame/api.js';
import { toast, toastProblem } from '../frame/toast.js';
import { chosen, closable, complain, sendWhenPossible } from '../panels/door_form.js';
import { t } from '../words.js';

const { today } = pageFacts();
const rows = [...document.querySelectorAll('[data-resident]')];
const everybody = rows.map(row => Number(row.dataset.resident));
const [leaving, moving] = ['leaving', 'moving'].map(id => closable(document.getElementById(id)));
let who = [];

for (const row of rows) {
  const id = Number(row.dataset.resident);
  const form = row.querySelector('[data-correct]');
  const act = name => row.querySelector(`[data-act="${name}"]`);
  act('correct').addEventListener('click', event => {
    form.hidden = !form.hidden;
    event.currentTarget.setAttribute('aria-expanded', String(!form.hidden));
    if (!form.hidden) form.querySelector('input').focus();
  });
  form.addEventListener('submit', event => correct(event, form, id));
  act('leave').addEventListener('click', () => ask(leaving, id));
  act('move').addEventListener('click', () => ask(moving, id));
}

async function correct(event, form, id) {
  event.preventDefault();
  const registered = chosen(form, `registered-${id}`);
  const told = {
    name: form.elements.name.value.trim(),
    phone: form.elements.phone.value.trim() || null,
    age_band: chosen(form, `age-${id}`),
    registered_here: registered === null ? null : registered === 'yes',
  };
  Object.assign(told, identityIn(form));
  try {
    await send('PATCH', `/api/residents/${id}`, told);
    location.reload();
  } catch (error) {
    if (error.name !== 'Problem') throw error;
    complain(form, error.message);
  }
}

/** Birth date and number, where the rules have them and they were changed; a number is never filled in. */
function identityIn(form) {
  const { birth_date: born, id_number: number, no_number: forget } = form.elements;
  const said = {};
  if (born && born.value !== born.dataset.was) said.birth_date = born.value || null;
  if (number?.value.trim()) said.id_number = number.value.trim();
  else if (forget?.checked) said.id_number = null;
  return said;
}

function ask(dialog, id) {
  who = [id];
  complain(dialog, '');
  dialog.showModal();
}

/** Those a dialog is about: one, or everybody where that was ticked. */
function meant(box) {
  return document.getElementById(box)?.checked ? everybody : who;
}

leaving.querySelector('form').addEventListener('submit', async event => {
  event.preventDefault();
  const body = { residents: meant('leave-all'), until_on: document.getElementById('left-on').value };
  const left = await sendWhenPossible(event.currentTarget, '/api/departures', body);
  if (!left) return;
  leaving.close();
  for (const row of rows) if (left.stays.includes(Number(row.dataset.stay))) row.remove();
  toast(t(left.ended ? 'home-left-all' : 'home-left', { n: left.stays.length }), {
    stays: true,
    act: () => takeBack(left.stays),
  });
  for (const button of leaving.querySelectorAll('button')) button.disabled = false;
});

async function takeBack(stays) {
  try {
    for (const stay of stays) await send('DELETE', `/api/departures/${stay}`);
    location.reload();
  } catch (error) {
    toastProblem(error);
  }
}

moving.querySelector('form').addEventListener('submit', async event => {
  event.preventDefault();
  const form = event.currentTarget;
  const dwelling = Number(document.getElementById('move-to').value);
  if (!dwelling) return complain(form, t('home-move-choose'));
  const on = document.getElementById('moved-on').value;
  const body = { residents: meant('move-all'), dwelling_id: dwelling, on };
  const moved = await sendWhenPossible(form, '/api/moves', body);
  if (moved) location.assign(`/households/${moved.household_id}`);
});

for (const row of document.querySelectorAll('[data-promise]')) {
  row.querySelector('[data-act="keep"]')?.addEventListener('click', async () => {
    try {
      await post(`/api/promises/${row.dataset.promise}/keeping`, { kept_on: today });
      location.reload();
    } catch (error) {
      toastProblem(error);
    }
  });
}
