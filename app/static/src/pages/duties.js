/** Duties: choosing another place shows it at once. */
import '../frame/frame.js';

for (const field of document.querySelectorAll('[data-submits]'))
  field.addEventListener('change', () => field.form.submit());
