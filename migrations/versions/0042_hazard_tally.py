"""Hazards counted by place and day, kept as they change.

Why: a board over a million hazards must not count them each time somebody looks. Triggers append what a
statement changed to the counts of the community and of every place above it; nothing is updated, so that
nobody who writes waits for another. `settle_hazard_tally` puts together what has been appended.

A day is one of the city: `gridkeeper.zone`, which every connection of the software says. Where it changes,
`recount_hazard_tally` counts everything anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

DAY = """
CREATE FUNCTION city_day(moment timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (moment AT TIME ZONE coalesce(nullif(current_setting('gridkeeper.zone', true), ''),
        'Asia/Shanghai'))::date
$$
"""
# rows: a question for hazards with `sign`, 1 where they are to be counted and -1 where no longer.
COUNT = """
    INSERT INTO hazard_tally (place_id, day, what, kind, hours, n)
    WITH changed AS (
        SELECT community_id, said.day, said.what, said.kind, said.hours, sum(sign) AS n
        FROM ({rows}) AS hazard CROSS JOIN LATERAL (
            VALUES
            (city_day(reported_at), 'reported', '', 0, true),
            (city_day(reported_at), 'filed', '', 0,
                state NOT IN ('reported', 'accepted', 'refused', 'duplicate')),
            (city_day(reported_at), 'open', hazard.kind, 0, closed_at IS NULL),
            (city_day(due_at), 'waiting', hazard.kind, 0,
                closed_at IS NULL AND state NOT IN ('pending', 'claimed done', 'verified')),
            (city_day(due_at), 'due', '', 0, state NOT IN ('refused', 'duplicate')),
            (city_day(due_at), 'due closed', '', 0, state IN ('closed', 'evaluated')),
            (city_day(due_at), 'on time', '', 0, state IN ('closed', 'evaluated') AND closed_at <= due_at),
            (city_day(closed_at), 'gone', '', 0, closed_at IS NOT NULL),
            (city_day(closed_at), 'closed', '',
                coalesce(round(extract(epoch FROM closed_at - reported_at) / 3600), 0)::integer,
                state IN ('closed', 'evaluated'))
        ) AS said (day, what, kind, hours, counts)
        WHERE said.counts
        GROUP BY community_id, said.day, said.what, said.kind, said.hours HAVING sum(sign) <> 0
    )
    SELECT above.id, changed.day, changed.what, changed.kind, changed.hours, sum(changed.n)
    FROM changed JOIN place ON place.id = changed.community_id JOIN place AS above ON above.path @> place.path
    GROUP BY above.id, changed.day, changed.what, changed.kind, changed.hours HAVING sum(changed.n) <> 0
"""
COLUMNS = "community_id, reported_at, due_at, closed_at, state, kind"
ADDED, GONE = f"SELECT 1 AS sign, {COLUMNS} FROM added", f"SELECT -1 AS sign, {COLUMNS} FROM gone"
EVENTS = {
    "insert": ("NEW TABLE AS added", ADDED),
    "update": ("OLD TABLE AS gone NEW TABLE AS added", f"{GONE} UNION ALL {ADDED}"),
    "delete": ("OLD TABLE AS gone", GONE),
}
FUNCTION = """
CREATE FUNCTION {name}() RETURNS {returns} LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    {body};
    RETURN{value};
END $$
"""
RECOUNT = f"""LOCK TABLE hazard IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM hazard_tally;
    {COUNT.format(rows=f"SELECT 1 AS sign, {COLUMNS} FROM hazard")}"""
SETTLE = """PERFORM pg_advisory_xact_lock(hashtextextended('settle hazard_tally', 0));
    WITH fresh AS (DELETE FROM hazard_tally WHERE is_fresh RETURNING place_id, day, what, kind, hours, n),
    added AS (
        SELECT place_id, day, what, kind, hours, sum(n) AS n FROM fresh
        GROUP BY place_id, day, what, kind, hours
    ),
    former AS (
        DELETE FROM hazard_tally AS kept USING added
        WHERE NOT kept.is_fresh AND kept.place_id = added.place_id AND kept.what = added.what
            AND kept.day = added.day AND kept.kind = added.kind AND kept.hours = added.hours
        RETURNING kept.place_id, kept.day, kept.what, kept.kind, kept.hours, kept.n
    )
    INSERT INTO hazard_tally (place_id, day, what, kind, hours, n, is_fresh)
    SELECT place_id, day, what, kind, hours, sum(n), false
    FROM (SELECT * FROM added UNION ALL SELECT * FROM former) AS both_of_them
    GROUP BY place_id, day, what, kind, hours HAVING sum(n) <> 0"""
WAITING = sa.text("closed_at IS NULL AND state NOT IN ('pending', 'claimed done', 'verified')")


def upgrade() -> None:
    op.create_table(
        "hazard_tally",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "hours",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="of what is closed: how long it took",
        ),
        sa.Column("n", sa.Integer(), nullable=False, comment="so many more, or fewer where below zero"),
        sa.Column("is_fresh", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("hazard_tally_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("hazard_tally_key")),
    )
    op.create_index(
        "hazard_tally_place_index",
        "hazard_tally",
        ["place_id", "what", "day"],
        postgresql_include=["kind", "hours", "n"],
    )
    op.create_index("hazard_tally_fresh_index", "hazard_tally", ["id"], postgresql_where=sa.text("is_fresh"))
    op.create_index(
        "hazard_waiting_index",
        "hazard",
        ["community_id", "due_at"],
        postgresql_include=["grid_code", "kind", "state"],
        postgresql_where=WAITING,
    )
    op.execute(DAY)
    for name, body in (("recount_hazard_tally", RECOUNT), ("settle_hazard_tally", SETTLE)):
        op.execute(FUNCTION.format(name=name, returns="void", body=body, value=""))
        op.execute(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION settle_hazard_tally() TO gridkeeper_app")
    op.execute("GRANT SELECT ON hazard_tally TO gridkeeper_app")
    for event, (rows, question) in EVENTS.items():
        name = f"tally_hazard_{event}"
        body = COUNT.format(rows=question)
        op.execute(FUNCTION.format(name=name, returns="trigger", body=body, value=" NULL"))
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON hazard REFERENCING {rows} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    op.execute("SELECT recount_hazard_tally()")


def downgrade() -> None:
    for event in EVENTS:
        op.execute(f"DROP TRIGGER tally_hazard_{event} ON hazard")
        op.execute(f"DROP FUNCTION tally_hazard_{event}()")
    op.execute("DROP FUNCTION settle_hazard_tally()")
    op.execute("DROP FUNCTION recount_hazard_tally()")
    op.execute("DROP FUNCTION city_day(timestamptz)")
    op.drop_index("hazard_waiting_index", "hazard")
    op.drop_table("hazard_tally")
