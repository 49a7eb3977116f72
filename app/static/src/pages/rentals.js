/** Pages of rentals, letters and needs: forms that the server answers. */
import '../frame/frame.js';
