### Hazards brought in from files.

hazard-import-row = Row
hazard-import-id = Id
hazard-import-outcome = What became of it
hazard-import-why = Why
hazard-import-remedy = What to do
hazard-import-entered = entered
hazard-import-looked = nothing stored; would be
hazard-import-counted = { $outcome } { $n }
hazard-import-of-them = Of those taken, { $closed } are closed; the words of { $held } may name somebody and are held until somebody has looked.
hazard-import-ignored = Columns not read: { $columns }.
hazard-import-refused = { $n ->
    [one] 1 row
   *[other] { $n } rows
  } refused, the first is row { $first }: { $reason }
hazard-outcome-taken = taken
hazard-outcome-repeated = there already
hazard-outcome-refused = refused
hazard-row-no-id = The row has no id.
hazard-remedy-no-id = Give it one of its own, or it could not be known again.
hazard-row-long-id = The id has more than 200 characters.
hazard-remedy-long-id = Give it a shorter one.
hazard-row-id-twice = A row before it has the same id.
hazard-remedy-id-twice = Give each row an id of its own, or leave out the one too many.
hazard-row-cell-broken = A cell holds what is no text.
hazard-remedy-cell-broken = Write the cell anew, or save the file as UTF-8.
hazard-row-digits-lost = A spreadsheet has cut digits off a number.
hazard-remedy-digits-lost = Format the column as text and enter it again.
hazard-row-bad-date = A moment is not understood.
hazard-remedy-bad-date = Write it as 2026-03-01 14:30; with the month first only with AM or PM.
hazard-row-ahead = A moment lies ahead.
hazard-remedy-ahead = Correct the date; a time zone can be given as 2026-03-01T14:30+08:00.
hazard-row-closed-before = It ended before it happened.
hazard-remedy-closed-before = Correct one of the two moments, or leave the end empty.
hazard-row-bad-severity = The severity is not understood.
hazard-remedy-bad-severity = Write 1, 2 or 3; or General, Serious or Grave.
hazard-row-long-detail = The words are longer than 2,000 characters.
hazard-remedy-long-detail = Shorten them.
hazard-row-unknown-kind = There is no such kind of hazard.
hazard-remedy-unknown-kind = Say which of ours it is, or choose one for all rows of no kind of ours.
hazard-row-no-coordinates = It has no coordinates.
hazard-remedy-no-coordinates = Look up longitude and latitude, and enter them.
hazard-row-bad-coordinates = Longitude or latitude is no number.
hazard-remedy-bad-coordinates = Write degrees with a point, as in 113.1234.
hazard-row-not-degrees = The coordinates are no degrees.
hazard-remedy-not-degrees = Convert them to longitude and latitude, WGS-84.
hazard-row-swapped = It lies outside the place, and inside with longitude and latitude exchanged.
hazard-remedy-swapped = Exchange the two columns.
hazard-row-shifted = It lies outside the place, and inside if the coordinates are shifted as on Chinese web maps.
hazard-remedy-shifted = Find out whether the file is GCJ-02 or BD-09, and read all of it as that.
hazard-row-outside = It lies outside the place.
hazard-remedy-outside = Correct the coordinates, or bring the file in for the place it lies in.
