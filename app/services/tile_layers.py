"""What is drawn on a tile: its layers, each a question to PostGIS.

A question is plain SQL with words in braces for what zoom and scope decide; `question` puts them in. No layer
carries personal data, or a count of households under `FEW`.
"""

from __future__ import annotations

from dataclasses import dataclass

DEEPEST_ZOOM = 22
EXTENT = 4096  # units of a tile's side, eight to a pixel of a tile drawn 512 wide
MARGIN = 64  # units drawn beyond each side, so that no line ends at a seam
SNAPPED_BELOW = 14  # zooms at which corners are set on a lattice of half a pixel
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


def question(layer: Layer, z: int, scoped: bool) -> str:
    """The question for a layer as bytes. scoped: only what lies in the places `:seen` is theirs to see."""
    snapped = z < SNAPPED_BELOW
    words = {
        "here": "ST_MakeEnvelope(:west, :south, :east, :north, 4326)",  # a constant to the planner
        "area": _on_tile("ST_SnapToGrid(geometry, :step)" if snapped else "geometry"),
        "outline": _on_tile("ST_SnapToGrid(outline, :step)" if snapped else "outline"),
        "line": _on_tile("ST_Simplify(geometry, :step)" if snapped else "geometry"),
        "grid_seen": "grid.community_id = ANY(:seen)" if scoped else "true",
        "plot_seen": "plot.community_id = ANY(:seen)" if scoped else "true",
        "position_seen": POSITION_SEEN if scoped else "true",
        "households": HOUSEHOLDS,
        "of_grid": OF_GRID,
        "of_building": OF_BUILDING,
        "of_compound": OF_COMPOUND,
    }
    for name, part in PARTS.items():
        words[name] = part.format_map(words)
    rows = layer.rows.format_map(words)
    if layer.points:
        rows = POINTS.format(rows=rows, attributes=layer.points.format_map(words), extent=EXTENT)
    known_by = f", '{layer.known_by}'" if layer.known_by else ""
    tile = f"ST_AsMVT(shown, '{layer.name}', {EXTENT}, 'shape'{known_by})"
    whole = f"(SELECT {tile} FROM ({rows} LIMIT :most_features) AS shown)"  # noqa: S608 (our constants)
    return f"coalesce({whole}, ''::bytea)"


def _on_tile(shape: str) -> str:
    """A geometry in degrees, in the units of the tile, cut at its margin.

    Corners are rounded one by one, never simplified away, so what two polygons share stays shared.
    """
    metres = f"ST_Transform({shape}, 3857)"
    return f"ST_AsMVTGeom({metres}, ST_TileEnvelope(:z, :x, :y), {EXTENT}, {MARGIN}, true)"


# Each point in one tile only, though tiles overlap at their margins: no label stands twice.
POINTS = """
    SELECT {attributes}, ST_MakePoint("column", "row") AS shape
    FROM ({rows}) AS asked,
        ST_TileEnvelope(:z, :x, :y) AS tile,
        LATERAL ST_Transform(point, 3857) AS metres,
        LATERAL (SELECT (ST_XMax(tile) - ST_XMin(tile)) / {extent} AS unit_m) AS unit,
        LATERAL (
            SELECT floor((ST_X(metres) - ST_XMin(tile)) / unit_m) AS "column",
                floor((ST_YMax(tile) - ST_Y(metres)) / unit_m) AS "row"
        ) AS placed
    WHERE "column" >= 0 AND "column" < {extent} AND "row" >= 0 AND "row" < {extent}
"""
# Where a building stands decides who may see it.
POSITION_SEEN = "EXISTS (SELECT FROM place WHERE place.id = ANY(:seen) AND ST_Covers(outline, position))"
HOUSEHOLDS = """
    CASE WHEN households >= :few THEN jsonb_build_object('households', households)
        ELSE jsonb_build_object('households', 'few') END AS figures
"""
OF_GRID = "feature, id, code, name, class, out_of_band, uninhabited, reason, vacant, figures"
OF_BUILDING = "feature, id, code, name, name_pinyin, kind, grid"
OF_COMPOUND = "id, code, name, name_pinyin, kind"

# What several layers ask, each in the words of those before it.
PARTS = {
    "on_ground": "geometry && {here} AND place_id = ANY(:places)",
    "grids": """
        SELECT grid.id AS feature, grid.id, code, name, outline, label,
            CASE WHEN households > 0
                THEN width_bucket(households, CAST(:class_starts AS integer[])) - 3 END AS class,
            households NOT BETWEEN :least AND :most AS out_of_band,
            households = 0 AS uninhabited,
            grid.reason IS NOT NULL AS reason,
            :in_force AND NOT EXISTS (
                SELECT FROM duty WHERE duty.grid_id = grid.id AND kind = 'primary' AND during @> now()
            ) AS vacant,
            {households}
        FROM grid
        WHERE plan_id = :about AND outline && {here} AND {grid_seen}
    """,
    # From each grid to its buildings, never the other way (OFFSET 0): the outline stays prepared, and the
    # point inside decides, as it does for counting.
    "buildings": """
        SELECT standing.*, standing.id AS feature, grid.id AS grid
        FROM grid, LATERAL (
            SELECT id, place_id, code, name, name_pinyin, kind, households, geometry, position
            FROM building WHERE ST_Contains(grid.outline, position) AND retired_at IS NULL OFFSET 0
        ) AS standing
        WHERE plan_id = :about AND outline && {here} AND {grid_seen} AND {on_ground}
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
            {area} AS shape
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
    Layer("grid", 8, "SELECT {of_grid}, {outline} AS shape FROM ({grids}) AS grids", known_by="feature"),
    Layer(
        "grid_label",
        10,
        "SELECT *, label AS point FROM ({grids}) AS grids",
        points="{of_grid}",
        known_by="feature",
    ),
    Layer("compound", 14, "SELECT {of_compound}, {area} AS shape FROM ({compounds}) AS compounds"),
    Layer(
        "compound_label",
        14,
        "SELECT *, position AS point FROM ({compounds}) AS compounds",
        points="{of_compound}",
    ),
    Layer(
        "plot",
        14,
        """
        SELECT plot.id, own.grid_id AS grid, {area} AS shape
        FROM plot, LATERAL (
            SELECT grid_id FROM grid_plot WHERE plan_id = :about AND plot_id = plot.id OFFSET 0
        ) AS own
        WHERE geometry && {here} AND {plot_seen}
        """,
    ),
    Layer(
        "building",
        14,
        "SELECT {of_building}, {households}, {area} AS shape FROM ({buildings}) AS buildings",
        known_by="feature",
    ),
    Layer(
        "building_label",
        16,
        "SELECT *, position AS point FROM ({buildings}) AS buildings",
        points="{of_building}, {households}",
        known_by="feature",
    ),
)
