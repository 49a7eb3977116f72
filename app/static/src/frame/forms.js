/** What pages of forms and sheets do alike. */

/** A field that `data-submits` sends its form as soon as it changes. */
export function submitOnChange() {
  for (const field of document.querySelectorAll('[data-submits]'))
    field.addEventListener('change', () => field.form.submit());
}

/** The button for it, where the page has one, sends the page to the printer. */
export function printOnPress() {
  document.querySelector('[data-act="print"]')?.addEventListener('click', () => window.print());
}
