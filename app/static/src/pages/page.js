/** A page without a script of its own. */
import '../frame/frame.js';
