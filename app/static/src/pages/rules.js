/** Rules: another pack has other numbers, so those of the former are not sent along with it. */
import '../frame/frame.js';

document.querySelector('#code')?.addEventListener('change', () => {
  for (const field of document.querySelectorAll('[data-setting]')) field.disabled = true;
  const numbers = document.querySelector('.rule-numbers');
  numbers.open = false;
  numbers.hidden = true;
});
