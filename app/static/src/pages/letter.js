/** A letter to sign: a sheet made by the server; here it only goes to the printer. */
import '../frame/frame.js';
import { printOnPress } from '../frame/forms.js';

printOnPress();
