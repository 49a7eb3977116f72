/**
 * Help asked for at the door. Each need has its code from the start, made here, so that it can be handed over
 * without a network; the server keeps its hash alone. What is taken out of the form leaves no mark.
 */

const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'; // as app/services/needs.py has them
const LENGTH = 12,
  GROUP = 4;

/**
 * A code that nobody guesses, in groups that can be read out, as in ABCD-EFGH-JKMN.
 *
 * @param {(bytes: Uint8Array) => Uint8Array} random fills an array with random bytes
 */
export function newCode(random = bytes => crypto.getRandomValues(bytes)) {
  const fair = 256 - (256 % LETTERS.length); // a byte beyond would make the first letters likelier
  let code = '';
  while (code.length < LENGTH) {
    const [byte] = random(new Uint8Array(1));
    if (byte < fair) code += LETTERS[byte % LETTERS.length];
  }
  return code.match(new RegExp(`.{${GROUP}}`, 'g')).join('-');
}

/** Add the fields of another need from the template, with a code of its own. */
export function addNeed(list, template) {
  const number = `n${list.children.length}-${Math.floor(performance.now())}`;
  const made = template.content.firstElementChild.cloneNode(true);
  for (const part of made.querySelectorAll('[id], [for]')) {
    for (const name of ['id', 'for'])
      if (part.hasAttribute(name))
        part.setAttribute(name, part.getAttribute(name).replace(/-N$/, `-${number}`));
  }
  made.querySelector('[data-need-code]').textContent = newCode();
  made.querySelector('[data-remove]').addEventListener('click', () => made.remove());
  list.append(made);
  made.querySelector('select').focus();
  return made;
}

/** What the form says of needs, as the server takes it; those with nothing in them are left out. */
export function needsOf(list) {
  const said = [...list.children].map(row => {
    const value = name => row.querySelector(`[data-need-field="${name}"]`)?.value.trim() || null;
    const resident = value('resident_id');
    return {
      service: value('service'),
      purpose: value('purpose'),
      until_on: value('until_on'),
      resident_id: resident && Number(resident),
      consents: row.querySelector('[data-need-consents]').checked,
      code: row.querySelector('[data-need-code]').textContent,
    };
  });
  return said.filter(one => one.service || one.purpose || one.consents);
}
