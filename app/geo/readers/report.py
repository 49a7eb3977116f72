"""What became of a file: every row taken as it is, mended or refused, and what else to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from app.errors import english, filled, part, sentence


@dataclass(frozen=True)
class Mended:
    """One change to one row; a change to the whole file has no row. before, after: text, or a part."""

    layer: str
    row: str | None
    what: str
    before: object
    after: object


@dataclass(frozen=True)
class Refused:
    """One row that was not taken, and why; `facts` complete the sentence of `code`."""

    layer: str
    row: str
    code: str
    facts: Mapping[str, object]

    @property
    def why(self) -> str:
        """In words."""
        return sentence(self.code, {"row": self.row, **self.facts})


@dataclass(frozen=True)
class Remark:
    """Something about a file as a whole; as a warning it asks for a person's eye."""

    code: str
    facts: Mapping[str, object]

    @property
    def words(self) -> str:
        """The English sentence."""
        return filled(REMARKS[self.code], self.facts)


@dataclass
class ImportReport:
    """The outcome of reading one or more layers. taken + mended + refused = rows, layer by layer.

    rows: layer -> rows found. mends: every change; refusals: every row left out.
    notes: what was found and chosen; warnings: what a person should look at.
    """

    rows: dict[str, int] = field(default_factory=dict)
    mends: list[Mended] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def found(self, layer: str, rows: int) -> None:
        """Count the rows of a layer."""
        self.rows[layer] = self.rows.get(layer, 0) + rows

    def mend(self, layer: str, row: str | None, what: str, before: object, after: object) -> None:
        """Write down one change."""
        self.mends.append(Mended(layer, row, what, _short(before), _short(after)))

    def refuse(self, layer: str, row: str, code: str, **facts: object) -> None:
        """Write down one row that is left out."""
        self.refusals.append(Refused(layer, row, code, facts))

    def note(self, code: str, **facts: object) -> None:
        """Say what was found or chosen."""
        self.notes.append(_remark(code, facts))

    def warn(self, code: str, **facts: object) -> None:
        """Ask for a person's eye."""
        self.warnings.append(_remark(code, facts))

    def add(self, other: ImportReport) -> None:
        """Take in the report of another file."""
        for layer, rows in other.rows.items():
            self.found(layer, rows)
        self.mends += other.mends
        self.refusals += other.refusals
        self.notes += other.notes
        self.warnings += other.warnings

    @property
    def figures(self) -> dict[str, dict[str, int]]:
        """layer -> {rows, taken, mended, refused}: each row is in exactly one of the three."""
        refused = {(r.layer, r.row) for r in self.refusals}
        mended = {(m.layer, m.row) for m in self.mends if m.row is not None} - refused
        left_out, changed = Counter(layer for layer, _ in refused), Counter(layer for layer, _ in mended)
        return {
            layer: {
                "rows": rows,
                "taken": rows - left_out[layer] - changed[layer],
                "mended": changed[layer],
                "refused": left_out[layer],
            }
            for layer, rows in self.rows.items()
        }

    def to_dict(self, most: int = 1_000) -> dict[str, Any]:
        """For JSON: figures, reasons with counts, and the first `most` rows mended and refused in words."""
        return {
            "layers": self.figures,
            "refused_by_reason": _counts((r.layer, r.code) for r in self.refusals),
            "mended_by_kind": _counts((m.layer, m.what) for m in self.mends),
            "refused": [{**asdict(r), "facts": dict(r.facts), "why": r.why} for r in self.refusals[:most]],
            "mended": [
                {**asdict(m), "before": english(m.before), "after": english(m.after)}
                for m in self.mends[:most]
            ],
            "notes": [{"code": n.code, "facts": dict(n.facts), "words": n.words} for n in self.notes],
            "warnings": [{"code": w.code, "facts": dict(w.facts), "words": w.words} for w in self.warnings],
        }


def shown(value: object, most: int = 80) -> str:
    """A value as a person may see it in a report: short, and without characters that hide or turn text.

    >>> shown("a\\u202eb"), shown(None), shown("x" * 100)[-3:]
    ('a\\\\u202eb', 'nothing', 'xx…')
    """
    if value is None:
        return "nothing"
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value)[: most + 1])
    return text if len(text) <= most else text[: most - 1] + "…"


def _short(value: object) -> object:
    """A value before or after a change, as the report keeps it: a part of a sentence, or short text."""
    if value is None:
        return part("nothing")
    return value if isinstance(value, dict | list) else shown(value)


def _remark(code: str, facts: Mapping[str, object]) -> Remark:
    if code not in REMARKS:
        raise KeyError(f"no sentence for remark {code!r}")
    return Remark(code, facts)


def _counts(pairs: Any) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for (layer, what), count in sorted(Counter(pairs).items()):
        table.setdefault(layer, {})[what] = count
    return table


# What a report may remark on, and in which words. Codes are for programmes, words for people.
REMARKS: dict[str, str] = {
    "layer_read": "{file}: layer “{layer}” read as {role}, {rows} rows.",
    "columns_found": "{file}, layer “{layer}”: columns {columns}.",
    "encoding_stated": "{file}: text read as {encoding}, as {said_by} says.",
    "encoding_found": "{file}: text read as {encoding} ({stated} does not fit); check a few names.",
    "byte_order_mark": "{file}: begins with a byte order mark, skipped.",
    "transformed": "{file}, layer “{layer}”: transformed from {crs}.",
    "crs_replaced": (
        "{file}, layer “{layer}”: read as {named}, as --crs says, and not as {stated}, as the file says."
    ),
    "crs_kept": (
        "{file}, layer “{layer}”: read as {stated}, as the file says; its coordinates cannot be {named}, as "
        "--crs says."
    ),
    "datum_rough": (
        "{file}: {datum} is converted without local parameters and may be off by up to 100 m; ask the "
        "survey office for them."
    ),
    "datum_converted": "{file}: shifted back from {datum} to WGS-84, some hundred metres.",
    "zero_heights_dropped": "{file}, layer “{layer}”: heights of zero dropped.",
    "codes_made": "{file}, layer “{layer}”: no column of building codes, rows numbered.",
    "households_estimated": "{file}: households estimated: {formula}.",
    "footprints_twice": (
        "{file}: {count} buildings stand on the footprint of another, first {row} on {other}; both kept."
    ),
    "footprints_overlap": "{file}: {pairs} pairs of buildings overlap; the two of a pair stay together.",
    "streets_without_kind": (
        "{file}, layer “{layer}”: no column tells the kind of street; all taken as local streets."
    ),
    "street_kinds_unknown": "{file}: unknown kinds of street taken as local: {kinds}.",
    "index_missing": "{file}: has no .shx index; read in the order of the records.",
    "rows_deleted": "{file}: {count} rows are marked as deleted, and were left out with their shapes.",
    "members_ignored": "{file}: other members ignored: {members}.",
    "boundary_overlaps": "{areas} boundary areas overlap by {overlap_m2} m²; united.",
    "boundary_derived": (
        "No boundary given: drawn about {margin_m} m around the buildings, closing gaps up to {gap_m} m: "
        "{area_ha} ha in {parts} parts, {joined} outlying ones joined by strips. Give the true one with "
        "--boundary FILE."
    ),
    "shapes_incomplete": "{file}: {count} shapes reach beyond the file and are left out.",
    "place_incomplete": (
        "{file}: the outline of “{place}” is not complete in the file; united from the areas within it "
        "that are: {parts}."
    ),
    "buildings_astride": (
        "{count} buildings lie astride the outline; each belongs to the district because most of it lies "
        "inside, or about half of it (45 to 55 %) with its inner point."
    ),
    "entrances_shared_out": (
        "{count} buildings: the households are shared out evenly to their entrances, for the file does not "
        "tell those of each."
    ),
    "entrances_moved": (
        "{count} entrances lay beside their building's footprint, at most {most_m} m off, and were "
        "moved into it."
    ),
    "outline_cut": ("The outline was cut to the box of --bbox: {left_ha} of {whole_ha} ha are left."),
    "beyond_outline": "{count} rows of {layer} lie more than {near_m} m beyond the outline and are left out.",
    "shift_likely": (
        "{crossed_share:.0%} of the buildings lie on carriageways, and {crossed_share_after:.0%} would if "
        "the {layer} were moved back from {datum}: buildings and streets are probably in different datums. "
        "Try --datum {remedy}."
    ),
}
