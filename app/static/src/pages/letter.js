/** A letter to sign: a sheet made by the server; here it only goes to the printer. */
import '../frame/frame.js';

document.querySelector('[data-act="print"]').addEventListener('click', () => window.print());
