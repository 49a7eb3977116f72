/** Figures: choosing another place or quarter shows it at once. */
import '../frame/frame.js';
import { submitOnChange } from '../frame/forms.js';

submitOnChange();
