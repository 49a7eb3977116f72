"""Compounds drawn by hand: their buildings, their rights over imports, and what is refused."""

import numpy as np
import pytest
import shapely
from sqlalchemy import select, text

from app.errors import Refusal
from app.geo.crs import to_lonlat
from app.geo.partition import problems
from app.geo.plots import Band
from app.models import Building, Compound
from app.services import compounds, locks
from app.services.importing import store_district
from app.services.plot_tables import current, read_plots
from app.services.tiles import draw as draw_tile
from app.services.tiles import plan_source
from tests.geo.towns import PLACE, here
from tests.services.imported import DISTRICT, SUBDISTRICT, WEST, given_draft, given_town, place, small_town


def drawn(west: float, south: float, east: float, north: float) -> dict:
    """A box of the town as GeoJSON."""
    [shape] = to_lonlat(np.array([here(shapely.box(west, south, east, north))], object), PLACE)
    return shapely.geometry.mapping(shape)


YARD = (5, 5, 60, 60)


def houses_of(session, compound_id: int) -> int:
    return len(session.scalars(select(Building.id).where(Building.compound_id == compound_id)).all())


def test_the_buildings_in_what_was_drawn_are_its_own(session):
    given_town(session)

    made = compounds.draw(session, DISTRICT, "老院子", compounds.RENTAL, drawn(*YARD))

    assert (made["buildings"], made["households"], made["drawn"]) == (4, 160, True)
    assert houses_of(session, made["id"]) == 4
    row = session.get_one(Compound, made["id"])
    assert (row.kind, row.name_initials, row.code) == ("rental compound", "lyz", f"drawn-{made['id']}")


def test_what_was_drawn_outlives_an_import_and_keeps_its_buildings(session):
    given_town(session)
    made = compounds.draw(session, DISTRICT, "老院子", compounds.RENTAL, drawn(*YARD))

    stored = store_district(session, small_town(compounds=[shapely.box(130, 5, 180, 60)]), DISTRICT)

    assert session.scalars(select(Compound.code).order_by(Compound.code)).all() == ["C0", made["code"]]
    assert houses_of(session, made["id"]) == 4
    assert stored.changes.buildings["changed"] == 4  # those of the new compound, none of the drawn one


def test_a_building_belongs_to_the_smallest_compound_it_stands_in(session):
    given_town(session, small_town(compounds=[shapely.box(*YARD)]))
    [large] = session.scalars(select(Compound)).all()

    small = compounds.draw(session, DISTRICT, "小院", compounds.RENTAL, drawn(5, 5, 32, 60))
    assert (houses_of(session, large.id), houses_of(session, small["id"])) == (2, 2)

    compounds.change(session, DISTRICT, small["id"], {"polygon": drawn(5, 5, 32, 32)})
    assert (houses_of(session, large.id), houses_of(session, small["id"])) == (3, 1)

    compounds.remove(session, DISTRICT, small["id"])
    assert houses_of(session, large.id) == 4
    assert session.scalars(select(Compound.id)).all() == [large.id]


def test_a_name_alone_is_changed_and_the_rest_stays(session):
    given_town(session)
    made = compounds.draw(session, DISTRICT, "老院子", compounds.RENTAL, drawn(*YARD))

    changed = compounds.change(session, DISTRICT, made["id"], {"name": "新院子"})

    assert changed == {**made, "name": "新院子", "name_pinyin": changed["name_pinyin"]}
    assert session.get_one(Compound, made["id"]).name_initials == "xyz"


def test_what_came_with_files_is_not_changed_by_hand(session):
    given_town(session, small_town(compounds=[shapely.box(*YARD)]))
    [given] = compounds.listed(session, DISTRICT)

    for act in (
        lambda: compounds.change(session, DISTRICT, given["id"], {"name": "x"}),
        lambda: compounds.remove(session, DISTRICT, given["id"]),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "compound_imported"
    assert given["polygon"] is None and not given["drawn"]


@pytest.mark.parametrize(
    ("polygon", "code"),
    [
        ({"type": "Point", "coordinates": [113, 36]}, "compound_malformed"),
        ({"type": "Polygon"}, "compound_malformed"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[113, 36], [113.1, 36.1], [113.1, 36], [113, 36.1], [113, 36]]],
            },
            "compound_malformed",
        ),
        (drawn(0, 0, 100_000, 10), "compound_too_wide"),
        (drawn(2_000, 0, 2_050, 50), "compound_outside"),
    ],
    ids=["point", "nothing", "bow tie", "wide", "elsewhere"],
)
def test_what_is_no_compound_of_the_place_is_refused(session, polygon, code):
    given_town(session)

    with pytest.raises(Refusal) as refused:
        compounds.draw(session, DISTRICT, "院", compounds.RENTAL, polygon)

    assert refused.value.code == code
    assert session.scalars(select(Compound)).all() == []


def test_drawn_in_a_place_beneath_it_is_of_the_place_that_was_imported(session):
    given_town(session)

    made = compounds.draw(session, WEST, "院", compounds.RENTAL, drawn(*YARD))

    assert session.get_one(Compound, made["id"]).place_id == place(session, DISTRICT).id
    assert [one["id"] for one in compounds.listed(session, SUBDISTRICT)] == [made["id"]]
    with pytest.raises(Refusal, match="outside"):
        compounds.change(session, WEST, made["id"], {"polygon": drawn(130, 5, 180, 60)})


def test_a_drawn_compound_is_on_the_tiles_of_a_plan_and_shows_where_it_is_divided(session):
    given_town(session)
    plan_id = given_draft(session)
    made = compounds.draw(session, DISTRICT, "老院子", compounds.RENTAL, drawn(5, 5, 110, 110))
    own = place(session, DISTRICT)
    plots = read_plots(session, current(session, own.id).id)
    west, south, _, _ = made["bbox"]

    tile = draw_tile(session, plan_source(session, plan_id, None), 15, *_tile(west, south))
    compound = locks.compound_of(session, own.id, plots)
    halves = (
        shapely.get_y(shapely.centroid(plots.polygons))
        > np.median(shapely.get_coordinates(plots.polygons)[:, 1])
    ).astype(np.int64)
    found = problems(plots.table, halves, Band(640, 1, 2000), compound)

    assert "老院子".encode() in tile
    assert [problem.code for problem in found if problem.code == "compound_divided"] == ["compound_divided"]


def _tile(lon: float, lat: float) -> tuple[int, int]:
    side = 2**15
    turned = np.arcsinh(np.tan(np.radians(lat + 1e-4)))
    return int((lon + 180) / 360 * side), int((1 - turned / np.pi) / 2 * side)


def test_who_drew_it_is_told(session):
    given_town(session)
    person = session.scalar(text("INSERT INTO person (account, name) VALUES ('drawer', '画者') RETURNING id"))

    made = compounds.draw(session, DISTRICT, "院", compounds.RENTAL, drawn(*YARD), person)

    assert made["drawn_by"] == {"id": person, "name": "画者"}
