"""What the read API of the map takes and answers, for its description and for checking what is asked."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range
from marshmallow import RAISE

from app.services.access import BIGGEST_ID
from app.services.kinds import GRID_KINDS, SLOTS
from app.services.reading import LARGEST_PAGE, PAGE, SORTS
from app.services.search import LONGEST
from app.views.review_schemas import Review
from app.words import LANGUAGES

LONGEST_CURSOR = 400


class Asked(Schema):
    """What may stand in any address: the language of words in the answer."""

    class Meta:
        unknown = RAISE

    lang = String(validate=OneOf(LANGUAGES))


class OnDay(Asked):
    """The day or moment whose coordinators are told; now, without one."""

    when = String(
        load_default=None,
        validate=Length(8, 40),
        metadata={"description": "ISO 8601; a day means its end", "example": "2026-03-03"},
    )


class Point(Asked):
    """A point in degrees."""

    lon = Float(required=True, validate=Range(-180, 180))
    lat = Float(required=True, validate=Range(-90, 90))


class Page(Asked):
    """Which page of buildings, and in which order."""

    sort = String(load_default="code", validate=OneOf(list(SORTS)))
    descending = Boolean(load_default=False, truthy={"true"}, falsy={"false"})
    limit = Integer(load_default=PAGE, validate=Range(1, LARGEST_PAGE))
    after = String(load_default=None, validate=Length(1, LONGEST_CURSOR))


class Words(Asked):
    """What somebody typed, and the plan whose grids count."""

    q = String(required=True, validate=Length(1, LONGEST))
    plan = Integer(load_default=None, validate=Range(0, BIGGEST_ID))


# Of households that who asks manages not and answers not for (docs/decisions/0029-plans-and-five.md).
UNTOLD = "null: not told, about fewer than five"
IN_FIVES = "Whether households are told as multiples of five, and their rates likewise"


class Name(Schema):
    """A name in its own script and in Latin letters."""

    name = String(allow_none=True)
    name_pinyin = String(allow_none=True)


class PlanInForce(Schema):
    """The plan in force for a place, its own or that of one above."""

    id = Integer()
    name = String()
    version = Integer()
    place = String()
    published_at = String()


class GridSize(Schema):
    """Households per grid by the rules in force there."""

    target = Integer()
    least = Integer()
    most = Integer()


class Place(Name):
    """A place of the tree; counts are of what lies in the person's scope."""

    code = String()
    level = String(validate=OneOf(["district", "subdistrict", "community"]))
    parent = String(allow_none=True)
    scope = String(validate=OneOf(["all", "part"]))
    bbox = List(Float())
    households = Integer(allow_none=True, metadata={"description": UNTOLD})
    buildings = Integer()
    size = Nested(GridSize)
    plan = Nested(PlanInForce, allow_none=True)
    drafts = Integer()
    attribution = String(allow_none=True)
    tiles = String(metadata={"description": "Address of its ground tiles, with {z}, {x}, {y}"})


class Places(Schema):
    """Places, parents first."""

    places = List(Nested(Place))


class Ancestor(Name):
    """A place above."""

    code = String()
    level = String()


class Version(Schema):
    """A version of plots."""

    id = Integer()
    version = Integer()
    made_at = String()


class OnePlace(Place):
    """A place with its version of plots and the places above it."""

    srid = Integer()
    tessellation = Nested(Version, allow_none=True)
    ancestors = List(Nested(Ancestor))


class PlanPlace(Name):
    """The place of a plan."""

    code = String()


class Plan(Schema):
    """A plan; counts are of the grids in the person's scope."""

    id = Integer()
    place = Nested(PlanPlace)
    name = String()
    state = String(validate=OneOf(["draft", "published", "retired"]))
    version = Integer()
    target = Integer()
    least = Integer()
    most = Integer()
    weights = String(allow_none=True, metadata={"description": "Formula balanced instead of households"})
    slot = String(allow_none=True, validate=OneOf(SLOTS))
    parameters = Dict(
        allow_none=True,
        metadata={
            "description": "What its split was asked for, and told; for who decides about all of its place"
        },
    )
    review = Nested(
        Review, allow_none=True, metadata={"description": "The newest that was not withdrawn; as parameters"}
    )
    open_comments = Integer(metadata={"description": "Comments not settled yet; as parameters"})
    made_at = String()
    made_by = String(allow_none=True)
    published_at = String(allow_none=True)
    retired_at = String(allow_none=True)
    tessellation = Integer()
    current_ground = Boolean()
    from_layer = Boolean(metadata={"description": "Made of a grid layer drawn elsewhere; it has a report"})
    grids = Integer()
    households = Integer(allow_none=True, metadata={"description": UNTOLD})
    in_fives = Boolean(metadata={"description": IN_FIVES})
    buildings = Integer()
    out_of_band = Integer()
    special = Integer(metadata={"description": "Grids that are outside the band test"})
    micro_grids = Integer()
    vacant = Integer()
    bbox = List(Float(), allow_none=True)
    classes = List(List(Integer(allow_none=True)), metadata={"description": "Fewest and most of each class"})
    tiles = String()


class Plans(Schema):
    """Plans: in force, drafts, retired."""

    plans = List(Nested(Plan))


class Sentence(Schema):
    """A sentence in both languages."""

    en = String()
    zh = String()


class Reason(Schema):
    """Why a grid is out of band."""

    code = String()
    facts = Dict()
    sentence = Nested(Sentence, allow_none=True)


class Coordinator(Schema):
    """Who answers for a grid."""

    name = String()


class Planned(Schema):
    """A person by name."""

    id = Integer()
    name = String()


class OnDuty(Coordinator):
    """Who answers for a grid, how to reach them, and since when."""

    office_phone = String(allow_none=True)
    since = String()


class Figures(Schema):
    """A grid's figures."""

    id = Integer()
    code = String()
    name = String(allow_none=True)
    households = Integer(allow_none=True, metadata={"description": UNTOLD})
    in_fives = Boolean(metadata={"description": IN_FIVES})
    buildings = Integer()
    area_m2 = Float()
    kind = String(validate=OneOf(GRID_KINDS))
    locked = Boolean(metadata={"description": "By the draft itself, else by the place"})
    load_ = Float(
        data_key="load", allow_none=True, metadata={"description": "By the plan's formula; null: households"}
    )
    deviation = Float(allow_none=True)
    class_ = Integer(data_key="class", allow_none=True)
    in_band = Boolean(allow_none=True, metadata={"description": "null: outside the band test"})
    compactness = Float(allow_none=True)
    reason = Nested(Reason, allow_none=True)
    remedy = Nested(Reason, allow_none=True, metadata={"description": "What would help most"})
    vacant_since = String(allow_none=True)
    bbox = List(Float())
    label = List(Float())


class Grid(Figures):
    """A grid as lists show it."""

    community = String(metadata={"description": "Code of its community"})
    coordinator = Nested(Coordinator, allow_none=True)
    planned = Nested(
        Planned, allow_none=True, metadata={"description": "Who is to be its coordinator; of a draft"}
    )
    perimeter_m = Float(allow_none=True)
    own_lock = Boolean(
        allow_none=True,
        metadata={"description": "Of a draft: true locked, false open; null: as the place has it"},
    )
    place_lock = Boolean(metadata={"description": "Whether the place has locked the grid of this code"})


class Grids(Schema):
    """All grids of a plan that are in the person's scope."""

    plan = Integer()
    version = Integer()
    grids = List(Nested(Grid))


class InnerBorder(Schema):
    """Metres of border between grids, and the share (0–1) of each kind of line in it."""

    metres = Float()
    street = Float()
    river = Float()
    rail = Float()
    compound = Float()
    administrative = Float()
    inside_block = Float(data_key="inside block")


class Neighbour(Schema):
    """A grid beside another, and the metres they share."""

    id = Integer()
    code = String()
    households = Integer(allow_none=True, metadata={"description": UNTOLD})
    class_ = Integer(data_key="class", allow_none=True)
    metres = Float()


class Compound(Name):
    """A walled group of buildings."""

    id = Integer()
    code = String()
    kind = String(allow_none=True)


class MicroGrid(Schema):
    """A finer division of a grid, numbered from 1 within it."""

    id = Integer()
    number = Integer()
    households = Integer(allow_none=True, metadata={"description": UNTOLD})
    buildings = Integer()
    area_m2 = Float()
    bbox = List(Float())
    label = List(Float(), metadata={"description": "A point inside"})


class OneGrid(Figures):
    """A grid with all that belongs to it."""

    plan = Integer()
    plan_state = String()
    version = Integer()
    target = Integer()
    least = Integer()
    most = Integer()
    community = Nested(PlanPlace)
    sources = Dict(keys=String(), values=Integer())
    coordinator = Nested(OnDuty, allow_none=True)
    deputies = List(Nested(OnDuty))
    neighbours = List(Nested(Neighbour))
    compounds = List(Nested(Compound))
    micro_grids = List(Nested(MicroGrid))
    border = Dict(keys=String(), values=Float())


class GridName(Schema):
    """Which grid is meant."""

    id = Integer()
    code = String()


class OutOfBand(Schema):
    """A grid far from the target: why and what would help where it is out of band, and where it is."""

    grid = Nested(GridName)
    households = Integer(allow_none=True, metadata={"description": UNTOLD})
    deviation = Float(allow_none=True)
    reason = Nested(Reason, allow_none=True)
    remedy = Nested(Reason, allow_none=True)
    show = List(Float(), metadata={"description": "west, south, east, north"})


class Bar(Schema):
    """How many grids hold from so many to below so many."""

    from_ = Integer(data_key="from")
    to = Integer()
    grids = Integer()


class Explanation(Schema):
    """Why a plan is as it is."""

    plan = Integer()
    version = Integer()
    out_of_band = List(Nested(OutOfBand))
    worst = List(Nested(OutOfBand))
    histogram = List(Nested(Bar))


class Certificate(Schema):
    """What geometry says of a plan; docs/decisions/0012-certificate.md tells each part."""

    format = String()
    subject = Dict()
    certified_at = String()
    software = Dict()
    crs = String()
    tessellation = Dict(allow_none=True)
    parameters = Dict()
    edits = List(Dict())
    band = Dict(keys=String(), values=Integer())
    checks = Dict()
    sizes = Dict()
    divided = List(Dict(), metadata={"description": "Buildings divided by their entrances"})
    out_of_band = List(Dict())
    faults = List(Dict())
    grids = List(Dict())
    canonical = String()
    sha256 = String(allow_none=True, metadata={"description": UNTOLD})


class GridNamed(Schema):
    """A grid by its code."""

    id = Integer()
    code = String()


class Building(Name):
    """A building."""

    id = Integer()
    code = String()
    address = String(allow_none=True)
    kind = String(allow_none=True)
    floors = Integer(allow_none=True)
    households = Integer(allow_none=True, metadata={"description": UNTOLD})
    source = String()
    position = List(Float())


class ShareThere(Schema):
    """What a grid has of a building divided by its entrances."""

    grid = Nested(GridNamed)
    households = Integer(allow_none=True, metadata={"description": UNTOLD})


class Standing(Building):
    """A building of a grid; households and shares of all grids, where it is divided by its entrances."""

    divided = List(Nested(ShareThere), allow_none=True)
    plots = List(
        Integer(), allow_none=True, metadata={"description": "It stands on, divided by its entrances"}
    )


class Buildings(Schema):
    """A page of buildings; count and households are of all of them."""

    count = Integer()
    households = Integer(allow_none=True, metadata={"description": UNTOLD})
    buildings = List(Nested(Standing))
    next = String(allow_none=True)


class GridThere(Schema):
    """A grid at a point."""

    id = Integer()
    code = String()
    name = String(allow_none=True)
    community = String()


class At(Schema):
    """The grid at a point."""

    grid = Nested(GridThere, allow_none=True)


class Nearby(Building):
    """A building and how far it is."""

    distance_m = Float()


class Nearest(Schema):
    """The building nearest to a point."""

    building = Nested(Nearby, allow_none=True)


class Found(Schema):
    """What answers to the words, best first, at most twenty of each kind."""

    query = String()
    grids = List(Dict())
    buildings = List(Dict())
    compounds = List(Dict())
    streets = List(Dict())
    places = List(Dict())
