### Registers brought in from tables.

register-import-title = Import registers
register-import-about = Residents from a CSV or XLSX table: matched to buildings by code, address or coordinates.
register-import-place = Place
register-import-file = File
register-import-file-about = CSV (UTF-8 or GB18030) or XLSX, 20 MB and 10,000 rows at most; more by the command line. The first row names the columns.
register-import-look = Look first
register-import-enter = Enter
register-import-worklist = Rows left over
register-import-kept = Looking stores nothing. Nothing of the file is kept; a row that is wrong stops the whole file.
register-import-looked = What would become of the rows
register-import-entered = Entered
register-import-taken = Taken
register-import-known = Known already
register-import-left-over = Left over
register-import-mended = Cells mended
register-import-encoding = The file is written in { $encoding }; it was read so.
register-import-worklist-about = Of rows left over the building was not found. Take “Rows left over” as a file, correct them there and bring that in.
register-import-row = Row
register-import-outcome = What became of it
register-import-more =
    { $n ->
        [one] and { $n } more row
       *[other] and { $n } more rows
    }
register-import-mended-rows = What was mended
register-import-mended-row = Row { $row }, { $column }:
register-import-columns = Columns
register-import-columns-about = A door and a name are needed, and a building by code, address or coordinates. Chinese names are understood, too.
register-import-columns-known = building code · entrance · dwelling · household no · name · age band · registered here · phone · from · until · address · longitude · latitude
register-import-never = ID numbers and birth dates are kept only where the rules of the place have them; elsewhere a number is only checked for damage. Of an age only its band is kept.
mended-wide = wide characters were made narrow
mended-text = hidden or doubled characters were removed
row-why = Why it was left over
row-new-dwelling = new dwelling
row-new-household = new household
row-new-resident = new resident
row-new-stay = new stay, or its end
row-filled = missing details filled in
row-known = known already; nothing to change
row-unmatched-code = No building has this code. Correct the code, or give an address or coordinates.
row-unmatched-place = No building is named. Give a code, an address or coordinates.
row-unmatched-address = No building has this address. Correct it, or give the building's code.
row-unmatched-several = Several buildings have this address. Give the building's code.
row-unmatched-point = No building stands within 30 m of these coordinates. Give the building's code.
