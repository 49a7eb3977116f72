/** The rights centre and the resident's own page: forms that the server answers. */
import '../frame/frame.js';
