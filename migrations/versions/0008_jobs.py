"""Work done in the background: jobs, uploads, and procrastinate's queue in a schema of its own.

Why: reading a file, importing it and dividing a district take longer than a page may wait. `job` says what
people see of such work, `upload` what became of files sent in; both are kept, for they say who did what. The
queue is procrastinate's own, in a schema of its own whose comment says which version made it (a newer one
brings scripts to be run by a later migration of ours). Its functions find their tables there whoever calls
them, so that a job and its row of the queue can be written in one transaction.
"""

from importlib import metadata, resources

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

QUEUE_RIGHTS = {
    "procrastinate_jobs": "SELECT, INSERT, UPDATE, DELETE",
    "procrastinate_workers": "SELECT, INSERT, UPDATE, DELETE",
    "procrastinate_events": "SELECT, INSERT",
    "procrastinate_periodic_defers": "SELECT, INSERT, UPDATE",
}


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("folder", sa.Text(), nullable=False, comment="random name in the quarantine"),
        sa.Column(
            "files",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="[{name as sent, stored, bytes, sha256, role}]",
        ),
        sa.Column(
            "options",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "preview",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="small drawing of what was read",
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'read', 'refused', 'imported', 'discarded')",
            name=op.f("upload_state_known"),
        ),
        sa.CheckConstraint("jsonb_typeof(files) = 'array'", name=op.f("upload_files_listed")),
        sa.CheckConstraint("jsonb_typeof(options) = 'object'", name=op.f("upload_options_named")),
        sa.CheckConstraint("folder ~ '^[A-Za-z0-9_-]{16,}$'", name=op.f("upload_folder_random")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("upload_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("upload_key")),
        sa.UniqueConstraint("folder", name=op.f("upload_folder_unique")),
    )
    op.create_index("upload_person_id_index", "upload", ["person_id"])
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("upload_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "parameters",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("attempt", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("queue_id", sa.BigInteger(), nullable=True, comment="its row in the queue"),
        sa.Column("share", sa.Double(), server_default="0", nullable=False),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "refusal",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="code and facts of what it failed for",
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('read_upload', 'import_upload', 'split')", name=op.f("job_kind_known")),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("job_state_known")
        ),
        sa.CheckConstraint("share >= 0 AND share <= 1", name=op.f("job_share_in_range")),
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)", name=op.f("job_ended_when")
        ),
        sa.CheckConstraint("(state = 'failed') = (refusal IS NOT NULL)", name=op.f("job_failed_why")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("job_asked_by_person")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("job_place_id_place")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("job_upload_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("job_key")),
    )
    op.create_index("job_place_id_index", "job", ["place_id"])
    op.create_index("job_upload_id_index", "job", ["upload_id"])
    op.create_index(
        "job_at_work_index", "job", ["queue_id"], postgresql_where=sa.text("state IN ('queued', 'running')")
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON job, upload TO gridkeeper_app")
    op.execute("GRANT USAGE ON SEQUENCE job_id_seq, upload_id_seq TO gridkeeper_app")
    _make_queue()


def downgrade() -> None:
    op.execute("DROP SCHEMA procrastinate CASCADE")
    op.drop_table("job")
    op.drop_table("upload")


def _make_queue() -> None:
    op.execute("CREATE SCHEMA procrastinate")
    found = op.get_bind().exec_driver_sql("SHOW search_path").scalar()
    op.execute("SET LOCAL search_path TO procrastinate")
    schema = resources.files("procrastinate.sql").joinpath("schema.sql").read_text(encoding="utf-8")
    with op.get_bind().connection.cursor() as cursor:  # as written: its % signs are no parameters
        cursor.execute(schema)
    op.execute(f"SET LOCAL search_path TO {found}")
    op.execute(f"COMMENT ON SCHEMA procrastinate IS '{metadata.version('procrastinate')}'")
    op.execute(
        """
        DO $$
        DECLARE made regprocedure;
        BEGIN
            FOR made IN SELECT oid FROM pg_proc WHERE pronamespace = 'procrastinate'::regnamespace LOOP
                EXECUTE format('ALTER ROUTINE %s SET search_path = procrastinate, pg_temp', made);
                EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', made);
                EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO gridkeeper_app', made);
            END LOOP;
        END
        $$
        """
    )
    op.execute("GRANT USAGE ON SCHEMA procrastinate TO gridkeeper_app")
    for table, rights in QUEUE_RIGHTS.items():
        op.execute(f"GRANT {rights} ON procrastinate.{table} TO gridkeeper_app")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA procrastinate TO gridkeeper_app")
