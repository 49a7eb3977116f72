"""The software saying no, and every reason it has for it.

A refusal is data: a code and its facts. The sentence a person reads is made from
them in one place (`sentence`), so that no caller parses words. A fact that is itself a piece of a sentence
(what is wrong with a file, a hint) is such data too: a `part`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Refusal(Exception):
    """What was asked cannot be done; `code` says why, `facts` name the object.

    >>> str(Refusal("layer_missing", file="town.gpkg", role="water", layer="水系", found="rivers"))
    'town.gpkg has no layer “水系” (found: rivers). Name it with --layer water=NAME, or give --water FILE.'
    """

    def __init__(self, code: str, **facts: object) -> None:
        if code not in SENTENCES:
            raise KeyError(f"no sentence for refusal code {code!r}")
        super().__init__(code, facts)
        self.code = code
        self.facts: Mapping[str, object] = facts

    def __str__(self) -> str:
        return sentence(self.code, self.facts)

    def __reduce__(self) -> tuple[object, ...]:
        # Refusals cross process borders (readers parse in a child).
        return (_rebuild, (self.code, dict(self.facts)))


def _rebuild(code: str, facts: dict[str, object]) -> Refusal:
    return Refusal(code, **facts)


def sentence(code: str, facts: Mapping[str, object]) -> str:
    """The English sentence for a refusal: what is wrong with which object, and the remedy."""
    return filled(SENTENCES[code], facts)


def part(code: str, **facts: object) -> dict[str, object]:
    """A piece of a sentence as a fact: every language has its own words for it, and JSON can hold it.

    >>> str(Refusal("file_damaged", file="town.zip", what=part("member_size_wrong", member="town.dbf")))
    'town.zip is damaged: member town.dbf has not the size it states. Export it again.'
    """
    if code not in PARTS:
        raise KeyError(f"no words for part {code!r}")
    return {"part": code, **facts}


def row_part(label: str) -> dict[str, object]:
    """What a report calls a row, as a part of a sentence.

    >>> english(row_part("feature 3 (B9)")), row_part("row 7")
    ('feature 3 (B9)', {'part': 'row', 'word': 'row', 'number': '7'})
    """
    word, _, number = label.partition(" ")
    number, named, name = number.partition(" (")
    if named:
        return part("row_named", word=word, number=number, name=name.removesuffix(")"))
    return part("row", word=word, number=number)


def torn_part(buildings: Sequence[str]) -> dict[str, object]:
    """What would be cut off a grid, as a part of a sentence: buildings by name, else open ground.

    >>> english(torn_part(["12号楼", "13号楼"])), english(torn_part([]))
    ('12号楼, 13号楼', 'Open ground')
    """
    if not buildings:
        return part("torn_ground")
    return part("torn_buildings", names=[part("named", name=name) for name in buildings])


def refused_part(code: str, facts: Mapping[str, object]) -> dict[str, object]:
    """A refusal within a sentence."""
    return {"refusal": code, "facts": dict(facts)}


def english(fact: object) -> object:
    """A fact as an English sentence has it: parts in words, a list of them with commas, all else as it is.

    >>> english([part("column_found", field="code", column="楼号"), part("over", n=3)])
    'code = 楼号, over 3'
    """
    if isinstance(fact, Mapping) and "part" in fact:
        return filled(PARTS[str(fact["part"])], fact)
    if isinstance(fact, Mapping) and "refusal" in fact:
        return sentence(str(fact["refusal"]), fact["facts"]).rstrip(".")
    if isinstance(fact, list) and all(isinstance(one, Mapping) and "part" in one for one in fact):
        return ", ".join(str(english(one)) for one in fact)
    return fact


def filled(template: str, facts: Mapping[str, object]) -> str:
    """An English template with its facts."""
    return template.format_map({name: english(fact) for name, fact in facts.items()})


SENTENCES: dict[str, str] = {
    "same_file": "{file} is named twice: what is written there would destroy the other. Name another file.",
    "not_a_geopackage_name": "{file} does not end in .gpkg, but a GeoPackage is what is written. Rename it.",
    "plots_do_not_match": (
        "{count} plot borders could not be fitted together. This is a fault of ours: please report it "
        "with the file."
    ),
    "level_unknown": (
        "The district has no administrative areas of level “{level}” (found: {found}). Give one of these "
        "to --within."
    ),
    "layer_missing": (
        "{file} has no layer “{layer}” (found: {found}). Name it with --layer {role}=NAME, or give --{role} "
        "FILE."
    ),
    # hazards and cases
    "hazard_kind_unknown": "There is no kind of hazard “{kind}” that can be reported here. Choose another.",
    "hazard_site_missing": "Say where it is: one building, one compound, or one point on the map.",
    "hazard_outside": "This point lies in none of our places. Choose one within the district.",
    "hazard_ahead": (
        "The report is dated {minutes} minutes from now. Set the clock of the phone, or the time of the "
        "report."
    ),
    "hazard_limits_missing": (
        "No time limits were in force for severity {severity} on {day}. Ask an administrator to set them."
    ),
    "hazard_limits_long": "The stages of a case take {most} hours at most, all together. Give them fewer.",
    "hazard_changed": (
        "Somebody did something with case {hazard} meanwhile (you saw version {yours}, it is {current} now). "
        "Look at it again."
    ),
    "case_not_now": "This cannot be done with a case that is “{state}”. Its page shows what can be.",
    "case_mechanism": "This is none of the steps of a case that goes by “{mechanism}”.",
    "case_fact_missing": "This step needs something more: {fact}. Fill it in.",
    "case_photo_missing": "Add a photo of the work done first; without one a case is not closed on the spot.",
    "case_recheck_by_another": (
        "This hazard is grave: somebody who neither was handed it nor did the work must look again before it "
        "is closed."
    ),
    "case_grave_not_on_the_spot": (
        "This hazard is grave and not closed on the spot. Let it be handed out, and checked by somebody else."
    ),
    "case_reopened_late": (
        "A case is reopened within {days} days. What is found later is a new hazard: report it."
    ),
    "case_review_past": "{day} is over or today. Choose a later day on which it is looked at again.",
    "case_review_late": "{day} is too far: a pending case is looked at again within {days} days.",
    "case_call_first": "Nobody was called yet. Call who must know and write it down; then it is filed.",
    "case_duplicate_of": (
        "{of} is no other open case, or this one has duplicates already. Name the open case that is handled."
    ),
    "sheet_too_small": (
        "{rows} hazards are meant, and a sheet holds {most}: choose CSV or GeoPackage, or a shorter time."
    ),
    "file_made_apart": (
        "{rows} hazards are more than the {most} that are written while you wait. Have the file made: it "
        "then waits a day for you."
    ),
    "files_too_many": (
        "{most} files of yours are being made or wait to be taken. Ask again when the oldest has gone."
    ),
    "file_not_ready": "The file is still being made. Ask again in a few seconds.",
    "file_gone": "The file is no longer there. Have it made anew.",
    "photos_too_many": "A hazard has at most {most} photos.",
    "rule_hours_disordered": (
        "The hours of the working day are not in order: {hours}. Morning, noon, afternoon and evening follow "
        "each other."
    ),
    # homes and visits
    "building_not_served": (
        "Building {building} stands in no grid you answer for. Tell its own coordinator, who writes it down."
    ),
    "grid_not_served": "You do not answer for grid {grid}. Choose one of your own grids.",
    "dwelling_occupied": (
        "{households} households live in dwelling {dwelling}. Register first that they left."
    ),
    "household_ended": (
        "Household {household} ended on {day}, when its last resident left. Begin a new one in its dwelling."
    ),
    "resident_unnamed": "A resident has no name. Write the name, or take the line away.",
    "door_missing": "Where they live was not said. Choose a household or dwelling, or give a door number.",
    "stay_over": "They left already on {day}. Load the page anew.",
    "several_households": "These residents live in several households. Register each household by itself.",
    "departure_final": (
        "The departure of {day} cannot be taken back any more. Register an arrival in the present dwelling."
    ),
    "zero_report_early": "The report for {month} can be filed from {day} on, when the month is nearly over.",
    "zero_report_filed": "The report of grid {grid} for {month} is filed already and stays as it is.",
    "moved_nowhere": "They live in this household already. Choose another dwelling.",
    "consent_missing": (
        "Nothing of a person is written down without their consent. Ask for it and tick it, or leave it "
        "empty."
    ),
    "birth_date_off": (
        "The rules of this place do not have birth dates, so none is kept. Leave it empty; the age band is "
        "enough."
    ),
    "id_number_off": "The rules of this place do not have ID numbers, so none is kept. Leave it empty.",
    "id_number_malformed": (
        "That is no ID number of 18 characters with a day of birth in it. Read it from the card again."
    ),
    "id_number_check": (
        "This ID number does not fit its own check character, so one of its characters is wrong. Read it "
        "from the card again."
    ),
    "id_number_mangled": (
        "A spreadsheet has rounded this ID number: its last digits are lost. Type it from the card, or store "
        "the column as text."
    ),
    "birth_dates_differ": (
        "The birth date and the one in the ID number are not the same. Correct one of them."
    ),
    "born_ahead": "{day} lies ahead, so nobody was born then. Correct the day.",
    "reason_missing": (
        "Say why the whole number has to be read, in {least} characters at least. It stands in the audit."
    ),
    "reveals_too_often": (
        "You have read {most} whole numbers within an hour. Wait, or use the exchange file."
    ),
    "number_not_whole": (
        "Only a hash and the last four characters of this number are kept. Ask its owner for the card."
    ),
    "number_unreadable": (
        "This number cannot be read with the key of this server. Have the administrator put back the "
        "identity key it was kept under."
    ),
    "numbers_not_exchanged": (
        "The rules of {place} do not have whole ID numbers in the exchange file. Write the file without them."
    ),
    "identity_key_missing": (
        "This server has no key for identity numbers. Have the administrator set GRIDKEEPER_IDENTITY_KEY."
    ),
    "rule_number_unkept": (
        "The exchange file cannot have whole ID numbers where ID numbers are off. Switch both on, or neither."
    ),
    "promise_without_day": "A promise has no day. Say until when, or leave the promise empty.",
    "visit_unmet": (
        "Nobody was met, so nothing can be verified or changed. Say that somebody was met, or take it out."
    ),
    "visit_ahead": "The visit lies {minutes} minutes ahead of our clock. Set the clock of the phone.",
    "visit_where": "Where the visit was is not said. Name a household, a dwelling or a building.",
    "number_taken": (
        "Entry {number} of this phone came before, with other words; the next is {next}. Send it as a "
        "new one."
    ),
    "entry_not_taken": (
        "This entry cannot be kept as it was written. Write it anew; if it is refused again, tell an "
        "administrator."
    ),
    "handset_unknown": "This phone is not known to the server. Sign in on it again while it has signal.",
    "handset_wiped": "This phone is to be wiped. Ask an administrator why.",
    "handsets_too_many": (
        "{most} phones are known for this person already. Let an administrator wipe those not used any more."
    ),
    "client_id_reused": (
        "Another entry was sent under this number already. Load the page anew and write it down again."
    ),
    # examining grids
    "grids_column_missing": (
        "{file}, layer grids, has no column “{column}” (found: {found}). Give every grid its code and its "
        "households."
    ),
    "grids_count_unreadable": (
        "{file}, layer grids, row {row}: its households are {found}, no whole number. Correct it there."
    ),
    "grids_crs_unknown": (
        "{file} does not say in which coordinate system its grids are, or in one that does not fit them. "
        "Export it with its coordinate system."
    ),
    "certificate_unreadable": (
        "{file} is no certificate of this software, or a damaged one. Take it as it was written."
    ),
    # reading files
    "file_missing": "There is no file {file}. Check the path.",
    "file_unreadable": "You may not read {file}. Let its owner allow it, or copy it to a place of yours.",
    "file_empty": "{file} is empty. Export it again.",
    "file_open_elsewhere": (
        "{file} has changes that are not in it yet: it is open in another program or was not closed; close "
        "it there and try again."
    ),
    "file_too_large": (
        "{file} has {size_mb} MB, more than the {most_mb} MB allowed. Send the place in parts, or raise "
        "--max-file-mb."
    ),
    "format_unknown": "{file} is of no format that is read here ({allowed}). Export it in one of them.",
    "format_mismatch": (
        "{file} is named like a {named} but does not begin like one{looks}. Give it the name of what it "
        "is, or export it again."
    ),
    "file_damaged": "{file} is damaged: {what}. Export it again.",
    "file_unsafe": "{file} asks for what no data file may: {what}. Export it without that.",
    "file_not_understood": (
        "{file} is not understood: {what}. Export it again as a plain file of polygons with attributes."
    ),
    "too_deep": "{file} is nested deeper than {most} levels. Export it again as a plain file.",
    "archive_too_large": (
        "{file} unpacks to {what}, more than the {most} allowed. Send only what belongs to it, or split it."
    ),
    "archive_encrypted": "{file} is encrypted. Send it without a password.",
    "member_missing": "{file} lacks {member}. Zip the .shp, .dbf and .prj together and send it again.",
    "encoding_wrong": "{file}: its text is not {encoding}. Name the right one with --encoding.",
    "encoding_unknown": (
        "{file} does not say how its text is encoded, and it fits neither UTF-8 nor GB18030. Name it with"
        " --encoding."
    ),
    "not_utf8": (
        "{file} must be UTF-8 and is not, from byte {byte} on{looks}. Save it as UTF-8, or name its "
        "encoding with --encoding."
    ),
    "crs_missing": (
        "{file}, layer “{layer}”, does not say in which coordinate system it is. Name it, for example "
        "--crs EPSG:4490."
    ),
    "crs_unreadable": (
        "{file}: the coordinate system {crs} is not understood. Name it with --crs, for example --crs "
        "EPSG:4547."
    ),
    "crs_contradicts": (
        "{file}: its coordinates cannot be {crs}, as {said_by} says. Name the coordinate system they are in "
        "with --crs."
    ),
    "layer_ambiguous": (
        "{file} has several layers ({found}) and none is called {role}. Name the one that holds the {role} "
        "with --layer {role}=NAME."
    ),
    "layer_empty": "{file}, layer “{layer}”, has no rows. Check the export.",
    "layer_not_a_table": "{file}: layer “{layer}” is a view or computed table. Export it as a plain table.",
    "no_layers": "{file} holds no layer of features. Check the export.",
    "too_many_layers": (
        "{file} has {layers} layers, more than the {most} allowed. Export only what is needed."
    ),
    "too_many_rows": (
        "{file}, layer “{layer}”, has {rows} rows, more than the {most} allowed. Send it in parts, or "
        "raise --max-rows."
    ),
    "too_many_columns": (
        "{file}, layer “{layer}”, has {columns} columns, more than the {most} allowed. Export only those "
        "needed."
    ),
    "column_missing": (
        "{file} has no column “{column}” for {field} (found: {found}). Name one of those with --column "
        "{field}=NAME."
    ),
    "column_ambiguous": (
        "{file}: columns {columns} could all hold the {field} and differ. Name the right one with --column "
        "{field}=NAME."
    ),
    "buildings_stacked": (
        "{file}: {pairs} pairs of {rows} buildings overlap each other. Export each building once."
    ),
    "rows_refused": "{file} is refused whole: {refused} of {rows} rows cannot be taken. First {row}: {why}",
    "place_missing": (
        "{file} has no administrative area called “{place}” with a complete outline (complete ones: "
        "{found}). Name one of those, or give --boundary FILE."
    ),
    "boundary_unusable": (
        "None of the {rows} rows of the boundary can serve as an outline{why}. Correct the boundary, or "
        "leave it out to have one drawn around the buildings."
    ),
    "box_elsewhere": "The box of --bbox shares no ground with the {outline}. Check its four numbers.",
    "no_buildings_left": (
        "No building lies inside the outline. Check that boundary and buildings are of the same place and"
        " datum."
    ),
    "reading_took_too_long": (
        "{file} could not be read within {seconds} s. Send a smaller or simpler file, or raise --max-seconds."
    ),
    "reading_took_too_much_memory": (
        "{file} needs more than {memory_mb} MB to read. Send a smaller or simpler file, or raise "
        "--max-memory-mb."
    ),
    "reader_killed": (
        "{file}: the system ended the reader, most likely because the computer is short of memory. Close "
        "other programs and try again, or read the file in parts."
    ),
    "no_room_to_read": (
        "There is no room left in {folder} to read {file}. Make room there and try again, or name another "
        "folder with TMPDIR."
    ),
    "reader_stopped": (
        "{file} stopped the reader; it is probably damaged. Export it again, or in another format."
    ),
    # single rows; {row} is known to the report
    "geometry_missing": "it has no geometry; draw it or leave the row out.",
    "geometry_empty": "its geometry is empty; draw it or leave the row out.",
    "geometry_type": "its geometry is a {type} where {wanted} is needed.",
    "geometry_unreadable": "its geometry cannot be decoded; export the layer again.",
    "geometry_other_crs": (
        "its geometry is in another coordinate system than its layer; export the layer again."
    ),
    "geometry_invalid": (
        "its outline is not valid ({reason}) and too large to be repaired here; correct it in the source."
    ),
    "geometry_collapsed": "its outline encloses no ground ({reason}); draw it again.",
    "ring_too_short": "a ring has fewer than four positions; draw it again.",
    "position_not_numbers": "a position is not two or three numbers; export it again.",
    "coordinate_not_a_number": "a coordinate is not a finite number; export it again.",
    "coordinate_out_of_range": "its coordinates are no longitude and latitude: {hint}.",
    "too_many_vertices": "it has {vertices} corners, more than the {most} allowed; simplify it.",
    "too_many_rings": "it has {rings} parts and holes, more than the {most} allowed; split it.",
    "building_too_small": (
        "it covers {area_m2} m², less than the {least} m² of the smallest building; check its units and "
        "shape."
    ),
    "building_too_large": (
        "it covers {area_m2} m², more than the {most} m² of the largest building; check its units and shape."
    ),
    "outside_extent": "it lies more than {margin_m} m outside the place: {hint}.",
    "outside_outline": "most of it lies outside the outline ({share} inside).",
    "astride_outside": "about half of it ({share}) lies inside the outline, but its inner point does not.",
    "footprint_twice": "it stands on the same footprint as {other}; leave one of them out.",
    "code_missing": "it has no code in column {column}; give it one.",
    "code_twice": "its code is that of {other}; codes must differ.",
    "entrance_without_building": "it does not say of which building it is; fill in the building's code.",
    "entrance_building_unknown": (
        "there is no building “{building}” among those taken; give it the code of a building."
    ),
    "entrance_far_off": (
        "it lies {metres} m from its building {building}, more than {most} m; check its place and its "
        "building."
    ),
    "entrance_twice": "it stands where {other} of the same building stands; leave one of them out.",
    "entrance_beside_refused": (
        "another entrance of building {building} could not be read, and its households would fall to this "
        "one; correct that row."
    ),
    "entrances_miscounted": (
        "the entrances of building {building} have {entrances} households together, and the building has "
        "{households}; correct one of the two, or leave the entrances' households empty."
    ),
    "households_missing": "its number of households is missing; fill it in, 0 where nobody lives.",
    "households_not_a_number": "its number of households, {value}, is no whole number.",
    "households_out_of_range": "its number of households, {value}, is not between 0 and {most}.",
    "text_broken": "its {what} holds a NUL or half a character; type it again.",
    "text_garbled": "its {what} was garbled before (�); export it again from the source.",
    "text_not_text": "its {what} is no text.",
    "text_too_long": "its {what} has {characters} characters, more than the {most} allowed.",
    "digits_lost": "its {what} was stored as a rounded number and has lost digits; store it as text.",
    "nested_values": "its attributes are nested too deep or too large; export plain columns.",
    "not_a_street": "a way of the kind {kind} bounds no ground.",
    # the database
    "postgres_missing": (
        "PostgreSQL {wanted} with PostGIS is not installed. Run script/setup, or set DATABASE_URL to a "
        "PostGIS server you run."
    ),
    "extension_missing": (
        "The database lacks one of the extensions {extensions}. Install the package "
        "postgresql-15-postgis-3 (script/setup does), or let the server's administrator create them."
    ),
    "socket_path_too_long": (
        "The path of the database's socket, {path}, has {length} bytes, more than the {most} possible. Move "
        "the checkout to a shorter path, or set GRIDKEEPER_CLUSTER to a folder with a short one."
    ),
    "cluster_missing": "There is no database in {folder} yet. Run script/setup once to make it.",
    "cluster_not_yours": (
        "The database in {folder} belongs to another account. Use that account, or set GRIDKEEPER_CLUSTER to "
        "a folder of your own."
    ),
    "cluster_version": (
        "The database in {folder} was made by PostgreSQL {found}, but {wanted} is used. Move it over with "
        "pg_upgrade, or move the folder away to begin anew."
    ),
    "cluster_silent": (
        "The database did not answer within {seconds} s. Look at the end of {log}, then try again."
    ),
    "cluster_failed": (
        "The database could not be made or started: {what}. Mend that and try again; nothing was lost."
    ),
    "database_url_malformed": (
        "DATABASE_URL is not understood. Write it as postgresql://owner:password@host:5432/database."
    ),
    "database_unreachable": (
        "The database does not answer: {what}. Run `gridkeeper db start`, or check DATABASE_URL."
    ),
    "database_lacks_right": (
        "The database's owner may not do this: {what}. Let the server's administrator do it once, as "
        "docs/database.md tells."
    ),
    "schema_behind": (
        "The database's schema is {found}, but this Gridkeeper needs {wanted}. Run `gridkeeper db upgrade`, "
        "after a backup."
    ),
    "schema_ahead": (
        "The database's schema, {found}, is newer than this Gridkeeper, which knows {wanted}. Use the newer "
        "Gridkeeper."
    ),
    # serving
    "port_taken": (
        "Port {port} is in use by another program. Stop that, or choose another with --port {other}."
    ),
    "port_not_allowed": (
        "This account may not listen at port {port}. Choose one above 1023 with --port, and let a web "
        "server in front take port 443."
    ),
    "host_unknown": (
        "This computer has no address {host} to listen at. Choose another with --host, for example 127.0.0.1."
    ),
    # places, plots and plans
    "place_code_malformed": (
        "“{place}” is no code of a place. Give the 6 digits of a district, the 9 of a subdistrict or the 12 "
        "of a community."
    ),
    "place_exists": (
        "{name} already has the code {place}. Import into that place, or give the new one another code."
    ),
    "place_code_not_below": (
        "The code {place} does not begin with {parent}, that of the place above. Correct one of the two."
    ),
    "place_outside_parent": (
        "Less than half of {place} lies within {parent}. Check the codes, the boundary and its datum."
    ),
    "place_overlaps": (
        "{place} shares {share} of its ground with {other}, which stands beside it. Check the code, or "
        "import into that place."
    ),
    "place_elsewhere": (
        "The files show other ground than that of {place}: less than half of it is where the place lies. "
        "Choose the right place, or check the boundary."
    ),
    "place_imported_with": (
        "Ground of {place} was imported with {other}. Import the whole of {other} again."
    ),
    "place_without_plots": "{place} has no buildings and plots yet. Import its files first.",
    "split_at_other_place": (
        "The plots of {place} were imported with {other}. Split that place; no grid crosses a community."
    ),
    "split_cancelled": "The split of {place} was cancelled. Nothing was stored.",
    "plots_changed": (
        "{place} was imported anew while it was being divided. Nothing was stored; start the split again."
    ),
    "plan_unknown": "There is no plan {plan}. Look at the plans of its place.",
    "no_plan_in_force": "{place} has no plan in force. Publish a draft first, or name a plan.",
    "plan_is_retired": "Plan {plan} is retired. Re-balance the plan in force, or a draft.",
    "plan_by_formula": (
        "Plan {plan} balances a formula, not households. Split the place anew with the same formula."
    ),
    "building_not_here": (
        "Building {building} stands on no plot of this plan ({count} such). Choose buildings of its place."
    ),
    "estate_empty": "No building was named that opens. Choose its buildings and their households.",
    "no_grid_to_change": (
        "No grid can be added or given up here: all are locked, too small, or alone behind walls. "
        "Unlock some."
    ),
    "proposal_unknown": "There is no proposal {proposal} any more. Look for proposals again.",
    "estate_file_malformed": (
        "{file} is not a table with the columns building and households. Row {row} cannot be read."
    ),
    "estate_count_out_of_range": (
        "{file}, row {row}: a building cannot have {households} households. Give a number from 0 to {most}."
    ),
    "plan_elsewhere": "Plan {plan} is not one of {place}. Name a plan of this place.",
    "plan_not_draft": "Plan {plan} is {state}; only a draft can be changed or published. Make a new plan.",
    "plan_submitted": (
        "Plan {plan} is submitted ({state}) and not changed meanwhile. Withdraw the submission first."
    ),
    "plan_not_submitted": "Plan {plan} is not submitted. Submit it first.",
    "review_not_waiting": "Plan {plan} waits for no decision. Look at it again.",
    "approval_missing": "Plan {plan} needs the approval of a leader to be published here. Submit it first.",
    "approval_not_yet": (
        "Plan {plan} is approved for {day}: it comes into force then by itself. Withdraw it to change that."
    ),
    "publication_cancelled": "Publishing was cancelled. Publish the plan by hand, or withdraw it.",
    "own_submission": "You submitted plan {plan} yourself. Let another leader approve it.",
    "effective_in_past": "{day} is over: today is {today}. Name today or a later day.",
    "effective_too_far": "{day} is more than {days} days ahead. Name an earlier day.",
    "grid_unknown": "The plan has no grid {grid}. Name one of its grids.",
    "slot_taken": "There is a draft {slot} already. Take another slot, or discard that draft.",
    "plan_not_in_force": "Plan {plan} is not in force. Assign coordinators to grids of the plan in force.",
    "not_a_coordinator": (
        "This person is no coordinator for the place of grid {grid}. Give the role first, or choose another."
    ),
    # duties
    "deputy_already": "This person answers for grid {grid} already, or is to. Choose another.",
    "day_passed": "{day} has passed. Choose {today} or a later day.",
    "day_to_come": "{day} is still to come. Choose {today} or an earlier day.",
    "days_disordered": (
        "Leave from {first} to {last} cannot be. Give a first and a last day, not over a year apart, and not "
        "in the past."
    ),
    "leave_twice": "Between {first} and {last} this person is away already. Take that back first.",
    "handed_to_the_same": "This person answers for the grid already. Choose who takes it over.",
    "note_too_long": "The note is longer than {most} characters. Shorten it.",
    "assignment_changed": (
        "Duties have changed since this proposal was made. Look at the proposals again and choose one."
    ),
    # stations
    "not_your_duty": "Only who answers for grid {grid} writes down what was done there.",
    "notice_days": (
        "A notice from {first} to {last} cannot be. Give a last day that has not passed, within a year of "
        "the first."
    ),
    "campaign_days": (
        "A campaign from {first} to {last} cannot be. Give a last day after the first, within a year of it, "
        "that has not passed."
    ),
    "parties_not_initials": (
        "Name two to six parties by their initials alone, with a space between them, as in “L W”."
    ),
    # indicators
    "period_malformed": (
        "“{first}” to “{last}” is no period up to today, of three years at most. Write days as in 2026-03-01."
    ),
    "month_unknown": "“{month}” is no month up to now. Name one as in 2026-10.",
    "report_changed": (
        "Somebody else saved this report meanwhile (version {current}, yours was {yours}). "
        "Your words are still in the fields: reload the page in another window and put the two together."
    ),
    "report_final": "The report of {month} is final. What was handed in stays as it is.",
    "report_month_not_over": "{month} is not over. A report is final once its month is.",
    "report_not_saved": "Nobody has saved the report of {month} yet. Read it, save it, then it can be final.",
    "report_too_few": (
        "So few households live in this place that a report would speak of single ones. Read the report of"
        " the place above it."
    ),
    "report_too_long": "A part of a report has at most {most} letters.",
    "heat_view_empty": "The view has no ground in it. Come closer on the map and try again.",
    "heat_kind_unknown": "There is no kind of hazard “{kind}”. Choose one of the list.",
    "heat_time_empty": "The time ends before it begins. Choose an earlier first day or a later last day.",
    "quarter_unknown": "“{quarter}” is no quarter up to now. Name one as in 2026Q1.",
    "not_your_grid": "Only who answers for this grid may contest its figures. Ask its coordinator to do so.",
    "appeal_without_words": "Say in up to {most} characters what is not right, or what was found.",
    "appeal_open_already": "This figure of grid {grid} is contested already. Wait for the answer.",
    # rule packs
    "rule_pack_unknown": "There is no rule pack “{pack}” (shipped: {known}). Choose one of these.",
    "rule_setting_unknown": "A rule pack has no setting “{setting}”. Leave it out.",
    "rule_setting_out_of_range": "{setting} must be a whole number from {least} to {most}. Correct it.",
    "rule_sizes_disordered": (
        "A grid of at least {least}, about {target} and at most {most} households cannot be. Put the three "
        "numbers in order."
    ),
    "rule_stay_twice": (
        "The stay that a permit asks for is {days} days and {months} months. Give one of the two and 0 for "
        "the other."
    ),
    "rules_backdated": (
        "The rules of {day} are those its work was done under and stay as they are. Let new ones begin on "
        "{today} or later."
    ),
    "rules_too_far": "{day} is more than three years ahead. Choose a nearer day.",
    "rules_in_force": "These rules hold since {day}. Let others follow them instead of taking them back.",
    "moment_to_come": "{when} is still to come. Name a day up to today.",
    "no_plan_at": "No plan was in force at {when}. Name a later day.",
    "too_many_times": "{count} times are too many to count at once, {most} at most. Name fewer.",
    "plan_unsound": (
        "Plan {plan} cannot be published: {count} of its grids are not one piece of ground with the outline "
        "of their plots ({grids}). Look at these grids."
    ),
    "no_draft": "{place} has no draft to publish. Split it first.",
    "plan_changed": (
        "Plan {plan} is at version {current} now, not at {yours} any more: someone changed it. Look at it "
        "again."
    ),
    "plot_moved": (
        "Plot {plot} is now in grid {found}, not in {expected}: it was moved meanwhile. "
        "Look at the plan again."
    ),
    # changing a draft by hand
    "grid_in_pieces": (
        "{torn} would be cut off: grid {grid} would lie in {pieces} pieces that do not join. Give what is "
        "cut off to the neighbour too, or keep the way to it."
    ),
    "nothing_changes": "Nothing would change, for all is there already. Choose something else.",
    "community_crossed": (
        "Grid {grid} would reach over the border of two communities. Keep each grid within one community."
    ),
    "grid_is_locked": "Grid {grid} is locked and stays as it is. Unlock it first, or leave it out.",
    "building_is_locked": (
        "Building {building} is locked to grid {grid}. Unlock it first, or leave it where it is."
    ),
    "building_in_the_way": (
        "The line runs through building {building}. Lead it around the building; only open ground is cut."
    ),
    "cut_cuts_nothing": (
        "The line divides no plot. Draw it through open ground, from one border of a plot to another."
    ),
    "cut_too_long": (
        "The line touches {plots} plots, more than the {most} that can be cut at once. Draw a shorter one."
    ),
    "drawn_malformed": (
        "What was drawn is no sound {kind} in degrees. Draw it again, without crossing its own line."
    ),
    "drawn_holds_no_plot": (
        "What was drawn covers most of no plot, and plots are not divided. Draw it larger, or cut open "
        "ground along its border."
    ),
    "drawn_in_pieces": (
        "The plots under what was drawn are {pieces} pieces that do not join. Draw it over ground that does."
    ),
    "drawn_across_communities": (
        "What was drawn reaches over the border of two communities. Draw a grid in each."
    ),
    "line_divides_nothing": (
        "The line leaves all plots of grid {grid} on one side. Draw it from border to border, through its "
        "middle."
    ),
    "parts_too_many": (
        "Grid {grid} cannot be divided into {parts} parts: its plots make {most} at most. Ask for fewer."
    ),
    "street_not_between": (
        "No border of grids {grid} and {other} can run along {street}. Choose a street that lies "
        "between them."
    ),
    "nothing_to_repair": "Grid {grid} is in its band and in one piece: there is nothing to repair.",
    "grids_apart": "Grids {grid} and {other} have no border in common. Choose two that touch.",
    "community_code_malformed": (
        "The community code “{community}” is not twelve digits. Correct it in the district file."
    ),
    "too_many_grids": (
        "Community {community} would get {grids} grids, but three digits number only {most}. "
        "Raise the target of households, or divide the community first."
    ),
    "folder_missing": "There is no folder {folder} to write {file} in. Make it, or name another place.",
    "path_is_folder": "{file} is a folder, not a file. Name the file to write in it.",
    "not_writable": (
        "{file} cannot be written: {why}. Choose a place where you may write. Nothing was changed."
    ),
    "disk_full": (
        "The disk is full: {file} could not be written. Make room and try again. Nothing was changed."
    ),
    "pages_not_built": "The page's file {file} is not built yet. Run script/build once.",
    "leaflet_missing": "The map needs Leaflet, which is not at {folder}. Run script/setup once to fetch it.",
    # the web
    "setting_malformed": "{setting} is not understood. Give {wanted}.",
    "database_full": ("The disk of the database is full. Nothing was stored. Make room on it and try again."),
    "database_busy": "The database is too busy to answer now. Try again in a moment.",
    "not_signed_in": "Nobody is signed in. Sign in and try again.",
    "not_allowed": "Your role does not allow this. Ask an administrator for a role that does.",
    "not_in_scope": "This lies outside the places of your role. Ask an administrator for a role there.",
    "purpose_unknown": "Registers are not opened for “{purpose}”. Name one of these purposes: {known}.",
    "not_found": "There is nothing at this address. It may have been moved; begin again from the map.",
    "tile_unknown": "The map has no tile {tile}. Load the map anew.",
    "method_not_allowed": "This address does not take {method}. It takes {allowed}.",
    "body_too_large": "More was sent than the {most_mb} MB this address takes. Send less.",
    "body_malformed": "What was sent cannot be read: {what}. Correct it and send it again.",
    "body_type_unknown": "What was sent is of the type {found}, but {wanted} is read here.",
    "fields_malformed": "These fields are not as they must be: {fields}. Correct them and send them again.",
    "text_malformed": "The address or form holds characters that are no text. Write it anew.",
    "host_not_ours": "This site does not answer to that host name. Use its own address.",
    "request_malformed": "The request cannot be read. Correct it and send it again.",
    "form_expired": "The form is out of date or came from another site. Load the page anew and send it.",
    "too_many_requests": "Too many requests. Try again in {seconds} s.",
    "internal": "Something went wrong on our side. Nothing was saved by half; report the request {request}.",
    # rights of residents, and the second factor
    "own_code_unknown": "This code is unknown, used or out of date. Ask your coordinator for a new one.",
    "request_kind_unknown": "“{kind}” is no request. Choose to correct, object, delete or have a copy.",
    "request_needs_words": "The request says nothing. Write what is wrong, or what you object to.",
    "request_answered": "Request {request} was answered already. Reload the page.",
    "request_decision_unknown": "“{decision}” is no answer. Grant or refuse the request.",
    "answer_missing": "A refusal says why. Write the reason, and where to complain.",
    "second_factor_missing": "Your role needs a second factor. Set it up first.",
    "second_factor_wrong": "That code is not right, or was used already. Wait for the next one.",
    "second_factor_there": "A second factor is set up already. Remove it first.",
    "second_factor_late": "Setting up or signing in took too long. Begin again.",
    # accounts
    "sign_in_failed": "Account and password do not belong together. Check both and try again.",
    "sign_in_too_often": "Too many wrong attempts. Try again in {seconds} s.",
    "password_must_change": "This password was given to you by someone else. Choose your own first.",
    "password_wrong": "That is not your present password. Type it again.",
    "password_too_short": "The password has {length} characters, fewer than {least}. Use several words.",
    "password_too_long": "The password has {length} characters; at most {most} are possible. Shorten it.",
    "password_common": "This password is one of those tried first. Choose other words.",
    "password_about_you": "The password is hardly more than name, account or “Gridkeeper”. Use other words.",
    "password_same": "That is the password you had. Choose another one.",
    "passwords_differ": "The two new passwords are not the same. Type both again.",
    "account_malformed": (
        "The account “{account}” is not possible. Use 2 to 32 small letters, digits, dots or hyphens, "
        "beginning with a letter."
    ),
    "demo_account_taken": (
        "There is already an account “{account}” that is not the demo's. The demo goes into an empty "
        "database only: name another with GRIDKEEPER_CLUSTER or DATABASE_URL."
    ),
    "account_taken": "There is already an account “{account}”. Choose another one.",
    "account_unknown": "There is no account “{account}”. `gridkeeper user list` shows them.",
    "person_name_malformed": "The name must have 1 to 80 characters and no line breaks. Write it anew.",
    "phone_malformed": "The phone number “{phone}” is none. Use digits, spaces, + and -, at most 30.",
    "role_unknown": "There is no role “{role}”. There are {roles}.",
    "role_needs_place": "The role {role} needs a place. Choose one.",
    "role_held": "{name} holds this role there already. Nothing was changed.",
    "role_in_the_past": "The role would end before today. Choose a later day, or leave it empty.",
    "place_unknown": "There is no place {place}. Check the code.",
    "own_rights": "Nobody changes his or her own roles or account. Let another administrator do it.",
    "last_administrator": (
        "{name} is the last administrator of the whole deployment. Make someone else one first."
    ),
    "person_inactive": "{name} is deactivated. Reactivate the account first.",
    # jobs and uploads
    "job_over": "The job has ended already ({state}). Load the page anew.",
    "job_stopped": (
        "The work stopped without saying why; nothing was stored. Start it again; if it happens twice, show "
        "an administrator the worker's log."
    ),
    "job_given_up": (
        "The work stopped {attempts} times without saying why and was given up; nothing was stored. Show an "
        "administrator the worker's log."
    ),
    "too_many_streams": "Too many pages follow their jobs just now. Ask again in a few seconds.",
    "upload_empty": "No file was sent. Choose at least one file.",
    "upload_too_many_files": "{files} files were sent, more than the {most} allowed. Send a file per layer.",
    "upload_twice": "Two files were sent for {role}. Send one file for each layer.",
    "upload_without_buildings": (
        "None of the files holds buildings. Send a GeoPackage or OpenStreetMap extract, or a file with the "
        "buildings."
    ),
    "upload_gone": "The files of this upload were removed. Send them again.",
    "upload_not_read": "These files have not been read to the end. Read them first.",
    "upload_changed": "The files are not as they were read. Send them again.",
    "place_name_missing": "The new place has no name. Give it one.",
    "place_not_new": "You may import into places of your role. Ask an administrator to make the new one.",
    "uploads_full": "There is no room for the files now. Discard uploads you no longer need.",
    "band_malformed": "The band {least} to {most} does not hold the target {target}. Correct the three.",
    # what is wished of a split
    "band_missing": (
        "How large the grids should be was not said. Give target, least and most, or a number of "
        "coordinators."
    ),
    "formula_malformed": (
        "“{part}” cannot stand in the formula “{formula}”. Use {columns}, numbers, + - * / ( ), min and max."
    ),
    "formula_without_value": (
        "The formula “{formula}” has no value on some plots: it divides by zero, or its numbers are "
        "too large. Change it."
    ),
    "formula_below_zero": (
        "The formula “{formula}” falls to {least} on some plots, and no load is below 0. Change it, "
        "for example with max(0, …)."
    ),
    "formula_column_unknown": (
        "Nobody has counted “{column}” here yet, so the formula “{formula}” has no value. Use {columns}."
    ),
    "formula_without_load": (
        "The formula “{formula}” is 0 on every plot, so there is nothing to balance. Change it."
    ),
    "formula_too_small": (
        "By the formula “{formula}”, {coordinators} coordinators would have {mean} each, too little for a "
        "band in whole numbers. Multiply it, for example {factor}*({formula})."
    ),
    "coordinators_too_few": (
        "{coordinators} coordinators are fewer than the {needed} grids that seeds, locked and special "
        "grids need. Ask for more, or take some of these away."
    ),
    "coordinators_too_many": (
        "{coordinators} coordinators are more than the {most} grids that this ground can be divided "
        "into. Ask for fewer."
    ),
    "seeds_too_many": (
        "{starts} seed points and locked grids need a grid each, but their connected ground of "
        "{households} households has room for {most} grids. Take some away, or ask for smaller grids."
    ),
    "seeds_in_one_plot": (
        "Seed points {first} and {second} lie on one plot, which is never divided. Move one of them."
    ),
    "seeds_in_one_lock": (
        "Seed points {first} and {second} lie on ground whose buildings are locked to one grid. Move one of "
        "them, or unlock those buildings."
    ),
    "seed_outside": "Seed point {seed} ({lon}, {lat}) lies outside the place. Move it inside.",
    "seed_on_fixed": (
        "Seed point {seed} lies in {grid}, which is left alone. Move the seed, or unlock that grid."
    ),
    "locked_too_large": (
        "The buildings locked to grid {grid} hold, with the way between them, {households} "
        "households, more than {most}. Unlock some of them."
    ),
    "locked_buildings_apart": (
        "The buildings locked to grid {grid} cannot be joined within it: a line that is never to be "
        "crossed, or special ground, lies between. Unlock some of them, or let the line be crossed."
    ),
    "locked_grid_unknown": "The plan in force has no grid {grid}. Name one of its grids.",
    "locked_grid_in_pieces": (
        "Grid {grid} is to stay as it is, but on today's plots it is no longer one piece of ground. "
        "Unlock it."
    ),
    "locked_grid_divided": (
        "Grid {grid} is to stay as it is and has a part of building {building}, which can no longer be "
        "divided by its entrances. Import its entrances again, or let the grid change."
    ),
    "locked_building_unknown": (
        "The place has no building {building} that stands. Choose one of its buildings."
    ),
    "entrances_unknown": (
        "Of building {building} fewer than two entrances are known, so nothing could divide it. Import the "
        "entrances of the place (layer entrances), then mark it."
    ),
    "lock_of_one_thing": "A lock is of one grid or of one building. Name one of the two.",
    "special_malformed": (
        "What was drawn for “{name}” is no sound polygon in degrees. Draw it again, without crossing "
        "its own border."
    ),
    "layer_one_file": "{files} files were sent for one layer of grids. Send one; zip a Shapefile's members.",
    "layer_elsewhere": (
        "None of the {polygons} polygons in {file} lies in {place}; their middle is {km} km away. Choose the "
        "place they show, or name their coordinate system."
    ),
    "layer_on_no_plot": (
        "No polygon in {file} covers most of any plot of {place}. Check that it holds grids, not lines or "
        "slivers."
    ),
    "compound_malformed": (
        "What was drawn for “{name}” is no sound polygon in degrees. Draw it again, without crossing its own "
        "border."
    ),
    "compound_too_wide": (
        "“{name}” reaches over more than {most_degrees} degrees. Draw one compound, not a district."
    ),
    "compound_outside": "Most of “{name}” lies outside {place}. Draw it where its ground is.",
    "compound_imported": (
        "{name} came with the files of its place and is changed by importing them. Draw a compound of your "
        "own instead."
    ),
    "compound_let": (
        "{name} is registered as let, and the register keeps its rentals for a while after they end. Give it "
        "another outline or kind instead."
    ),
    "special_named_twice": "Two special grids are called “{name}”. Give each a name of its own.",
    "special_holds_no_plot": "“{name}” covers most of no plot, and plots are not divided. Draw it larger.",
    "special_in_pieces": (
        "The plots under “{name}” are {pieces} pieces that do not join. Draw it over ground that "
        "does, or draw {pieces} special grids."
    ),
    "special_across_communities": (
        "“{name}” reaches over the border of two communities. Draw a special grid in each."
    ),
    "special_over_other": (
        "“{name}” lies over {other}, which is left alone. Draw it beside, or unlock that grid."
    ),
    "special_kind_unknown": (
        "“{name}” is of kind “{kind}”, which is none of {kinds}. Give its property kind one of these."
    ),
    "wish_file_unreadable": "{file} is no GeoJSON of {kind} features in degrees. Export it so.",
    "micro_malformed": (
        "Micro-grids of {least} to {most} households cannot be. Give the smaller number first."
    ),
    "version_missing": "Which version of the plan is meant was not said. Load the page anew and try again.",
    # editing a draft
    "edit_conflict": (
        "Others changed the same plots or grids meanwhile: the plan is at version {current} now, and this "
        "began from {base}. Look at both versions and decide."
    ),
    "edit_empty": "This changes nothing. Move a plot, or change something of a grid.",
    "edit_malformed": (
        "The edit cannot be read: {what} is not as it should be. See how edits are described in the API."
    ),
    "edit_not_undoable": (
        "Version {version} was made by the computer ({kind}) or lies on other plots, and cannot be taken "
        "back by itself. Go back to a later version, or split anew."
    ),
    "edit_undone_already": (
        "Version {version} was undone already, by version {by}. Undo that one to have it again."
    ),
    "state_unknown": (
        "What the plan was at version {version} is not known: version {since} did not keep what it "
        "replaced. Choose a later version."
    ),
    "plot_unknown": "The plan has no plot with the id {plot}. Look at the plan again.",
    "ground_unknown": "Plan {plan} never lay on version {ground} of the plots. Load the page anew.",
    "new_grid_empty": (
        "No plot goes to the new grid “{grid}”, or nothing is said of it. Give it plots and a kind."
    ),
    "grid_code_taken": "Another grid of the plan has the code {grid}. Choose another code.",
    "grid_code_malformed": (
        "“{grid}” is no code for this grid: it has digits only, fifteen at most, and begins as those of the"
        " other grids of its community do."
    ),
    "grid_name_malformed": (
        "A name of a grid has between 1 and {most} characters. Shorten it, or leave it away."
    ),
    "grid_kind_unknown": "“{kind}” is no kind of grid. Choose one of those offered.",
    "grid_has_duty": "Grid {grid} has somebody on duty already and cannot be given up. End the duty first.",
    "coordinator_unknown": "Person {person} is no coordinator of this place. Choose one of its coordinators.",
    "codes_used_up": "No number is left for another grid in community {community}. Give the code yourself.",
    "idempotency_key_malformed": "An idempotency key has 1 to 100 printable characters. Choose another key.",
    "idempotency_key_reused": (
        "This idempotency key was used for another request already. Choose a new key for a new edit."
    ),
    "plans_not_comparable": "The two plans are not of the same place. Choose two of one place.",
    # rentals, letters and needs
    "telephone_malformed": "That is no telephone number. Write 5 to 15 digits.",
    "rental_registered_already": "This is registered as let already. Open its rental and correct it there.",
    "rental_has_tenants": "Tenants are still in this rental. Say first when they moved out.",
    "rental_cancelled": "This rental was cancelled. Register it anew to let it again.",
    "compound_not_rental": (
        "{compound} is no rental compound. Register its dwellings one by one, or change its kind on the map."
    ),
    "compound_without_buildings": "No building stands in {compound}. Draw it around its buildings first.",
    "household_elsewhere": "That household does not live in this rental. Register where it lives first.",
    "tenancy_open_already": "That household rents here already. End the present tenancy first.",
    "tenancy_over": "These tenants have moved out already. Add a new tenancy if they are back.",
    "tenancy_elsewhere": "That tenancy is of another rental. Choose one of this rental.",
    "day_before_another": "{day} lies before {earlier}. Choose a later day.",
    "day_in_future": "{day} is yet to come. Choose today or an earlier day.",
    "letter_kind_wrong": "A letter of that kind is not signed here. Choose one of the list.",
    "scan_too_large": "The scan is larger than {most_mb} MB or 40 megapixels. Scan it with fewer dots.",
    "scan_type_unknown": "The scan is no JPEG, PNG or PDF. Save it as one of these.",
    "scan_damaged": "The scan is damaged. Scan or export it again.",
    "scan_acts": "The PDF holds a program or another file. Print it to a plain PDF first.",
    "need_without_consent": (
        "A need is written down only with the household's consent. Ask first; who refuses is not written "
        "down."
    ),
    "objection_stops_nothing": (
        "A granted objection ends something. Say what: lists and searches, the exchange file, or both."
    ),
    "need_without_household": (
        "Help is written down for a household. Say in the same form who lives there, or leave it out."
    ),
    "need_code_taken": "That code is in use already. Take the need out of the form and add it again.",
    "need_kept_too_long": (
        "A need is kept until a day after today and {last} at the latest. Choose such a day."
    ),
    "need_done": "This need is settled. Add a new one.",
    "service_unknown": "The catalogue has no such service. Choose one of the list.",
    "referral_answered": "This referral was answered already. Refer the need anew.",
    "follow_code_unknown": (
        "No need has this code. Compare it with your slip; a need that was withdrawn or is over is gone."
    ),
    # what anybody may ask and report
    "search_too_short": "Type at least {least} letters, digits or characters of an address or name.",
    "pack_too_large": "Only a community with at most {most} grids can be kept for a screen. Name one.",
    "parameter_unknown": "There is no parameter “{parameter}” here. /ogc/api names those there are.",
    "parameter_malformed": "The parameter “{parameter}” is not as /ogc/api wants it.",
    "note_names_somebody": "This may name or number somebody. Note only what is good to know of the site.",
    "notes_too_many": "There are {most} notes of this building already. Strike those that hold no more.",
    "words_not_held": "These words were looked at already. Reload the list.",
    "sheet_too_many": "There is no grid in force there, or more than the {most} that one sheet can show.",
    "origin_foreign": "This was sent from another site. Open the page itself and send it from there.",
    # registers from tables
    "table_too_large": "{file} has more rows or columns than the {most} allowed ({what}). Split it.",
    "columns_twice": "{file} has the columns {columns} twice. Keep one of each.",
    "row_ragged": "{file}, row {row}, has {cells} cells where the head has {columns}. Export it again.",
    "register_columns_missing": (
        "{file} lacks the columns {columns}. Name them in the first row; a building is found by code, "
        "address or coordinates."
    ),
    "hazard_columns_missing": (
        "{file} lacks the columns {columns}. Name them in the first row: id, occurred_at, kind, lon and lat."
    ),
    "hazard_kinds_two_columns": (
        "{file} has {columns} columns. Give it two: what the file of hazards calls a kind, and our code."
    ),
    "register_rows_wrong": (
        "{file}: {count} cells are wrong, and nothing was stored: {rows}. Correct them there."
    ),
}

# Pieces of sentences that stand among the facts of a refusal, a remark or a mended row. `said`: words of
# another program, which only an English sentence repeats.
PARTS: dict[str, str] = {
    "none": "none",
    "nothing": "nothing",
    "over": "over {n}",
    "row": "{word} {number}",
    "row_named": "{word} {number} ({name})",
    "torn_ground": "Open ground",
    "torn_buildings": "{names}",
    "named": "{name}",
    "first_refused": " (first {row}: {why})",
    "parser_said": "{said}",
    # formats, and what a file turns out to be
    "formats_read": "GeoJSON, zipped shapefile, GeoPackage, KML, KMZ, .osm.pbf, .osm",
    "zipped_shapefile": "zipped shapefile",
    "other_xml": "XML of another kind",
    "looks_like": " (it looks like {format})",
    "maybe_gbk": " (it may be GBK)",
    "own_check_failed": "the database fails its own check",
    "geometry_columns": "layer {layer} has {count} geometry columns",
    "geometry_column_gone": "layer {layer} lacks its geometry column",
    "not_json": "not JSON: {said} at line {line}, column {column}",
    "member_twice": "the member “{name}” stands twice in one object",
    "no_json_number": "{word} is no JSON number",
    "no_collection": "the top of the file is no FeatureCollection",
    "no_feature": "feature {number} is no GeoJSON feature",
    "geometry_no_object": "the geometry of feature {number} is no object",
    "not_xml": "not XML: {said}",
    "not_kml": "its first element is not kml",
    "placemark_within": "a Placemark within a Placemark",
    "own_definitions": "a document type with definitions of its own",
    "link_elsewhere": "a link to another document",
    "crs_reads_file": "a coordinate system that reads another file",
    "block_cut_off": "a block of it is cut off or announces more than is there",
    "no_pbf": "it does not begin as an OpenStreetMap PBF",
    "no_shp_header": "the .shp has no shapefile header",
    "shp_record_cut_off": "record {number} of the .shp claims more than is there",
    "shapes_and_rows": "{shapes} shapes but {rows} rows of attributes",
    "no_dbf_header": "the .dbf: it has no dBASE header",
    "dbf_columns_wrong": "the .dbf: its columns do not add up to a row",
    "dbf_rows_wrong": "the .dbf: it states {stated} rows and holds {there}",
    "a_shp": "a .shp",
    "one_kml": "a single .kml document",
    "members": "{n} members",
    "same_name_members": "two members with the same name",
    "member_outside": "a member path outside its folder ({member})",
    "member_link": "a link or device ({member})",
    "member_archive": "an archive in an archive ({member})",
    "member_packing": "member {member} is packed in an unusual way",
    "member_broken": "member {member}: {said}",
    "member_size_wrong": "member {member} has not the size it states",
    # who says so
    "the_file": "the file",
    "the_input": "the input",
    "the_input_first": "The input",
    "first_line": "its first line",
    "the_dbf": "the .dbf",
    "gpkg_standard": "the GeoPackage standard",
    "option_crs": "--crs",
    "encoding_by": "{encoding} ({said_by})",
    "none_stated": "none stated",
    # geometry
    "a_polygon": "a polygon",
    "a_line": "a line",
    "a_point": "a point",
    "a_line_or_polygon": "a line or polygon",
    "unknown_type": "unknown type",
    "mixed_types": "{said}",
    "swapped_maybe": "latitude and longitude may be swapped",
    "metres_maybe": "these may be metres; name the CRS with --crs",
    "swapped": "its latitude and longitude are swapped",
    "check_crs": "check its CRS and datum",
    "no_area": "no area",
    "thinner_than_lattice": "thinner than 1 cm",
    "geos_self_intersection": "Self-intersection[{at}]",
    "geos_ring_self_intersection": "Ring Self-intersection[{at}]",
    "geos_hole_outside": "Hole lies outside shell[{at}]",
    "geos_nested_holes": "Holes are nested[{at}]",
    "geos_nested_shells": "Nested shells[{at}]",
    "geos_interior_cut": "Interior is disconnected[{at}]",
    "geos_duplicate_rings": "Duplicate Rings[{at}]",
    "geos_too_few_points": "Too few points in geometry component[{at}]",
    "geos_other": "{said}",
    "the_area": "area {name}",
    "the_boundary": "boundary",
    "rail_of_kind": "railway {kind}",
    "below_ground": "{kind} below ground",
    # columns and households
    "column_found": "{field} = {column}",
    "formula": (
        "households = floor(footprint m² × floors × {net_share} / {household_m2} m² + 0.5), at least 1 for a "
        "residential footprint of 35 m² or more, 0 for other uses; floors from the data, else height / "
        "{floor_m} m, else by footprint (below 150 m² 2, below 400 m² 3, else 6)"
    ),
    # before and after, in a row that was mended
    "characters": "{n} characters",
    "first_characters": "the first {n}",
    "text_broken": "text broken",
    "text_garbled": "text garbled",
    "text_not_text": "text not text",
    "digits_lost": "digits lost",
    "as_text": "the text “{value}”",
    "as_number": "the number {n}",
    "estimated": "{n} (estimated)",
    "missing": "missing",
    "in_order": "read in the order of the records",
    "bytes_stated": "{n} bytes stated",
    "bytes_read": "{n} bytes read",
    "not_closed": "not closed",
    "closed": "closed",
    "closed_line": "closed line",
    "area_within": "the area within",
    "hole_alone": "turns like a hole, lies in no part",
    "taken_as_part": "taken as a part",
    "three_dimensional": "three-dimensional",
    "two_dimensional": "two-dimensional",
    "invalid_on_lattice": "invalid on the 1 cm lattice",
    "repaired": "repaired",
    "repaired_with": "repaired {type} with {corners} corners",
    "gaps": "{n} gaps, {area_m2} m²",
    # requests
    "not_utf8": "it is not UTF-8",
    "no_json_from": "it is no JSON from line {line}, column {column} on",
    "deeper_than": "it is nested deeper than {levels} levels",
    "digits_too_many": "a number has too many digits",
    "no_number": "{word} is no number",
    "key_twice": "a key stands twice in one object",
    "role_kind": "{kind}",
    # cells of a register
    "no_sheet": "there is no sheet in it",
    "cell_wrong": "row {row}, {column}: {why}",
    "cell_broken": "holds a NUL or half a character",
    "cell_garbled": "was garbled before",
    "cell_digits_lost": (
        "was stored as a rounded number and has lost digits: its precision is gone, export it as text"
    ),
    "cell_no_telephone": "is no telephone number",
    "cell_id_malformed": "is no ID number of 18 characters",
    "cell_id_check": "does not fit its own check digit",
    "cell_birth_differs": "is not the birth date in the ID number",
    "cell_no_day": "is no day; write 2026-03-01 or 2026/3/1",
    "cell_days_turned": "lies before the day it began",
    "cell_day_ahead": "lies ahead",
    "cell_not_understood": "is not understood",
    "cell_missing": "is missing",
    "cell_too_long": "is too long",
}
