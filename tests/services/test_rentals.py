"""Rentals, their tenants and letters, by a coordinator of one grid."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import text

from app.models import Compound, Dwelling, Employer, Visit
from app.services import compounds, letters, rentals, scans
from app.services.access import enter_scope
from app.services.personal import open_registers
from app.services.rentals import Let
from tests.services.mapped import DISTRICT, E, W
from tests.services.refusals import refused
from tests.services.registered import CANARY_LANDLORD, FIRST_DAY, close, on_duty, staff

TODAY = date(2026, 3, 2)
LET = Let("赵房东", "199 0000-0001", date(2026, 2, 1), "居住", 2, Decimal("45.5"))


@pytest.fixture
def registers(session, made):
    """Opened by the coordinator of W1 for rentals."""
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W1")
    enter_scope(session, actor)
    return open_registers(session, actor, "rental")


@pytest.fixture
def let_already(registers, made):
    """The rental the registers begin with."""
    return rentals.panel(registers, made.dwellings["W1"][1].id, TODAY)["rental"]["id"]


def png(side=40, **about):
    drawn = BytesIO()
    Image.new("RGBA", (side, side), (200, 30, 30, 128)).save(drawn, "PNG", **about)
    return drawn.getvalue()


def reads(session):
    close(session)
    return session.execute(
        text("SELECT act, about, purpose, households FROM audit WHERE act LIKE 'registers.%' ORDER BY id")
    ).all()


def test_a_dwelling_is_registered_as_let_once(session, registers, made):
    dwelling = made.dwellings["W1"][0]
    rental_id = rentals.register(registers, LET, dwelling_id=dwelling.id)
    shown = rentals.rental(registers, rental_id, TODAY)

    assert (shown["landlord"], shown["phone"], shown["rooms"]) == ("赵房东", "19900000001", 2)
    assert session.get_one(Dwelling, dwelling.id).use == "rental"
    assert refused(rentals.register, registers, LET, dwelling_id=dwelling.id) == "rental_registered_already"


def test_a_landlord_of_the_same_name_and_number_is_one_for_all_rentals(session, registers, made):
    one = rentals.register(registers, LET, dwelling_id=made.dwellings["W1"][0].id)
    building = made.building("W1")
    other = Dwelling(building_id=building.id, code="901", community_id=0)
    session.add(other)
    session.flush()
    two = rentals.register(registers, LET, dwelling_id=other.id)

    assert rentals.rental(registers, one, TODAY)["others"] == 1
    assert (
        rentals.rental(registers, two, TODAY)["landlord_id"]
        == (rentals.rental(registers, one, TODAY)["landlord_id"])
    )


def test_a_compound_that_is_let_is_not_taken_away(session, registers, made):
    building = made.building("W1")
    shape = session.scalar(
        text("SELECT ST_AsGeoJSON(ST_Buffer(geometry, 0.00001)) FROM building WHERE id = :id"),
        {"id": building.id},
    )
    compound_id = compounds.draw(session, DISTRICT, "东院", compounds.RENTAL, json.loads(shape))["id"]
    rentals.register(registers, LET, compound_id=compound_id)
    close(session)

    assert refused(compounds.remove, session, DISTRICT, compound_id) == "compound_let"


def test_a_whole_compound_is_let_by_one_landlord(session, registers, made):
    building = made.building("W1")
    compound = Compound(
        place_id=made.map.places[DISTRICT].id,
        code="east-yard",
        name="东院",
        kind="rental compound",
        geometry=building.geometry,
    )
    session.add(compound)
    session.flush()
    assert refused(rentals.register, registers, LET, compound_id=compound.id) == "compound_without_buildings"
    session.execute(
        text("UPDATE building SET compound_id = :compound WHERE id = :id"),
        {"compound": compound.id, "id": building.id},
    )
    rental_id = rentals.register(registers, LET, compound_id=compound.id)
    found = rentals.of_compound(registers, compound.id, TODAY)

    assert (found["id"], found["compound"], found["landlord"]) == (rental_id, "东院", "赵房东")
    assert rentals.let(registers, rental_id, made.households["W1"][0].id, TODAY, None)
    assert refused(rentals.let, registers, rental_id, made.households["W2"][0].id, TODAY, None) == (
        "household_elsewhere"
    )
    session.execute(text("UPDATE compound SET kind = 'estate' WHERE id = :id"), {"id": compound.id})
    session.expire_all()
    assert refused(rentals.register, registers, LET, compound_id=compound.id) == "compound_not_rental"


def test_all_who_are_shown_as_possible_tenants_of_a_compound_are_written_down(session, registers, made):
    building = made.building("W1")
    compound = Compound(
        place_id=made.map.places[DISTRICT].id, code="yard", kind="rental compound", geometry=building.geometry
    )
    session.add(compound)
    session.flush()
    asked = {"compound": compound.id, "id": building.id}
    session.execute(text("UPDATE building SET compound_id = :compound WHERE id = :id"), asked)
    rental_id = rentals.register(registers, LET, compound_id=compound.id)
    shown = rentals.rental(registers, rental_id, TODAY)["households"]

    households = [one.id for one in made.households["W1"]]
    assert [one["id"] for one in shown] == households
    assert [(row.about, row.households) for row in reads(session)] == [(f"rental {rental_id}", households)]


def test_a_dwelling_of_another_grid_is_not_there(registers, made):
    assert refused(rentals.register, registers, LET, dwelling_id=made.dwellings["W2"][0].id) == "not_found"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"landlord": " "}, "fields_malformed"),
        ({"rooms": 0}, "fields_malformed"),
        ({"area_m2": Decimal(0)}, "fields_malformed"),
        ({"phone": "call me"}, "telephone_malformed"),
    ],
)
def test_what_is_no_rental_is_refused(registers, made, change, code):
    wrong = Let(**{**LET.__dict__, **change})

    assert refused(rentals.register, registers, wrong, dwelling_id=made.dwellings["W1"][0].id) == code


def test_tenants_move_in_and_out_and_a_look_is_due_within_a_week(session, registers, made, let_already):
    household = made.households["W1"][1].id
    tenancy = rentals.let(registers, let_already, household, date(2026, 1, 10), date(2026, 12, 31))

    assert refused(rentals.let, registers, let_already, household, TODAY, None) == "tenancy_open_already"
    assert rentals.move_out_checks(registers, TODAY) == []
    assert refused(rentals.cancel, registers, let_already, TODAY, TODAY) == "rental_has_tenants"

    rentals.end_tenancy(registers, tenancy, TODAY - timedelta(days=2), TODAY)
    [check] = rentals.move_out_checks(registers, TODAY)

    assert (check.left_on, check.due_on) == (date(2026, 2, 28), date(2026, 3, 7))
    assert (check.dwelling_id, check.household_id) == (made.dwellings["W1"][1].id, household)
    assert refused(rentals.end_tenancy, registers, tenancy, TODAY, TODAY) == "tenancy_over"


def test_who_went_there_has_done_the_check(session, registers, made, let_already):
    tenancy = rentals.let(registers, let_already, None, FIRST_DAY, None)
    rentals.end_tenancy(registers, tenancy, TODAY, TODAY)
    dwelling = made.dwellings["W1"][1]
    for number, (door, day) in enumerate([(made.dwellings["W1"][0], 3), (dwelling, 1), (dwelling, 3)]):
        before = len(rentals.move_out_checks(registers, date(2026, 3, 9)))
        session.add(
            Visit(
                client_id=f"00000000-0000-4000-8000-00000000000{number}",
                building_id=door.building_id,
                community_id=door.community_id,
                dwelling_id=door.id,
                person_id=registers.person_id,
                result="nobody home",
                happened_at=datetime(2026, 3, day, 4, tzinfo=UTC),
            )
        )
        session.flush()
        assert before == 1

    assert rentals.move_out_checks(registers, date(2026, 3, 9)) == []


def test_tenants_whose_agreed_day_is_past_are_looked_after_too(registers, let_already):
    rentals.let(registers, let_already, None, FIRST_DAY, TODAY)

    assert rentals.move_out_checks(registers, TODAY) == []
    assert [check.left_on for check in rentals.move_out_checks(registers, date(2026, 3, 3))] == [TODAY]


def test_a_household_from_elsewhere_is_no_tenant(registers, made, let_already):
    for grid, at in (("W1", 0), ("W2", 1)):
        household = made.households[grid][at].id
        assert refused(rentals.let, registers, let_already, household, TODAY, None) == "household_elsewhere"


def test_a_rental_that_is_cancelled_frees_the_dwelling(session, registers, made, let_already):
    rentals.cancel(registers, let_already, TODAY, TODAY)
    dwelling = made.dwellings["W1"][1].id

    assert rentals.panel(registers, dwelling, TODAY)["rental"] is None
    assert session.get_one(Dwelling, dwelling).use == "home"
    assert refused(rentals.let, registers, let_already, None, TODAY, None) == "rental_cancelled"
    assert rentals.listed(registers, TODAY) == []


def test_a_read_names_whose_rental_it_was(session, registers, made, let_already):
    rentals.rental(registers, let_already, TODAY)
    [shown] = rentals.listed(registers, TODAY)
    household = made.households["W1"][1].id

    assert shown["landlord"] == f"{CANARY_LANDLORD}W1"
    assert shown["phone"] == "199****0000"
    assert reads(session) == [
        ("registers.view", f"rental {let_already}", "rental", [household]),
        ("registers.view", "rentals", "rental", [household]),
    ]


# --- Letters ----------------------------------------------------------------------------------------------


def test_letters_are_missing_then_good_then_run_out(registers, let_already):
    def states(day):
        [shown] = rentals.listed(registers, day)
        return shown["contract_state"], shown["safety_state"]

    assert states(TODAY) == ("missing", "missing")
    for kind in letters.KINDS_OF_RENTAL:
        letters.sign(registers, kind, TODAY, date(2026, 8, 31), TODAY, rental_id=let_already)

    assert states(TODAY) == ("valid", "valid")
    assert rentals.listed(registers, TODAY, only="attention") == []
    assert letters.expiring(registers, date(2026, 7, 31)) == []
    assert len(letters.expiring(registers, date(2026, 8, 1))) == 2
    assert states(date(2026, 9, 1)) == ("expired", "expired")
    assert len(rentals.listed(registers, date(2026, 8, 1), only="attention")) == 1


def test_a_newer_letter_takes_the_place_of_one_that_ran_out(registers, let_already):
    letters.sign(registers, "safety letter", date(2026, 1, 6), date(2026, 2, 1), TODAY, rental_id=let_already)
    assert len(letters.expiring(registers, TODAY)) == 1
    letters.sign(registers, "safety letter", TODAY, date(2027, 3, 1), TODAY, rental_id=let_already)

    assert letters.expiring(registers, TODAY) == []


def test_employers_sign_duty_statements_and_rentals_do_not(session, registers, made, let_already):
    building = made.building("W1")
    employer = Employer(
        building_id=building.id, community_id=0, name="锦原面馆", kind="shop", begun_on=FIRST_DAY
    )
    session.add(employer)
    session.flush()
    letters.sign(registers, "duty statement", TODAY, None, TODAY, employer_id=employer.id)

    assert letters.of_employer(registers, employer.id, TODAY)["duty_state"] == "valid"
    assert (
        refused(letters.sign, registers, "duty statement", TODAY, None, TODAY, rental_id=let_already)
        == "letter_kind_wrong"
    )


def test_a_letter_is_filled_with_its_parties_and_that_is_logged(session, registers, made, let_already):
    rentals.let(registers, let_already, made.households["W1"][1].id, FIRST_DAY, None)
    filled = letters.to_print(registers, "contract", TODAY, rental_id=let_already)

    assert filled["party"] == f"{CANARY_LANDLORD}W1"
    assert filled["tenancy"]["names"] == "金丝雀W12"
    assert filled["community"] == "柳阳社区"
    assert reads(session)[-1][:2] == ("registers.print", f"rental {let_already}")


def test_a_scan_is_drawn_anew_and_its_reading_logged(session, registers, made, let_already):
    about = Image.Exif()
    about[0x010E] = "taken at home"
    letter_id = letters.sign(
        registers, "contract", TODAY, None, TODAY, rental_id=let_already, scan=png(exif=about.tobytes())
    )
    kept, type_ = letters.scan_of(registers, letter_id)

    assert type_ == "image/jpeg"
    assert b"taken at home" not in kept
    with Image.open(BytesIO(kept)) as drawn:
        assert drawn.size == (40, 40)
    assert reads(session)[-1] == (
        *("registers.view", f"letter {letter_id}", "rental"),
        [made.households["W1"][1].id],
    )


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"MZ\x90 a program", "scan_type_unknown"),
        (png()[:60], "scan_damaged"),
        (b"%PDF-1.7\n1 0 obj", "scan_damaged"),
        (b"%PDF-1.7\n<< /OpenAction << /S /JavaScript >> >>\n%%EOF", "scan_acts"),
        (b"\xff" * 5_000_001, "scan_too_large"),
    ],
)
def test_what_is_no_scan_is_refused(sent, code):
    assert refused(scans.taken, sent) == code


def test_a_picture_of_too_many_dots_is_not_drawn():
    drawn = BytesIO()
    Image.new("1", (8000, 5001)).save(drawn, "PNG")

    assert refused(scans.taken, drawn.getvalue()) == "scan_too_large"


def test_a_letter_of_another_grid_is_not_there(session, registers, made, let_already):
    letter_id = letters.sign(registers, "contract", TODAY, None, TODAY, rental_id=let_already, scan=png())
    stranger = staff(session, "manager", E)
    other = open_registers(session, stranger, "rental")

    assert refused(letters.scan_of, other, letter_id) == "not_found"
