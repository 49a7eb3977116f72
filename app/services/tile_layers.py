"""What is drawn on a tile: its layers, each a question to PostGIS.

A question is plain SQL with words in braces for what zoom and scope decide; `question` puts them in. No layer
carries personal data, or a count of households under `FEW`; who is told counts in fives (`plan_guard`) has
these of grids, and none of anything smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.plan_rows import CLASS, LOAD, SPECIAL

DEEPEST_ZOOM = 22
EXTENT = 4096  # units of a tile's side, eight to a pixel of a tile drawn 512 wide
MARGIN = 64  # units drawn beyond each side, so that no line ends at a seam
SNAPPED_BELOW = 15  # zooms at which corners are set on a lattice of half a pixel
FLAT_FROM = 12  # zooms at which a tile is so small that degrees are even on it, to less than a unit
FULL_FROM = 15  # zooms at which plots and buildings tell all there is; before, they are specks
FEW = 5  # households; fewer are not told


@dataclass(frozen=True)
class Layer:
    """One layer and the zooms at which it is there.

    rows: a question for its features: with `shape`, drawn already, or, where `points` names the attributes,
    with a `point` in degrees. known_by: column of the features' ids.
    """

    name: str
    lowest: int
    rows: str
    highest: int = DEEPEST_ZOOM
    points: str = ""
    known_by: str = ""


def question(layers: Sequence[Layer], z: int, scoped: bool) -> str:
    """What is asked for a tile. scoped: only what lies in the places `:seen` is theirs to see."""
    words = _words(z, scoped)
    parts = " || ".join(_layer(layer, words) for layer in layers)
    asked = [name for name in ASKED_ONCE if any(f"FROM {name}" in layer.rows for layer in layers)]
    once = ", ".join(f"{name} AS ({ASKED_ONCE[name].format_map(words)})" for name in asked)
    return f"{'WITH ' if once else ''}{once} SELECT {parts}"


def _layer(layer: Layer, words: dict[str, str]) -> str:
    """A layer as bytes."""
    rows = layer.rows.format_map(words)
    if layer.points:
        rows = POINTS.format(rows=rows, attributes=layer.points.format_map(words), extent=EXTENT)
    known_by = f", '{layer.known_by}'" if layer.known_by else ""
    tile = f"ST_AsMVT(shown, '{layer.name}', {EXTENT}, 'shape'{known_by})"
    whole = f"(SELECT {tile} FROM ({rows} LIMIT :most_features) AS shown)"  # noqa: S608 (our constants)
    return f"coalesce({whole}, ''::bytea)"


def _words(z: int, scoped: bool) -> dict[str, str]:
    """What stands for the words in braces."""
    snapped = z < SNAPPED_BELOW
    return {
        "here": HERE,
        "on_ground": ON_GROUND,
        "area": _on_tile(z, "ST_SnapToGrid(geometry, :step)" if snapped else "geometry"),
        "outline": _on_tile(z, "ST_SnapToGrid(outline, :step)" if snapped else "outline"),
        "line": _on_tile(z, "ST_Simplify(geometry, :step)" if snapped else "geometry"),
        "footprint": _on_tile(z, "ST_Simplify(geometry, :step, true)"),  # shares its border with none
        "grid_seen": "grid.community_id = ANY(:seen)" if scoped else "true",
        "plot_seen": "plot.community_id = ANY(:seen)" if scoped else "true",
        "position_seen": POSITION_SEEN if scoped else "true",
        "households": HOUSEHOLDS,
        "load": LOAD,
        "class": CLASS,
        "special": SPECIAL,
        "of_grid": OF_GRID,
        "of_label": OF_LABEL,
        "of_building": OF_BUILDING if z >= FULL_FROM else OF_SPECK,
        "of_plot": OF_PLOT if z >= FULL_FROM else "",
        "of_compound": OF_COMPOUND,
        "of_micro_grid": OF_MICRO_GRID,
    }


def _on_tile(z: int, shape: str) -> str:
    """A geometry in degrees, in the units of the tile, cut at its margin.

    Corners are rounded one by one, never simplified away, so what two polygons share stays shared. On a small
    tile degrees are taken as they are: Mercator's rows differ from even ones by less than a unit there.
    """
    if z >= FLAT_FROM:
        return f"ST_AsMVTGeom({shape}, {TILE_IN_DEGREES}, {EXTENT}, {MARGIN}, true)"
    return f"ST_AsMVTGeom(ST_Transform({shape}, 3857), ST_TileEnvelope(:z, :x, :y), {EXTENT}, {MARGIN}, true)"


TILE_IN_DEGREES = "ST_MakeEnvelope(:tile_west, :tile_south, :tile_east, :tile_north, 4326)"
# Each point in one tile only, though tiles overlap at their margins: no label stands twice. `:units` lie on
# the side of the whole world.
POINTS = """
    SELECT {attributes}, ST_MakePoint("column", "row") AS shape
    FROM ({rows}) AS asked, LATERAL (
        SELECT floor((ST_X(point) + 180) / 360 * :units) - {extent} * :x AS "column",
            floor((1 - asinh(tan(radians(ST_Y(point)))) / pi()) / 2 * :units) - {extent} * :y AS "row"
    ) AS placed
    WHERE "column" >= 0 AND "column" < {extent} AND "row" >= 0 AND "row" < {extent}
"""
# Where a building stands decides who may see it.
POSITION_SEEN = "EXISTS (SELECT FROM place WHERE place.id = ANY(:seen) AND ST_Covers(outline, position))"
# Of grids the reader is told in fives, only what `plan_guard` tells.
HOUSEHOLDS = """
    jsonb_build_object('households', CASE
        WHEN :all_told OR grid.id = ANY(CAST(:known AS bigint[])) THEN
            CASE WHEN grid.households >= :few THEN to_jsonb(grid.households) ELSE to_jsonb('few'::text) END
        WHEN said.households > 0 THEN to_jsonb(said.households) ELSE to_jsonb('few'::text) END) AS figures
"""
INSIDE = """
    CASE WHEN NOT (:all_told OR grid = ANY(CAST(:known AS bigint[]))) THEN jsonb_build_object()
        WHEN households >= :few THEN jsonb_build_object('households', households)
        ELSE jsonb_build_object('households', 'few') END AS figures
"""
OF_GRID = "feature, id, code, name, kind, class, out_of_band, uninhabited, reason, vacant, figures"
OF_LABEL = "feature, id, code, name, kind, class, figures"
OF_BUILDING = f"feature, id, code, name, name_pinyin, kind, grid, {INSIDE}"
OF_SPECK = "feature, id, grid"
OF_PLOT = "plot.id, own.grid_id AS grid,"
OF_COMPOUND = "id, code, name, name_pinyin, kind"
OF_MICRO_GRID = f"feature, id, grid, number, {INSIDE}"

HERE = "ST_MakeEnvelope(:west, :south, :east, :north, 4326)"  # a constant to the planner
ON_GROUND = f"geometry && {HERE} AND place_id = ANY(:places)"

# What several layers draw from: asked once for a tile.
ASKED_ONCE = {
    "grids": """
        SELECT grid.id AS feature, grid.id, code, name, kind, outline, label,
            CASE WHEN grid.households > 0 AND NOT {special}
                THEN {class} - 3 END AS class,
            NOT {special} AND {load} NOT BETWEEN :least AND :most AS out_of_band,
            grid.households = 0 AND NOT {special} AS uninhabited,
            grid.reason IS NOT NULL AS reason,
            :in_force AND NOT EXISTS (
                SELECT FROM duty WHERE duty.grid_id = grid.id AND duty.kind = 'primary' AND during @> now()
            ) AS vacant,
            {households}
        FROM grid LEFT JOIN unnest(CAST(:told_of AS bigint[]), CAST(:told AS int[])) AS said(id, households)
            ON said.id = grid.id
        WHERE plan_id = :about AND outline && {here} AND {grid_seen}
    """,
    # From each grid to its buildings, never the other way (OFFSET 0): the outline stays prepared, and the
    # point inside decides, as it does for counting. IS TRUE keeps the planner from a second index.
    "buildings": """
        SELECT standing.*, standing.id AS feature, grid.id AS grid
        FROM grid, LATERAL (
            SELECT id, code, name, name_pinyin, kind, households, geometry, position
            FROM building
            WHERE ST_Contains(grid.outline, position) AND (geometry && {here}) IS TRUE
                AND place_id = ANY(:places) AND retired_at IS NULL OFFSET 0
        ) AS standing
        WHERE plan_id = :about AND outline && {here} AND {grid_seen}
    """,
    "micro_grids": """
        SELECT id AS feature, id, grid_id AS grid, number, households, outline
        FROM micro_grid
        WHERE plan_id = :about AND outline && {here}
            AND EXISTS (SELECT FROM grid WHERE grid.id = grid_id AND {grid_seen})
    """,
    "compounds": """
        SELECT id, code, name, name_pinyin, kind, geometry, position
        FROM compound, LATERAL ST_PointOnSurface(geometry) AS position
        WHERE {on_ground} AND EXISTS (
            SELECT FROM grid WHERE plan_id = :about AND {grid_seen} AND ST_Contains(outline, position)
        )
    """,
}

GROUND = (
    Layer(
        "place",
        0,
        """
        SELECT code, level, name, name_pinyin, {outline} AS shape FROM place
        WHERE outline && {here} AND id = ANY(:places)
            AND :z >= CASE level WHEN 'district' THEN 0 WHEN 'subdistrict' THEN 10 ELSE 12 END
        """,
    ),
    Layer(
        "green",
        10,
        """
        SELECT kind, name, name_pinyin, {area} AS shape FROM green
        WHERE {on_ground} AND (:z >= 14 OR ST_XMax(geometry) - ST_XMin(geometry) > 6 * :step)
        """,
    ),
    Layer(
        "water",
        8,
        """
        SELECT kind, name, name_pinyin, {area} AS shape FROM water
        WHERE {on_ground} AND NOT tunnel AND ST_Dimension(geometry) = 2
            AND (:z >= 14 OR ST_XMax(geometry) - ST_XMin(geometry) > 2 * :step)
        UNION ALL
        SELECT kind, name, name_pinyin, {line} FROM water
        WHERE {on_ground} AND NOT tunnel AND ST_Dimension(geometry) = 1 AND :z >= 11
        """,
    ),
    Layer(
        "railway",
        10,
        "SELECT kind, name, bridge, {line} AS shape FROM railway WHERE {on_ground} AND NOT tunnel",
    ),
    Layer(  # from afar the pieces of a street are one
        "street",
        8,
        """
        SELECT kind, name, name_pinyin, bridge, tunnel, layer, {line} AS shape FROM (
            SELECT kind, name, name_pinyin, bridge, tunnel, layer,
                ST_LineMerge(ST_Collect(geometry)) AS geometry
            FROM street
            WHERE {on_ground} AND (kind = 'arterial' OR (kind = 'secondary' AND :z >= 11))
            GROUP BY kind, name, name_pinyin, bridge, tunnel, layer
        ) AS merged
        """,
        highest=12,
    ),
    Layer(
        "street",
        13,
        """
        SELECT kind, name, name_pinyin, bridge, tunnel, layer, {line} AS shape FROM street
        WHERE {on_ground}
        """,
    ),
    Layer(  # beyond one's own places only the footprint; Latin names and codes where labels have room
        "building",
        14,
        """
        SELECT CASE WHEN seen THEN id END AS feature, kind, CASE WHEN seen THEN id END AS id,
            CASE WHEN seen THEN name END AS name, CASE WHEN seen THEN address END AS address,
            CASE WHEN seen AND :z >= 16 THEN name_pinyin END AS name_pinyin,
            CASE WHEN seen AND :z >= 16 THEN code END AS code,
            {footprint} AS shape
        FROM (
            SELECT id, kind, code, name, name_pinyin, address, geometry, {position_seen} AS seen
            FROM building WHERE {on_ground} AND retired_at IS NULL
        ) AS standing
        """,
        known_by="feature",
    ),
    Layer(
        "building_label",
        16,
        """
        SELECT id, kind, name, name_pinyin, address, position AS point FROM building
        WHERE position && {here} AND place_id = ANY(:places) AND retired_at IS NULL AND {position_seen}
        """,
        points="id, kind, name, name_pinyin, address",
    ),
    Layer(
        "name",
        8,
        """
        SELECT level AS kind, name, name_pinyin, ST_PointOnSurface(outline) AS point,
            CASE level WHEN 'district' THEN 1 WHEN 'subdistrict' THEN 2 ELSE 3 END AS rank
        FROM place
        WHERE outline && {here} AND id = ANY(:places) AND CASE level WHEN 'district' THEN :z <= 12
            WHEN 'subdistrict' THEN :z BETWEEN 10 AND 14 ELSE :z >= 12 END
        UNION ALL
        SELECT 'water', name, name_pinyin, ST_PointOnSurface(geometry), 4 FROM water
        WHERE {on_ground} AND :z >= 13 AND name IS NOT NULL AND ST_Dimension(geometry) = 2
        UNION ALL
        SELECT 'green', name, name_pinyin, ST_PointOnSurface(geometry), 5 FROM green
        WHERE {on_ground} AND :z >= 13 AND name IS NOT NULL
        """,
        points="kind, name, name_pinyin, rank",
    ),
)
PLAN = (
    Layer("grid", 8, "SELECT {of_grid}, {outline} AS shape FROM grids", known_by="feature"),
    Layer(
        "grid_label",
        10,
        "SELECT *, label AS point FROM grids",
        points="{of_label}",
        known_by="feature",
    ),
    Layer("compound", 14, "SELECT {of_compound}, {area} AS shape FROM compounds"),
    Layer(
        "compound_label",
        14,
        "SELECT *, position AS point FROM compounds",
        points="{of_compound}",
    ),
    Layer(  # as lines, each once: dashes of two neighbours upon each other would make a whole line
        "micro_grid",
        14,
        """
        SELECT grid, {area} AS shape FROM (
            SELECT grid, ST_LineMerge(ST_UnaryUnion(ST_Collect(ST_Boundary(outline)))) AS geometry
            FROM micro_grids GROUP BY grid
        ) AS bordered
        """,
    ),
    Layer(
        "micro_grid_label",
        15,
        "SELECT *, ST_PointOnSurface(outline) AS point FROM micro_grids",
        points="{of_micro_grid}",
        known_by="feature",
    ),
    Layer(
        "plot",
        14,
        """
        SELECT {of_plot} {area} AS shape
        FROM plot, LATERAL (
            SELECT grid_id FROM grid_plot WHERE plan_id = :about AND plot_id = plot.id OFFSET 0
        ) AS own
        WHERE geometry && {here} AND {plot_seen}
        """,
    ),
    Layer(
        "building",
        14,
        "SELECT {of_building}, {footprint} AS shape FROM buildings",
        known_by="feature",
    ),
    Layer(
        "building_label",
        16,
        "SELECT *, position AS point FROM buildings",
        points="{of_building}",
        known_by="feature",
    ),
)
# What anybody may see. Grids are in one colour: how many households one has is nobody's to read off.
PUBLIC = (
    *GROUND,
    Layer(
        "grid",
        8,
        """
        SELECT id AS feature, id, code, name, kind, 0 AS class, {outline} AS shape FROM public_grid
        WHERE outline && {here} AND community_id = ANY(:places)
        """,
        known_by="feature",
    ),
    Layer(
        "grid_label",
        10,
        """
        SELECT id, code, name, kind, label AS point FROM public_grid
        WHERE label && {here} AND community_id = ANY(:places)
        """,
        points="id, code, name, kind",
    ),
)
# Name, lowest zoom and attributes of each, as TileJSON tells them.
PUBLIC_NAMES = (
    ("place", 0, ("code", "level", "name", "name_pinyin")),
    ("green", 10, ("kind", "name", "name_pinyin")),
    ("water", 8, ("kind", "name", "name_pinyin")),
    ("railway", 10, ("kind", "name")),
    ("street", 8, ("kind", "name", "name_pinyin")),
    ("building", 14, ("id", "kind", "code", "name", "address")),
    ("building_label", 16, ("id", "kind", "name", "address")),
    ("name", 8, ("kind", "name", "name_pinyin")),
    ("grid", 8, ("id", "code", "name", "kind")),
    ("grid_label", 10, ("id", "code", "name", "kind")),
)
