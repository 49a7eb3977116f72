"""The audit as a chain: rows are sealed in batches, each seal's hash made from the one before.

Why: the app only appends to the audit, but whoever holds the database could still change a row and nobody
would know. A seal hashes every column of its rows and the seal before it. So a row that is changed, removed
or put in later is found by anybody who reckons the chain anew, and a chain made anew as a whole is found by
a head that was written down elsewhere. The worker seals what is new. The app may ask for that (`seal_audit`
runs as the owner) and can neither write a seal nor choose which one a row belongs to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Rows are told apart by id, which their transactions took in any order: what is unsealed is what has no seal.
SEALING = """
CREATE FUNCTION unsealed_audit() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.seal_id := NULL;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION unsealed_audit() FROM PUBLIC;
CREATE TRIGGER unsealed BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION unsealed_audit();

CREATE FUNCTION seal_audit(most bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    former audit_seal;
    batch bigint[];
    moment CONSTANT timestamptz := clock_timestamp();
    digest bytea;
BEGIN
    IF NOT EXISTS (SELECT FROM audit WHERE seal_id IS NULL) THEN
        RETURN 0;
    END IF;
    LOCK TABLE audit_seal IN SHARE ROW EXCLUSIVE MODE;  -- one at a time
    SELECT * INTO former FROM audit_seal ORDER BY id DESC LIMIT 1;
    batch := ARRAY(SELECT id FROM audit WHERE seal_id IS NULL ORDER BY id LIMIT most);
    IF cardinality(batch) = 0 THEN
        RETURN 0;
    END IF;
    SELECT sha256(
        coalesce(former.hash, ''::bytea)
        || convert_to(
            jsonb_build_array(coalesce(former.id, 0) + 1, extract(epoch FROM moment), count(*))::text, 'UTF8'
        )
        || string_agg(
            sha256(convert_to(
                jsonb_build_array(
                    id, extract(epoch FROM at), person_id, act, about, facts, purpose, households
                )::text, 'UTF8'
            )), ''::bytea ORDER BY id
        )
    ) INTO digest FROM audit WHERE id = ANY (batch);
    INSERT INTO audit_seal (id, made_at, rows, hash)
    VALUES (coalesce(former.id, 0) + 1, moment, cardinality(batch), digest);
    UPDATE audit SET seal_id = coalesce(former.id, 0) + 1 WHERE id = ANY (batch);
    RETURN cardinality(batch);
END $$;
REVOKE ALL ON FUNCTION seal_audit(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seal_audit(bigint) TO gridkeeper_app;
"""


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column(
            "hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the seal before, itself and its rows",
        ),
        sa.CheckConstraint("rows > 0", name=op.f("audit_seal_rows_sealed")),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_seal_key")),
    )
    op.add_column("audit", sa.Column("seal_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("audit_seal_id_audit_seal"), "audit", "audit_seal", ["seal_id"], ["id"])
    op.create_index("audit_seal_id_index", "audit", ["seal_id"], unique=False)
    op.create_index(
        "audit_unsealed_index", "audit", ["id"], unique=False, postgresql_where=sa.text("seal_id IS NULL")
    )
    op.execute("GRANT SELECT ON audit_seal TO gridkeeper_app")
    op.execute(SEALING)


def downgrade() -> None:
    op.execute("DROP FUNCTION seal_audit(bigint)")
    op.execute("DROP TRIGGER unsealed ON audit")
    op.execute("DROP FUNCTION unsealed_audit()")
    op.drop_index("audit_unsealed_index", "audit")
    op.drop_index("audit_seal_id_index", "audit")
    op.drop_constraint(op.f("audit_seal_id_audit_seal"), "audit")
    op.drop_column("audit", "seal_id")
    op.drop_table("audit_seal")
