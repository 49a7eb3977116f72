"""Birth date and identity number: off unless a pack has them; then hashed, sealed, and told of when read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from psycopg2 import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.errors import Refusal
from app.geo.readers.options import Limits
from app.models import RulePack
from app.services import exchange, id_numbers, identities, register_import, rule_packs
from app.services.access import enter_scope
from app.services.fives import fives_of
from app.services.own_data import copied, held
from app.services.personal import open_own, open_places, open_registers
from app.services.retention import dry_run, forget, run
from app.services.rules import DECREE_663, USUAL, as_json, changed
from tests.services.fully_registered import IDENTITY_KEY
from tests.services.mapped import DISTRICT, W
from tests.services.refusals import refused

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
SOUND = "11010519491231002X"
BORN = date(1949, 12, 31)
REASON = "为办理居住证核对证件"
BOTH = {"identity.birth_date": 1, "identity.id_number": 1}
WHOLE = {**BOTH, "identity.exchange_number": 1}
KEYS = identities.Keys(IDENTITY_KEY)


def number(order):
    digits = f"99010119900101{order:03d}"
    return digits + id_numbers.check_of(digits)


@pytest.fixture
def rules(session):
    """Lets rules hold everywhere, or for a place, from a day on."""

    def hold(wished, place=None, on=date(2026, 1, 1)):
        place_id = session.scalar(text("SELECT id FROM place WHERE code = :code"), {"code": place})
        settings = as_json(changed(DECREE_663, wished))
        session.add(RulePack(place_id=place_id, code=USUAL, from_on=on, settings=settings))
        session.flush()

    return hold


@pytest.fixture
def registers(session, made, manager):
    enter_scope(session, manager)
    return open_registers(session, manager, "registration")


@pytest.fixture
def resident(made):
    return made.residents["W1"][0]


def keep(registers, resident, **told):
    identities.keep(registers, resident.id, told, IDENTITY_KEY, TODAY)


def row(session, resident):
    return session.execute(
        text("SELECT born_on, number_hash, number_tail, number_sealed FROM identity WHERE resident_id = :id"),
        {"id": resident.id},
    ).first()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("11010519491231002x", None),
        ("110105 19491231 002X", None),
        ("１１０１０５１９４９１２３１００２Ｘ", None),
        ("110105194912310021", "id_number_check"),
        ("1.10105E+17", "id_number_mangled"),
        ("1.1010519491231E+17", "id_number_mangled"),
        ("110105194912310000", "id_number_mangled"),  # 15 digits are left, the others noughts
        ("110105491231002", "id_number_malformed"),  # of 15 digits, as before 1999
        ("11010519491331002X", "id_number_malformed"),  # no such month
        ("01010519491231002X", "id_number_malformed"),
        ("", "id_number_malformed"),
    ],
)
def test_a_number_is_sound_mangled_or_wrong(said, code):
    if code is None:
        assert id_numbers.clean(said) == SOUND
    else:
        with pytest.raises(Refusal) as caught:
            id_numbers.clean(said)
        assert caught.value.code == code
        assert not said or said not in str(caught.value)


def test_every_single_wrong_digit_and_every_turned_pair_is_found():
    wrong = [SOUND[:at] + d + SOUND[at + 1 :] for at in range(17) for d in "0123456789" if d != SOUND[at]]
    wrong += [SOUND[:at] + SOUND[at + 1] + SOUND[at] + SOUND[at + 2 :] for at in range(16)]
    checks = [id_numbers.check_of(one[:17]) == one[17] for one in wrong if one != SOUND]

    assert len(checks) > 160
    assert not any(checks)


def test_where_no_pack_has_them_nothing_is_taken(session, registers, resident):
    assert refused(keep, registers, resident, birth_date=BORN) == "birth_date_off"
    assert refused(keep, registers, resident, id_number=SOUND) == "id_number_off"
    assert row(session, resident) is None
    keep(registers, resident, id_number=None)  # taking out what is not there is no fault
    assert row(session, resident) is None


def test_a_pack_has_hash_and_tail_and_the_whole_number_only_for_the_exchange(
    session, rules, registers, resident, made
):
    rules(BOTH, W)
    assert refused(keep, registers, made.residents["E1"][0], id_number=SOUND) == "id_number_off"
    keep(registers, resident, birth_date=BORN, id_number=SOUND)

    kept = row(session, resident)
    assert (kept.born_on, kept.number_tail, kept.number_sealed) == (BORN, "002X", None)
    assert bytes(kept.number_hash) == KEYS.hash_of(SOUND)
    assert bytes(kept.number_hash) != identities.Keys(b"another key").hash_of(SOUND)
    assert identities.of_household(registers, made.households["W1"][0].id) == {
        resident.id: identities.Shown(BORN, "002X", whole=False)
    }
    assert refused(identities.reveal, registers, resident.id, REASON, IDENTITY_KEY, NOW) == "number_not_whole"
    assert refused(keep, registers, resident, birth_date=date(1950, 1, 1), id_number=SOUND) == (
        "birth_dates_differ"
    )
    assert refused(keep, registers, resident, birth_date=TODAY + timedelta(days=1)) == "born_ahead"
    keep(registers, resident, birth_date=None)
    assert row(session, resident)[::2] == (None, "002X")
    keep(registers, resident, id_number=None)
    assert row(session, resident) is None
    rows = session.execute(text("SELECT facts::text FROM audit WHERE act = 'resident.changed'")).scalars()
    assert not any("002X" in facts or "1949" in facts for facts in rows)
    with pytest.raises(DBAPIError) as caught, session.begin_nested():
        session.execute(
            text("""
                INSERT INTO identity (resident_id, building_id, community_id, number_hash, number_tail)
                SELECT id, building_id, community_id, sha256('x'), :number FROM resident WHERE id = :id
            """),
            {"id": resident.id, "number": SOUND},
        )
    assert isinstance(caught.value.orig, errors.CheckViolation)


def test_a_whole_number_is_sealed_and_read_only_for_a_reason_that_its_resident_sees(
    session, rules, registers, resident, made, manager
):
    rules(WHOLE)
    keep(registers, resident, id_number=SOUND)
    sealed = bytes(row(session, resident).number_sealed)
    assert SOUND.encode() not in sealed
    everything = session.scalar(text("SELECT string_agg(identity::text, ' ') FROM identity"))
    assert SOUND not in everything

    def read(reason=REASON, key=IDENTITY_KEY):
        return identities.reveal(registers, resident.id, reason, key, NOW)

    assert refused(read, reason="因为") == "reason_missing"
    assert refused(read, key=b"a key that is another one altogether") == "number_unreadable"
    assert refused(read, key=b"") == "identity_key_missing"
    assert read() == SOUND
    told = session.execute(
        text("SELECT person_id, purpose, households, facts FROM audit WHERE act = 'registers.reveal'")
    ).one()
    household = made.households["W1"][0].id
    assert told == (manager.person_id, "registration", [household], {"reason": REASON})

    # Copied to a neighbour's row it cannot be read there; altered, it is found.
    other = made.residents["W1"][1]
    keep(registers, other, id_number=number(1))
    session.execute(
        text("UPDATE identity SET number_sealed = :sealed, number_hash = :hash WHERE resident_id = :id"),
        {"sealed": sealed, "hash": KEYS.hash_of(SOUND), "id": other.id},
    )
    assert refused(identities.reveal, registers, other.id, REASON, IDENTITY_KEY, NOW) == "number_unreadable"
    session.execute(
        text("UPDATE identity SET number_sealed = set_byte(number_sealed, 40, 7) WHERE resident_id = :id"),
        {"id": resident.id},
    )
    assert refused(read) == "number_unreadable"


def test_nobody_reads_whole_numbers_by_the_dozen_or_of_others_grids(
    session, rules, registers, resident, made, coordinator, monkeypatch
):
    rules(WHOLE)
    keep(registers, resident, id_number=SOUND)
    monkeypatch.setattr(identities, "MOST_REVEALED", 2)
    for _ in range(2):
        identities.reveal(registers, resident.id, REASON, IDENTITY_KEY, datetime.now(UTC))
    assert refused(identities.reveal, registers, resident.id, REASON, IDENTITY_KEY, datetime.now(UTC)) == (
        "reveals_too_often"
    )
    theirs = open_registers(session, coordinator, "registration")  # of W2
    assert refused(identities.reveal, theirs, resident.id, REASON, IDENTITY_KEY, NOW) == "not_found"
    assert row(session, resident) is None


def test_residents_see_that_it_is_held_and_take_a_copy_without_hash_or_seal(
    session, rules, registers, resident, made
):
    rules(WHOLE)
    keep(registers, resident, birth_date=BORN, id_number=SOUND)
    household = made.households["W1"][0].id
    own = open_own(session, household)
    (entry,) = (one for one in held(own, household, DECREE_663.retention) if one.table == "identity")
    told = {one.column: one.value for one in entry.told}

    assert told == {"born_on": BORN, "number_tail": "002X", "number_sealed": True}
    (taken,) = copied(own, household)["identity"]
    assert "number_hash" not in taken
    assert taken["number_sealed"] is True
    open_own(session, made.households["W1"][1].id)
    assert row(session, resident) is None


def test_they_go_with_the_resident_at_request_and_once_no_pack_has_them(
    session, rules, registers, resident, made
):
    rules(WHOLE)
    keep(registers, resident, birth_date=BORN, id_number=SOUND)
    keep(registers, made.residents["W2"][0], birth_date=date(1990, 1, 1), id_number=number(2))
    keep(registers, made.residents["W3"][0], birth_date=BORN)
    removing = open_places(session, [DISTRICT], "retention")
    assert {one.rule: one.rows for one in dry_run(removing, TODAY) if one.rows} == {}

    forget(removing, made.households["W1"][0].id, everything=False)
    assert row(session, resident) is None

    rules({"identity.birth_date": 1, "identity.id_number": 1}, on=date(2026, 2, 1))
    assert {one.rule: one.rows for one in run(removing, TODAY) if one.rows} == {"whole-number-off": 1}
    assert row(session, made.residents["W2"][0])[2:] == (number(2)[-4:], None)
    rules({"identity.birth_date": 1}, on=date(2026, 2, 2))
    assert {one.rule: one.rows for one in run(removing, TODAY) if one.rows} == {"number-off": 1}
    assert row(session, made.residents["W2"][0])[:3] == (date(1990, 1, 1), None, None)
    rules({}, on=date(2026, 2, 3))
    assert {one.rule: one.rows for one in dry_run(removing, TODAY) if one.rows} == {"birth-date-off": 2}
    run(removing, TODAY)
    assert session.scalar(text("SELECT count(*) FROM identity")) == 0

    rules(WHOLE, on=date(2026, 2, 4))
    session.execute(
        text("UPDATE stay SET until_on = :day WHERE resident_id = :id"),
        {"day": date(2026, 2, 10), "id": made.residents["W3"][1].id},
    )
    keep(open_places(session, [DISTRICT], "registration"), made.residents["W3"][1], birth_date=BORN)
    removing = open_places(session, [DISTRICT], "retention")
    done = {one.rule: one.rows for one in run(removing, date(2028, 6, 1))}
    assert (done["identity"], done["resident"]) == (1, 1)


def test_a_preview_tells_who_may_be_asked_and_what_would_go(session, rules, registers, resident, made):
    rules(WHOLE, W)
    keep(registers, resident, birth_date=BORN, id_number=SOUND)
    wished = rule_packs.wished(USUAL, {"identity.birth_date": 1})
    foreseen = rule_packs.preview(session, W, wished, TODAY)
    effects = {one.name: (one.before, one.after) for one in foreseen.effects}

    assert [name for name, _, _ in foreseen.settings] == ["identity.id_number", "identity.exchange_number"]
    six = fives_of(session).of(6, W)
    assert effects["residents_asked_birth"] == (six, six)
    assert effects["residents_asked_number"] == (six, 0)
    assert effects["numbers_to_remove"] == effects["whole_numbers_to_remove"] == (0, rule_packs.SOME)
    assert effects["births_to_remove"] == (0, 0)
    assert refused(rule_packs.wished, USUAL, {"identity.exchange_number": 1}) == "rule_number_unkept"


HEAD = "楼栋编码,房屋编号,姓名,出生日期,身份证号"


def sheet(*rows):
    return "\r\n".join([HEAD, *rows, ""]).encode()


def bring_in(registers, octets):
    report, _ = register_import.bring_in(
        registers, DISTRICT, octets, "r.csv", Limits.for_uploads(), TODAY, IDENTITY_KEY
    )
    return report


def test_a_file_brings_them_in_only_where_the_rules_have_them(session, rules, made, manager):
    west, east = made.building("W1").code, made.building("E1").code
    registers = open_registers(session, manager, "import")
    octets = sheet(
        f"{west},801,赵甲,1990-01-01,{number(11)}",
        f"{west},801,赵甲,1990-01-01,{number(12)}",  # of the same name, and somebody else
        f"{east},801,赵乙,1990-01-01,{number(13)}",
    )
    rules(WHOLE, W)
    report = bring_in(registers, octets)

    assert [line.why for line in report.lines] == ["new-resident"] * 3
    assert report.not_kept == 1
    kept = session.execute(text("SELECT born_on, number_tail, number_sealed FROM identity")).all()
    assert sorted(one.number_tail for one in kept) == sorted(number(n)[-4:] for n in (11, 12))
    assert all(one.born_on == date(1990, 1, 1) and one.number_sealed for one in kept)
    assert {line.why for line in bring_in(registers, octets).lines} == {"known"}
    mangled = sheet(f"{west},802,赵丙,,9.90101199001010E+17")
    assert refused(bring_in, registers, mangled) == "register_rows_wrong"
    assert refused(bring_in, registers, sheet(f"{west},802,赵丙,1991-01-01,{number(14)}")) == (
        "register_rows_wrong"
    )


def test_a_file_brings_the_whole_number_where_the_rules_came_to_keep_it_whole(session, rules, made, manager):
    west = made.building("W1").code
    registers = open_registers(session, manager, "import")
    octets = sheet(f"{west},801,赵甲,1990-01-01,{number(11)}")
    rules(BOTH, W)
    bring_in(registers, octets)
    sealed = text("SELECT number_sealed IS NOT NULL FROM identity")
    assert session.scalars(sealed).all() == [False]
    assert {line.why for line in bring_in(registers, octets).lines} == {"known"}
    rules(WHOLE, W, on=date(2026, 2, 1))

    again = bring_in(open_registers(session, manager, "import"), octets)

    assert session.scalars(sealed).all() == [True]
    assert {line.why for line in again.lines} == {"filled"}
    assert {line.why for line in bring_in(registers, octets).lines} == {"known"}


def test_the_exchange_file_has_numbers_for_a_reason_alone_and_comes_in_again(session, rules, made, manager):
    registers = open_registers(session, manager, "exchange")
    numbers = exchange.Numbers(REASON, IDENTITY_KEY, TODAY)
    assert refused(exchange.export, registers, DISTRICT, numbers) == "numbers_not_exchanged"
    rules(WHOLE, W)
    for grid, order in (("W1", 21), ("W2", 22), ("W3", 23)):
        keep(registers, made.residents[grid][0], birth_date=date(1990, 1, 1), id_number=number(order))

    plain, _ = exchange.export(registers, DISTRICT)
    full, rows = exchange.export(registers, DISTRICT, numbers)

    assert number(21) not in plain.decode()
    assert all(full.decode().count(number(order)) == 1 for order in (21, 22, 23))
    facts = session.scalars(
        text("SELECT facts FROM audit WHERE act = 'registers.export' ORDER BY id DESC")
    ).first()
    assert facts == {"numbers": 3, "reason": REASON}
    for table in ("rental", "landlord", "stay", "resident", "household", "dwelling"):
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    session.expire_all()
    importing = open_registers(session, manager, "import")
    bring_in(importing, full)
    assert exchange.export(importing, DISTRICT, numbers) == (full, rows)
