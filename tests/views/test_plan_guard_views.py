"""Plans over HTTP to who only looks: every count of households is a multiple of five, and none is of few."""

import pytest
from sqlalchemy import text

from app.models import Role
from app.services.fives import fives_of
from tests.services.mapped import DISTRICT, SOUTH, WEST, E, W, given_map

POINT = f"lon={WEST + 0.006}&lat={SOUTH + 0.006}"
RECKONED = ("min", "median", "mean", "max", "stated", "held", "beyond")
ROLES = {"leader": "leader", "manager": "manager", "administrator.here": "administrator"}


@pytest.fixture
def mapped(session, world, people):
    """Of the grids of one community 300, 215 and 3 households, of the other none, 331 and 420."""
    made = given_map(session)
    for name, kind in ROLES.items():
        session.add(Role(person_id=people[name], kind=kind, place_id=made.places[DISTRICT].id))
    session.commit()
    return made


@pytest.fixture
def draft(session, mapped):
    """A draft in which the second grid has taken the third, of three households."""
    plan, taken, taking = mapped.plan.id, mapped.grids["W3"].code, mapped.grids["W2"].code
    new = session.scalar(
        text("""
            INSERT INTO plan (place_id, tessellation_id, name, target, least, most)
            SELECT place_id, tessellation_id, 'Second', target, least, most FROM plan WHERE id = :plan
            RETURNING id
        """),
        {"plan": plan},
    )
    asked = {"plan": plan, "new": new, "taken": taken, "taking": taking}
    session.execute(
        text("""
            INSERT INTO grid (plan_id, community_id, code, outline, households, buildings, area_m2)
            SELECT :new, community_id, min(code), ST_Multi(ST_Union(outline)), sum(households),
                sum(buildings), sum(area_m2)
            FROM grid WHERE plan_id = :plan
            GROUP BY community_id, CASE WHEN code = :taken THEN :taking ELSE code END
        """),
        asked,
    )
    session.execute(
        text("""
            INSERT INTO grid_plot (plan_id, plot_id, grid_id, tessellation_id, community_id)
            SELECT :new, plot_id, became.id, tessellation_id, grid_plot.community_id
            FROM grid_plot JOIN grid AS was ON was.id = grid_plot.grid_id
            JOIN grid AS became ON became.plan_id = :new
                AND became.code = CASE WHEN was.code = :taken THEN :taking ELSE was.code END
            WHERE grid_plot.plan_id = :plan
        """),
        asked,
    )
    session.commit()
    return new


def addresses(mapped, draft):
    plan, grids = mapped.plan.id, [mapped.grids[name].id for name in ("W1", "W2", "W3", "E2")]
    return [
        "/api/places",
        *(f"/api/places/{code}" for code in (DISTRICT, W)),
        f"/api/places/{DISTRICT}/plans",
        f"/api/places/{DISTRICT}/alerts",
        f"/api/places/{DISTRICT}/nearest-building?{POINT}",
        f"/api/places/{DISTRICT}/search?q=1404&plan={plan}",
        f"/api/plans/{plan}",
        f"/api/plans/{plan}/grids",
        f"/api/plans/{plan}/explanation",
        f"/api/plans/{plan}/certificate",
        f"/api/plans/{draft}/grids",
        f"/api/plans/{draft}/comparison?with={plan}",
        f"/api/plans/{draft}/differences?with={plan}",
        f"/api/plans/{draft}/moved-buildings?with={plan}",
        f"/api/plans/{plan}/constant-geography",
        *(f"/api/grids/{grid}" for grid in grids),
        *(f"/api/grids/{grid}/buildings?sort=households&limit=2" for grid in grids),
    ]


def counts(found, about=""):
    """Every count of households in an answer, and what is reckoned from such."""
    if isinstance(found, dict):
        return [one for name, value in found.items() for one in counts(value, name)]
    if isinstance(found, list):
        return [one for value in found for one in counts(value, about)]
    return [found] if about.endswith("households") or about in RECKONED else []


def marked(found):
    """Rows whose count is withheld and which have a mark that the count went into."""
    if isinstance(found, list):
        return [one for value in found for one in marked(value)]
    if not isinstance(found, dict):
        return []
    here = [found] if found.get("sha256") and found.get("households", 0) is None else []
    return [*here, *(one for value in found.values() for one in marked(value))]


def in_fives(found):
    return all(count is None or count % 5 == 0 for count in counts(found))


def test_who_only_looks_reads_counts_in_fives(session, as_leader, as_district_administrator, mapped, draft):
    five = fives_of(session).told
    for browser in (as_leader, as_district_administrator):
        for address in addresses(mapped, draft):
            answer = browser.get(address)

            assert answer.status_code == 200, (address, answer.json)
            assert in_fives(answer.json), address
            assert not marked(answer.json), address

        told = browser.get(f"/api/plans/{mapped.plan.id}/grids").json["grids"]
        assert [grid["households"] for grid in told] == [300, 215, None, 0, five(331, E), 420]
        assert told[4]["deviation"] == round(five(331, E) / 300 - 1, 4)
        assert browser.get(f"/api/places/{W}").json["households"] == five(518, W)
        assert browser.get(f"/api/plans/{mapped.plan.id}").json["in_fives"]

    problems = as_leader.get(f"/api/plans/{mapped.plan.id}/problems")  # administrators have none to see to
    assert problems.json["problems"]
    assert in_fives(problems.json)


def test_no_deviation_or_order_tells_what_is_not_told(as_leader, mapped):
    hidden = as_leader.get(f"/api/grids/{mapped.grids['W3'].id}").json
    address = f"/api/grids/{mapped.grids['W1'].id}/buildings?sort=households&descending=true&limit=500"
    codes = [one["code"] for one in as_leader.get(address).json["buildings"]]
    first = as_leader.get(address.replace("500", "3")).json
    second = as_leader.get(f"{address.replace('500', '3')}&after={first['next']}").json

    assert (hidden["households"], hidden["deviation"], hidden["load"], hidden["sources"]) == (None,) * 3 + (
        {},
    )
    assert in_fives(hidden)
    assert codes == sorted(codes)
    assert [one["code"] for page in (first, second) for one in page["buildings"]] == codes[:6]


def test_the_manager_reads_what_is_weighed(as_manager, mapped):
    told = as_manager.get(f"/api/plans/{mapped.plan.id}/grids").json["grids"]
    page = as_manager.get(f"/api/grids/{mapped.grids['E2'].id}/buildings?sort=households").json

    assert [grid["households"] for grid in told] == [300, 215, 3, 0, 331, 420]
    assert sum(one["households"] for one in page["buildings"]) == page["households"] > 0


def test_who_answers_for_a_grid_reads_that_one_alone(session, sign_in, people, mapped):
    person = people["coordinator"]
    session.add(Role(person_id=person, kind="coordinator", place_id=mapped.places[E].id))
    session.execute(
        text(
            "INSERT INTO duty (grid_id, person_id, kind, during) "
            "VALUES (:grid, :person, 'deputy', '[2026-01-01,)')"
        ),
        {"grid": mapped.grids["E2"].id, "person": person},
    )
    session.commit()
    browser = sign_in(person)

    told = browser.get(f"/api/plans/{mapped.plan.id}/grids").json["grids"]
    pages = [browser.get(f"/api/grids/{mapped.grids[own].id}/buildings").json for own in ("E2", "E3")]

    assert [grid["households"] for grid in told] == [0, 331, 420]
    assert [page["households"] is None for page in pages] == [False, True]


def test_the_roster_of_duties_says_that_it_tells_no_few(as_leader, as_manager, mapped):
    asked = f"/duties?place={DISTRICT}&lang=en"

    assert as_leader.get(asked).text.count("not told") == 1
    assert "not told" not in as_manager.get(asked).text
