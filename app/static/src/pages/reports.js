/** Monthly reports: another place shows at once; the sheet goes to the printer. */
import '../frame/frame.js';
import { printOnPress, submitOnChange } from '../frame/forms.js';

submitOnChange();
printOnPress();
