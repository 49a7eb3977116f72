/** Lists of hazards and inspections, and one case: pages the server writes; nothing here but the frame. */
import '../frame/frame.js';
