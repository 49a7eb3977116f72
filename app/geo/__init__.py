"""Pure geometry: metres in, metres out; no Flask, no SQL, no clock, no global random."""
