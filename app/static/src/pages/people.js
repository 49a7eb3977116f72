/** Pages about staff and about oneself: forms that the server answers. */
import '../frame/frame.js';
