/** Monthly reports: another place shows at once; the sheet goes to the printer. */
import '../frame/frame.js';

for (const field of document.querySelectorAll('[data-submits]'))
  field.addEventListener('change', () => field.form.submit());
document.querySelector('[data-act="print"]')?.addEventListener('click', () => window.print());
