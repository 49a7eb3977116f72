"""The audit is sealed into a chain that the app cannot alter, and that shows what the owner altered."""

import pytest
from sqlalchemy import text

from app.services import audit, audit_chain, checks
from app.services.checks import Failed, Where
from tests.services.refusals import forbidden


@pytest.fixture
def chain(root_session):
    """Three seals, of two rows, of a read, and of one; made as the app, in a session of the superuser."""
    root_session.execute(text("SET LOCAL ROLE gridkeeper_app"))
    for batch in (("one", "two"), (), ("three",)):
        for act in batch:
            audit.record(root_session, None, act, "grid 7", {"said": "三", "share": 0.1})
        if not batch:
            root_session.execute(
                text(
                    "INSERT INTO audit (act, about, purpose, households)"
                    " VALUES ('registers.view', 'building 7', 'visit', ARRAY[5, 6])"
                )
            )
        audit_chain.seal(root_session)
    root_session.execute(text("RESET ROLE"))
    return root_session


def test_what_was_written_is_sealed_and_the_chain_holds(chain):
    verdict = audit_chain.verify(chain)

    assert verdict.holds
    assert (verdict.head.seal, verdict.head.rows, verdict.unsealed) == (3, 4, 0)
    assert chain.scalars(text("SELECT rows FROM audit_seal ORDER BY id")).all() == [2, 1, 1]


def test_there_is_nothing_to_seal_twice(chain):
    assert audit_chain.seal(chain) == 0
    assert audit_chain.head(chain).seal == 3


def test_a_row_that_waits_is_told_and_breaks_nothing(chain):
    audit.record(chain, None, "four", "grid 7")
    verdict = audit_chain.verify(chain)

    assert verdict.holds
    assert verdict.unsealed == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET act = 'other' WHERE act = 'one'",
        "UPDATE audit SET at = at + interval '1 microsecond' WHERE act = 'two'",
        "UPDATE audit SET facts = '{}' WHERE act = 'three'",
        "UPDATE audit SET about = 'grid 8' WHERE act = 'three'",
        "UPDATE audit SET purpose = 'ledger' WHERE purpose = 'visit'",
        "UPDATE audit SET households = ARRAY[5] WHERE purpose = 'visit'",
        "UPDATE audit SET id = id + 1000 WHERE act = 'one'",
        "UPDATE audit SET seal_id = 3 WHERE act = 'one'",
        "UPDATE audit SET seal_id = NULL WHERE act = 'one'",
        "DELETE FROM audit WHERE act = 'one'",
        "DELETE FROM audit WHERE seal_id = 2",
        "UPDATE audit_seal SET made_at = made_at - interval '1 day' WHERE id = 2",
        "UPDATE audit_seal SET hash = sha256('x') WHERE id = 1",
    ],
)
def test_whatever_the_owner_alters_is_found(chain, statement):
    chain.execute(text(statement))

    verdict = audit_chain.verify(chain)

    assert not verdict.holds
    assert verdict.broken


def test_a_row_put_under_an_old_seal_is_found(chain):
    chain.execute(text("ALTER TABLE audit DISABLE TRIGGER unsealed"))
    chain.execute(text("INSERT INTO audit (act, about, seal_id) VALUES ('put in', 'grid 7', 2)"))

    assert audit_chain.verify(chain).broken == (2,)


def test_a_seal_taken_out_with_its_rows_is_missed(chain):
    chain.execute(text("DELETE FROM audit WHERE seal_id = 2"))
    chain.execute(text("DELETE FROM audit_seal WHERE id = 2"))

    verdict = audit_chain.verify(chain)

    assert verdict.missing == (2,)
    assert verdict.broken == (3,)


def test_a_chain_made_anew_as_a_whole_does_not_hold_a_head_kept_elsewhere(chain):
    kept = str(audit_chain.head(chain))
    assert audit_chain.verify(chain, kept).holds
    chain.execute(text("UPDATE audit SET act = 'other', seal_id = NULL"))
    chain.execute(text("DELETE FROM audit_seal"))
    audit_chain.seal(chain)

    assert audit_chain.verify(chain).holds
    assert audit_chain.verify(chain, kept).head_lost
    assert audit_chain.verify(chain, "no head").head_lost


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_seal (id, made_at, rows, hash) VALUES (9, now(), 1, '')",
        "UPDATE audit_seal SET hash = ''",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
        "UPDATE audit SET seal_id = NULL",
        "ALTER TABLE audit DISABLE TRIGGER unsealed",
        "DROP FUNCTION seal_audit(bigint)",
    ],
)
def test_the_app_cannot_alter_the_chain(session, statement):
    audit.record(session, None, "tried", "grid 7")
    audit_chain.seal(session)

    assert forbidden(session, statement)


def test_the_app_cannot_choose_the_seal_of_a_row(session):
    audit.record(session, None, "tried", "grid 7")
    audit_chain.seal(session)
    session.execute(text("INSERT INTO audit (act, about, seal_id) VALUES ('sly', 'grid 7', 1)"))

    assert session.scalar(text("SELECT seal_id FROM audit WHERE act = 'sly'")) is None


def test_many_rows_are_sealed_in_several_batches(session, monkeypatch):
    monkeypatch.setattr(audit_chain, "BATCH", 2)
    for number in range(5):
        audit.record(session, None, "tried", f"grid {number}")

    assert audit_chain.seal(session) == 5
    assert audit_chain.head(session).seal == 3
    assert audit_chain.verify(session).holds


def test_the_check_names_what_was_altered(chain, tmp_path):
    where = Where(tmp_path, "")
    assert checks.audit_holds(chain, where) == "4 rows under 3 seals"
    chain.execute(text("UPDATE audit SET act = 'other' WHERE act = 'three'"))

    with pytest.raises(Failed, match="seal 3 does not hold"):
        checks.audit_holds(chain, where)


def test_the_check_tells_of_rows_that_nobody_seals(chain, tmp_path):
    chain.execute(
        text("INSERT INTO audit (at, act, about) VALUES (now() - interval '1 hour', 'x', 'grid 7')")
    )

    with pytest.raises(Failed, match="1 rows wait"):
        checks.audit_holds(chain, Where(tmp_path, ""))
