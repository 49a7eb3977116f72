"""The software saying no, and every reason it has for it.

A refusal is data: a code and its facts. The sentence a person reads is made from
them in one place (`sentence`), so that no caller parses words.
"""

from __future__ import annotations

from collections.abc import Mapping


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
    return SENTENCES[code].format_map(facts)


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
        "{file} unpacks to {what}, more than the {most} allowed. Send only the shapefile's own members."
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
    "plot_moved": (
        "Plot {plot} is now in grid {found}, not in {expected}: it was moved meanwhile. "
        "Look at the plan again."
    ),
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
    "leaflet_missing": "The map needs Leaflet, which is not at {folder}. Run script/setup once to fetch it.",
}
