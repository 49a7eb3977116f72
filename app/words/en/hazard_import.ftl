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

hazard-import-title = Import hazards
hazard-import-page-about = Points with a moment each, from a CSV or XLSX table. Each row becomes a case of the community and grid it lies in; what is over where it comes from is closed here.
hazard-import-place = Place
hazard-import-file = File
hazard-import-file-about = CSV (UTF-8 or GB18030) or XLSX, 20 MB and 25,000 rows at most; more by the command line. The first row names the columns.
hazard-import-look = Look first
hazard-import-enter = Enter
hazard-import-report = Report of every row
hazard-import-kept = Looking stores nothing, and nothing of the file is kept. Rows that cannot be taken are refused one by one; all others go in together. Brought in again, rows that are there stay as they are.
hazard-import-was-looked = What would become of the rows
hazard-import-was-entered = Entered
hazard-import-closed = of them closed
hazard-import-held = Words held back
hazard-import-held-about = Words that may name somebody are held until somebody has looked.
hazard-import-see = See the cases
hazard-import-rows = Rows
hazard-import-first = First row
hazard-import-each = Row by row
hazard-import-more =
    { $n ->
        [one] and { $n } more row, in the report
       *[other] and { $n } more rows, in the report
    }
hazard-import-columns = Which column is which
hazard-import-by-name = By its name
hazard-import-field =
    { $field ->
        [id] Id
        [occurred_at] When it happened
        [closed_at] When it ended
        [kind] Kind
        [severity] Severity
        [detail] Words
        [lon] Longitude
       *[lat] Latitude
    }
hazard-import-kinds = Kinds of the file
hazard-import-kinds-about = These are none of ours by name. Say which they are, then look again.
hazard-import-kind-rows =
    { $n ->
        [one] { $n } row
       *[other] { $n } rows
    }
hazard-import-none-of-ours = None of ours
hazard-import-options = More choices
hazard-import-other-kind = Rows of no kind of ours
hazard-import-refuse = are refused
hazard-import-datum = Coordinates are
hazard-import-datum-named =
    { $datum ->
        [cgcs2000] CGCS2000
        [gcj02] GCJ-02 (shifted, as on Chinese web maps)
        [bd09] BD-09 (shifted, Baidu)
       *[wgs84] WGS-84
    }
hazard-import-source = Source
hazard-import-source-about = By it and their id rows are known again; empty: the file’s name.
