"""Reviews of drafts, comments on them, who may publish where, and jobs that publish on the day.

Why: a plan concerns everybody who lives or works in it. A manager submits it, a leader approves it for a day
or sends it back, and what was said about which spot stays with it. Who asked, who decided and when is
history: a review that is over is never written to again, and the app may change nothing of a comment but that
it is settled. Where nothing is set managers publish alone, as before.
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SOUND = (
    "ST_IsValid(position) AND NOT ST_IsEmpty(position)"
    " AND ST_XMin(position) >= -180 AND ST_XMax(position) <= 180"
    " AND ST_YMin(position) >= -90 AND ST_YMax(position) <= 90"
)
IS_OVER = """
    BEGIN
        IF OLD.state IN ('sent_back', 'withdrawn') THEN
            RAISE EXCEPTION 'review % is % and never changes', OLD.id, OLD.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_is_over', TABLE = 'review';
        END IF;
        RETURN NEW;
    END
"""
DECIDED = "state, decided_by, decided_at, note, effective_on, withdrawn_by, withdrawn_at, job_id"


def upgrade() -> None:
    _reviews()
    _comments()
    op.create_table(
        "place_setting",
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "managers_publish_alone",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="without the approval of a leader",
        ),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        _moment("changed_at"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("place_setting_place_id_place")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("place_setting_changed_by_person")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("place_setting_key")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON place_setting TO gridkeeper_app")
    _kinds("'read_upload', 'import_upload', 'split', 'rebalance', 'publish'")


def _reviews() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the plan that is looked at"),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        _moment("asked_at"),
        sa.Column("asked_note", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True, comment="of who decided"),
        sa.Column("effective_on", sa.Date(), nullable=True, comment="the day it is to be in force"),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "job_id",
            sa.BigInteger(),
            nullable=True,
            comment="publishes it since its day came; tells why where it could not",
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'sent_back', 'withdrawn')", name=op.f("review_state_known")
        ),
        sa.CheckConstraint("version >= 0", name=op.f("review_version_counted")),
        sa.CheckConstraint("state <> 'waiting' OR decided_at IS NULL", name=op.f("review_waiting_undecided")),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'sent_back') OR decided_at IS NOT NULL",
            name=op.f("review_decided_when"),
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR effective_on IS NOT NULL", name=op.f("review_approved_for_a_day")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("review_withdrawn_when")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("review_plan_id_plan")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("review_asked_by_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("review_decided_by_person")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("review_withdrawn_by_person")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("review_job_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("review_key")),
    )
    op.create_index(
        "review_open_index",
        "review",
        ["plan_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'approved')"),
    )
    op.create_index("review_plan_id_index", "review", ["plan_id"])
    op.execute(
        "CREATE FUNCTION review_is_over() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = public, pg_temp AS $body${IS_OVER}$body$"
    )
    op.execute("REVOKE ALL ON FUNCTION review_is_over() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER review_is_over BEFORE UPDATE ON review FOR EACH ROW EXECUTE FUNCTION review_is_over()"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ({DECIDED}) ON review TO gridkeeper_app")
    op.execute("GRANT USAGE ON SEQUENCE review_id_seq TO gridkeeper_app")


def _comments() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the plan that was looked at"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("grid_code", sa.Text(), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        _moment("made_at"),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("comment_text_given")),
        sa.CheckConstraint("settled_by IS NULL OR settled_at IS NOT NULL", name=op.f("comment_settled_when")),
        sa.CheckConstraint(SOUND, name=op.f("comment_position_sound")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("comment_plan_id_plan")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("comment_made_by_person")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("comment_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("comment_key")),
    )
    op.create_index("comment_plan_id_index", "comment", ["plan_id"])
    op.execute("GRANT SELECT, INSERT, UPDATE (settled_by, settled_at) ON comment TO gridkeeper_app")
    op.execute("GRANT USAGE ON SEQUENCE comment_id_seq TO gridkeeper_app")


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _kinds(words: str) -> None:
    op.drop_constraint(op.f("job_kind_known"), "job")
    op.create_check_constraint(op.f("job_kind_known"), "job", f"kind IN ({words})")


def downgrade() -> None:
    for table in ("review", "comment", "place_setting"):
        op.drop_table(table)
    op.execute("DROP FUNCTION review_is_over()")
    op.execute("DELETE FROM job WHERE kind = 'publish'")
    _kinds("'read_upload', 'import_upload', 'split', 'rebalance'")
