/** Duties: choosing another place shows it at once; a month goes to the printer. */
import '../frame/frame.js';
import { printOnPress, submitOnChange } from '../frame/forms.js';

submitOnChange();
printOnPress();
