"""docs/benchmarks.md out of noted figures: what was measured, in tables that can be read side by side."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bench.notebook import Notebook, Row
from bench.one import OURS

COMMIT = "Gridkeeper at commit "
BEFORE = "Measured before"
TESTED = "METIS contig, ufactor 100"
FIVE = ("in10", "contiguous", "buildings_cut", "pp_mean", "street_share")
LESS_IS_BETTER = ("buildings_cut",)


class Column(NamedTuple):
    """A column of a table: its heading, the figure it shows, and how."""

    head: str
    name: str
    form: Callable[[float], str]


def share(value: float) -> str:
    """In per cent.

    >>> share(0.98765), share(1.0)
    ('98.8', '100')
    """
    return f"{round(100 * value, 1) + 0.0:.1f}".removesuffix(".0")  # + 0.0: no minus before a nought


def decimals(value: float) -> str:
    return f"{value:.3f}"


def whole(value: float) -> str:
    return f"{value:,.0f}"


def seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


QUALITY = (
    Column("grids", "grids", whole),
    Column("±10 %", "in10", share),
    Column("±20 %", "in20", share),
    Column("one piece %", "contiguous", share),
    Column("cut", "buildings_cut", whole),
    Column("PP mean", "pp_mean", decimals),
    Column("PP p10", "pp_p10", decimals),
    Column("on streets %", "street_share", share),
    Column("k excess %", "k_excess", share),
    Column("most households", "households_max", whole),
    Column("open ±10", "open10", whole),
    Column("open ±20", "open20", whole),
    Column("spans %", "spans_unbridged", share),
    Column("gap m²", "gap_m2", whole),
    Column("overlap m²", "overlap_m2", whole),
)
EFFORT = (
    Column("wall s", "wall_s", seconds),
    Column("CPU s", "cpu_s", seconds),
    Column("peak MB", "peak_mb", whole),
)
TILED_M2 = 1.0  # plain plots share no corners: joining them leaves some square decimetres
SPREAD = ("in10", "in20", "contiguous", "pp_mean", "pp_p10", "street_share")
FREE = Column("±10 % free", "in10_free", share)
FORCED = Column("forced", "forced", whole)
INFEASIBLE = Column("infeasible", "infeasible", whole)

# From the study that preceded this engine, seed 1, one core of another machine: quoted, not measured here.
PROTOTYPE: dict[str, Row] = {
    "medium": {
        "grids": 200, "in10": 0.985, "in20": 1.0, "contiguous": 1.0, "buildings_cut": 0, "pp_mean": 0.54,
        "pp_p10": 0.37, "street_share": 0.75, "households_max": 353, "wall_s": 5.0, "cpu_s": 4.9,
        "peak_mb": 279,
    },
    "large": {
        "grids": 3402, "in10": 0.984, "in20": 1.0, "contiguous": 1.0, "buildings_cut": 0, "pp_mean": 0.56,
        "pp_p10": 0.38, "street_share": 0.76, "households_max": 360, "wall_s": 39.6, "cpu_s": 39.5,
        "peak_mb": 467,
    },
}  # fmt: skip
PROTOTYPE_DISTRICTS = {
    "snezhinsk": (1.0, 1.0, 0.51),
    "nyc_village": (0.983, 1.0, 0.52),
    "seoul_gangnam": (0.953, 1.0, 0.53),
    "nyc_core": (0.937, 0.997, 0.54),
}  # within 10 %, in one piece, mean compactness

READING = """\
`±10 %`, `±20 %`: share of grids that near to 300 households. `one piece`: parts that touch at a corner are
two. `cut`: footprints with more than 1 % outside their main grid. `PP`: Polsby-Popper, 1 for a circle, 0.785
for a square. `on streets`: share of the border between grids within 2 m of a carriageway's or river's line.
`k excess`: more grids than households ÷ 300. `open ±10`, `open ±20`: grids outside it without proof that
nothing else was possible. `spans`: share of grids with more than 20 m of a river or railway well inside and
no street over it there. `free`: without grids that one building larger than the band forces out of it
(`forced`), and without grids on islands or exclaves that admit no division (`infeasible`).
Definitions: bench/neutral.py. Seconds are those of the division alone, in a process of its own; other work on
the machine makes wall times longer, CPU times hardly."""


def with_older(fresh: str, older: str) -> str:
    """A page with those sections of an older one that it lacks, each saying of which commit it is.

    >>> older = "- Gridkeeper at commit 1a\\n\\n## Growth\\n\\nn²\\n\\n## Plots\\n\\n90 s\\n"
    >>> print(with_older("## Growth\\n\\nn log n\\n", older), end="")
    ## Growth
    <BLANKLINE>
    n log n
    <BLANKLINE>
    ## Plots
    <BLANKLINE>
    Measured before, at commit 1a, and not again since.
    <BLANKLINE>
    90 s
    """
    top, *sections = older.rstrip("\n").split("\n## ")
    said = f"{BEFORE}, at commit {top.partition(COMMIT)[2].splitlines()[0]}, and not again since.\n\n"
    known = {head for head in fresh.splitlines() if head.startswith("## ")}
    for section in sections:
        head, _, body = section.partition("\n\n")
        if f"## {head}" not in known:
            fresh += f"\n## {head}\n\n{'' if body.startswith(BEFORE) else said}{body}\n"
    return fresh


def page(notes: Notebook, machine: list[str]) -> str:
    """The whole page, of the sections that are noted."""
    loads = [row["load"] for section in SECTIONS for row in notes.rows(section)]
    lines = [
        "# Benchmarks",
        "",
        "Written by `script/bench split --data FOLDER`; do not edit. `script/bench split --help` says what",
        "it does and how long it takes. Only figures of one machine and one run belong side by side.",
        "",
        *(f"- {line}" for line in machine),
        f"- load of the machine while measuring: {min(loads):.1f} to {max(loads):.1f}" if loads else "",
        "",
        READING,
    ]
    aims = list(_aims(notes))
    if aims:
        lines += ["", "## Aims", "", *_head(["aim", "cities", "measured", "reached"]), *aims]
    for name, section in SECTIONS.items():
        rows = notes.rows(name)
        if rows:
            lines += ["", *section(rows)]
    return "\n".join(lines) + "\n"


def _aims(notes: Notebook) -> Iterator[str]:
    """What is aimed at, beside the worst measured over all cities of a size, where not said else."""
    for size in ("medium", "large"):
        ours = [row for row in notes.rows(size) if row["way"] == OURS]
        if not ours:
            continue

        def worst(name: str, pick: Callable[..., float] = min, ours: list[Row] = ours) -> float:
            return pick(row[name] for row in ours)

        mean = statistics.fmean(row["in10"] for row in ours)
        excess = max(abs(row["k_excess"]) for row in ours)
        tiling = max(row["gap_m2"] + row["overlap_m2"] for row in ours)
        pp, streets = statistics.fmean(row["pp_mean"] for row in ours), worst("street_share")
        yield from (
            _aim(size, "≥ 98 % within ±10 %, each", share(worst("in10")), worst("in10") >= 0.98),
            _aim(size, "≥ 99 % within ±10 %, on average", share(mean), mean >= 0.99),
            _aim(size, "open outside ±20 %: 0", whole(worst("open20", max)), worst("open20", max) == 0),
            _aim(size, "100 % in one piece", share(worst("contiguous")), worst("contiguous") == 1),
            _aim(size, "0 cut", whole(worst("buildings_cut", max)), worst("buildings_cut", max) == 0),
            _aim(size, "gaps and overlaps 0 m²", f"{tiling:.1f}", tiling < TILED_M2),
            _aim(size, "PP mean ≥ 0.58", decimals(pp), pp >= 0.58),
            _aim(size, "PP p10 ≥ 0.42", decimals(worst("pp_p10")), worst("pp_p10") >= 0.42),
            _aim(size, "≥ 80 % on streets", share(streets), streets >= 0.80),
            _aim(size, "grids within 1.5 % of households ÷ 300", share(excess), excess <= 0.015),
            _aim(
                size,
                "no span without a bridge",
                share(worst("spans_unbridged", max)),
                worst("spans_unbridged", max) == 0,
            ),
        )
        if size == "large":
            wall, peak = statistics.median(row["wall_s"] for row in ours), worst("peak_mb", max)
            yield _aim(size, "≤ 30 s wall (median)", seconds(wall), wall <= 30)
            yield _aim(size, "≤ 1,000 MB", whole(peak), peak <= 1000)


def _aim(size: str, aim: str, measured: str, reached: bool) -> str:
    return _line([aim, size, measured, "yes" if reached else "no"])


def _city(size: str, title: str, rows: list[Row]) -> Iterator[str]:
    """A table of medians over cities, our own city by city, and who beats whom."""
    cases = list(dict.fromkeys(row["case"] for row in rows))
    ways = list(dict.fromkeys(row["way"] for row in rows))
    yield f"## {title}"
    yield ""
    yield f"Plots as the published peers had them (bench/plain_plots.py). Medians over {_of(cases)}"
    yield "(lowest to highest in brackets); ours also over seeds of the plan. `time` is CPU time ÷ that of"
    yield f"{TESTED}."
    yield ""
    tested = _median([row for row in rows if row["way"] == TESTED], "cpu_s")
    columns = [*QUALITY, *EFFORT]
    yield from _head(["", *(column.head for column in columns), "time"])
    for way in ways:
        own = [row for row in rows if row["way"] == way]
        ratio = f"{_median(own, 'cpu_s') / tested:.1f}" if tested > 0 else "–"
        yield _line([way, *(_cell(own, column) for column in columns), ratio])
    quoted = PROTOTYPE[size]
    yield _line(["prototype, seed 1 (quoted)", *(_cell([quoted], column) for column in columns), "–"])
    yield ""
    yield "Ours, city by city:"
    yield ""
    yield from _rows(["city", "plan seed"], [r for r in rows if r["way"] == OURS], [*QUALITY, *EFFORT])
    yield ""
    yield from _verdict(rows, ways)


def _of(cases: list[str]) -> str:
    return f"{len(cases)} cities" if len(cases) > 1 else "one city"


def _verdict(rows: list[Row], ways: list[str]) -> Iterator[str]:
    """In which of the five figures each peer is as good as ours, or better, by medians."""
    ours = [row for row in rows if row["way"] == OURS]
    yield "Of ±10 %, one piece, cut, PP mean and on streets, by medians, against ours:"
    yield ""
    for way in ways:
        own = [row for row in rows if row["way"] == way and "error" not in row]
        if way == OURS or not own:
            continue
        equal = [name for name in FIVE if _median(own, name) == _median(ours, name)]
        better = [name for name in FIVE if name not in equal and _beats(own, ours, name)]
        heads = {column.name: column.head.removesuffix(" %") for column in QUALITY}
        told = [f"better in {', '.join(heads[name] for name in better)}"] if better else []
        told += [f"equal in {', '.join(heads[name] for name in equal)}"] if equal else []
        yield f"- {way}: {'; '.join(told) or 'worse in all'}."


def _beats(one: list[Row], other: list[Row], name: str) -> bool:
    ahead = _median(one, name) - _median(other, name)
    return ahead < 0 if name in LESS_IS_BETTER else ahead > 0


def _median(rows: list[Row], name: str) -> float:
    known = [row[name] for row in rows if row.get(name) is not None]
    return statistics.median(known) if known else math.nan


def _cell(rows: list[Row], column: Column) -> str:
    """The median, with lowest and highest where that tells something; a dash where nothing is known."""
    known = [row[column.name] for row in rows if row.get(column.name) is not None]
    known = [value for value in known if not math.isnan(value)]
    if not known:
        return "–"
    told = column.form(statistics.median(known))
    low, high = column.form(min(known)), column.form(max(known))
    return f"{told} ({low}–{high})" if column.name in SPREAD and low != high else told


def _head(heads: list[str]) -> Iterator[str]:
    yield _line(heads)
    yield _line(["---"] * len(heads))


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _rows(heads: list[str], rows: list[Row], columns: list[Column], by: str = "case") -> Iterator[str]:
    yield from _head([*heads, *(column.head for column in columns)])
    for row in rows:
        names = [str(row[by]), *([str(row["seed"])] if len(heads) > 1 else [])]
        yield _line([*names, *(_cell([row], column) for column in columns)])


def _beside(title: str, intro: str, rows: list[Row], columns: list[Column]) -> Iterator[str]:
    """A table for each case, our seeds and the peers below each other."""
    yield f"## {title}"
    yield ""
    yield intro
    for case in dict.fromkeys(row["case"] for row in rows):
        own = [row for row in rows if row["case"] == case]
        plots = next((row["plots"] for row in own if "plots" in row), 0)
        yield ""
        yield from _head([f"{case}: {plots:,} plots", *(column.head for column in columns)])
        for row in own:
            way = f"{row['way']}, seed {row['seed']}" if row["way"] == OURS else row["way"]
            yield _line([way, *(_cell([row], column) for column in columns)])


def _own(rows: list[Row]) -> Iterator[str]:
    columns = [*QUALITY, *EFFORT]
    intro = "The plots a user gets (app/geo/tessellate): streets bridge the river wherever they meet it."
    yield from _beside("The same cities on our own plots", intro, rows, columns)


def _growth(rows: list[Row]) -> Iterator[str]:
    yield "## Growth"
    yield ""
    yield "CPU seconds of the division alone; the last column stays level where they grow as n log n."
    yield ""
    yield from _head(
        ["households", "plots n", "wall s", "CPU s", "peak MB", "µs per n log₂ n", "÷ that of 30 thousand"]
    )
    rates = {row["key"]: 1e6 * row["cpu_s"] / (row["plots"] * math.log2(row["plots"])) for row in rows}
    for row in rows:
        rate = rates[row["key"]]
        level = f"{rate / rates['30000']:.2f}" if "30000" in rates else "–"
        figures = [seconds(row["wall_s"]), seconds(row["cpu_s"]), whole(row["peak_mb"])]
        yield _line([f"{int(row['key']):,}", whole(row["plots"]), *figures, f"{rate:.1f}", level])


def _communities(rows: list[Row]) -> Iterator[str]:
    found = [one for row in rows for one in row["rows"]]
    wall, cpu = [one["wall_s"] for one in found], [one["cpu_s"] for one in found]
    yield "## A community"
    yield ""
    fewest, most = (pick(one["households"] for one in found) for pick in (min, max))
    yield f"{len(found)} communities of {fewest:,} to {most:,} households, each divided alone, the quickest"
    yield "of three times. Wall: median"
    yield f"{statistics.median(wall):.2f} s, slowest {max(wall):.2f} s. CPU: median"
    load = max(row["load"] for row in rows)
    yield f"{statistics.median(cpu):.2f} s, most {max(cpu):.2f} s. The machine's load was {load:.0f}, and"
    yield "wall times count what other work got of its cores."


def _plots(rows: list[Row]) -> Iterator[str]:
    yield "## Plots and edges"
    yield ""
    yield "Blocks are cut on all cores; reading the file is not counted."
    yield ""
    columns = [
        Column("buildings", "buildings", whole),
        Column("plots", "plots", whole),
        Column("edges", "edges", whole),
    ]
    yield from _rows(["district"], rows, [*columns, *EFFORT])


def _rebalance(rows: list[Row]) -> Iterator[str]:
    yield "## Re-balancing"
    yield ""
    yield "Our division of a city (seed 1), its households changed by chance, and the proposal that"
    yield "disturbs the fewest of them; `best` is the most that any of the proposals reaches. `bound`: what"
    yield "must move at least, whoever finds the plan. `anew`: plots that change grid when the city is"
    yield "divided anew and old numbers are kept as well as can be. `more`: grids added. `few`: the most in"
    yield "band of the proposals that move at most twice the households of their bound; `times`: of the"
    yield "gentlest, households moved ÷ bound. Seconds: all proposals together, the quickest of three times."
    yield ""
    heads = "city|change|more|±10 % before|after|few|best|plots moved|bound|anew|households moved|bound"
    yield from _head([*heads.split("|"), "times", "proposals", "wall s", "CPU s"])
    for row in rows:
        for one in row["rows"]:
            yield _line([row["key"], one["scenario"], str(one["more"]), *_rebalanced(one)])


def _rebalanced(one: Row) -> Iterator[str]:
    for name in ("in10_before", "in10_after", "in10_few", "in10_best"):
        yield share(one[name]) if name in one else "–"
    for name in ("moved", "bound", "moved_anew", "households_moved", "households_bound"):
        told = whole(one[name]) if name in one else "–"
        yield (
            f"{told} ({share(one[name] / one['plots'])} %)"
            if name in one and name.startswith("moved")
            else told
        )
    yield f"{one['households_moved'] / one['households_bound']:.2f}" if one.get("households_bound") else "–"
    yield whole(one["proposals"])
    yield seconds(one["wall_s"])
    yield seconds(one["cpu_s"])


def _files(rows: list[Row]) -> Iterator[str]:
    yield "## Districts, from file to file"
    yield ""
    yield "`gridkeeper split DISTRICT.gpkg -o GRIDS.gpkg`: reading, plots, division and writing; the file is"
    yield "then scored by its geometry. Below, what the study's prototype reached (quoted)."
    yield ""
    outside = Column("outside", "buildings_outside", whole)
    unmatched = Column("unmatched", "invalid_edges", whole)
    aside = ("open10", "open20", "spans_unbridged")
    quality = [column for column in QUALITY if column.name not in aside]
    columns = [FORCED, INFEASIBLE, FREE, *quality, outside, unmatched, *EFFORT]
    yield from _rows(["district"], rows, columns)
    quoted = [
        f"{name} ±10 % {share(in10)}, one piece {share(piece)}, PP {mean:.2f}"
        for name, (in10, piece, mean) in PROTOTYPE_DISTRICTS.items()
        if any(row["case"] == name for row in rows)
    ]
    if quoted:
        yield ""
        yield f"Prototype: {'; '.join(quoted)}."


def _districts(rows: list[Row]) -> Iterator[str]:
    intro = "The same plots and graph for all, cut by app/geo/tessellate. Scored by plots, not by buildings."
    yield from _beside("Districts beside peers", intro, rows, [FORCED, INFEASIBLE, FREE, *QUALITY, *EFFORT])


def _raw(rows: list[Row]) -> Iterator[str]:
    yield "## Raw files, as their own reports figure them"
    yield ""
    columns = [
        Column("grids", "grids", whole),
        Column("households", "households", whole),
        Column("±10 % free", "in_band_free", share),
        Column("one piece %", "one_piece", share),
        Column("k excess %", "k_excess", share),
        FORCED,
        INFEASIBLE,
        Column("invalid", "invalid", whole),
        Column("unmatched", "invalid_edges", whole),
        Column("gap m²", "gap_m2", whole),
        Column("overlap m²", "overlap_m2", whole),
        Column("beyond m²", "outside_m2", whole),
    ]
    yield from _rows(["raw file"], rows, [*columns, *EFFORT])


def _medium(rows: list[Row]) -> Iterator[str]:
    return _city("medium", "Cities of 60,000 households", rows)


def _large(rows: list[Row]) -> Iterator[str]:
    return _city("large", "Cities of a million households", rows)


SECTIONS: dict[str, Callable[[list[Row]], Iterator[str]]] = {
    "medium": _medium,
    "large": _large,
    "own": _own,
    "growth": _growth,
    "communities": _communities,
    "plots": _plots,
    "rebalance": _rebalance,
    "files": _files,
    "districts": _districts,
    "raw": _raw,
}
