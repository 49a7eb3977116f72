"""No plot without a grid, and nothing written to a plan once it is published.

Why: the one promise keys cannot keep alone is that none is missing. Foreign keys already say that every row
of a plan is a plot of its version; what is left to see at commit is that none was left out, and only three
acts can leave one out: naming a version, removing a row, and adding a plot to a version in use.
Each looks only at what it touched, so a plan of 100,000 plots is compared once and an edit
costs one look-up per row removed.

Versions are locked while compared (two transactions, one adding a plot, one making a plan of the
version), plans while written to (one editing, one publishing). The functions run as their owner, for the
app may neither lock a version nor see what others may not.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FUNCTIONS = {
    "plan_is_whole": """
        DECLARE left_out bigint;
        BEGIN
            PERFORM FROM tessellation WHERE id = NEW.tessellation_id FOR NO KEY UPDATE;
            SELECT plots.plot_id INTO left_out
            FROM plan JOIN tessellation_plot AS plots USING (tessellation_id)
            WHERE plan.id = NEW.id
              AND NOT EXISTS (
                  SELECT FROM grid_plot WHERE plan_id = plan.id AND plot_id = plots.plot_id
              )
            LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'plot % is in no grid of plan %', left_out, NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_is_whole', TABLE = 'plan';
            END IF;
            RETURN NULL;
        END
    """,
    "grid_plot_is_replaced": """
        BEGIN
            IF EXISTS (
                SELECT FROM plan JOIN tessellation_plot AS plots USING (tessellation_id)
                WHERE plan.id = OLD.plan_id AND plots.plot_id = OLD.plot_id
            ) AND NOT EXISTS (
                SELECT FROM grid_plot WHERE plan_id = OLD.plan_id AND plot_id = OLD.plot_id
            ) THEN
                RAISE EXCEPTION 'plot % is in no grid of plan %', OLD.plot_id, OLD.plan_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_is_whole', TABLE = 'grid_plot';
            END IF;
            RETURN NULL;
        END
    """,
    "tessellation_plot_is_placed": """
        DECLARE lacking bigint;
        BEGIN
            PERFORM FROM tessellation WHERE id = NEW.tessellation_id FOR NO KEY UPDATE;
            SELECT plan.id INTO lacking
            FROM plan
            WHERE plan.tessellation_id = NEW.tessellation_id
              AND NOT EXISTS (
                  SELECT FROM grid_plot WHERE plan_id = plan.id AND plot_id = NEW.plot_id
              )
            LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'plot % is in no grid of plan %', NEW.plot_id, lacking
                USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_is_whole', TABLE = 'tessellation_plot';
            END IF;
            RETURN NULL;
        END
    """,
    "plan_is_frozen": """
        BEGIN
            IF OLD.state <> 'draft' AND (
                TG_OP = 'DELETE'
                OR OLD.state = 'retired'
                OR NEW.state <> 'retired'
                OR to_jsonb(NEW) - '{state,retired_at}'::text[]
                    IS DISTINCT FROM to_jsonb(OLD) - '{state,retired_at}'::text[]
            ) THEN
                RAISE EXCEPTION 'plan % is % and never changes', OLD.id, OLD.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_is_frozen', TABLE = 'plan';
            END IF;
            RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
        END
    """,
    "part_of_plan_is_frozen": """
        DECLARE written bigint[]; frozen bigint;
        BEGIN
            IF TG_OP = 'INSERT' THEN
                written := ARRAY(SELECT DISTINCT plan_id FROM after_rows);
            ELSIF TG_OP = 'DELETE' THEN
                written := ARRAY(SELECT DISTINCT plan_id FROM before_rows);
            ELSE
                written := ARRAY(SELECT plan_id FROM before_rows UNION SELECT plan_id FROM after_rows);
            END IF;
            PERFORM FROM plan WHERE id = ANY (written) ORDER BY id FOR SHARE;
            SELECT id INTO frozen FROM plan WHERE id = ANY (written) AND state <> 'draft' LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'plan % is no draft and never changes', frozen
                USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_is_frozen', TABLE = TG_TABLE_NAME;
            END IF;
            RETURN NULL;
        END
    """,
}

AT_COMMIT = {
    "plan_is_whole": "AFTER INSERT OR UPDATE OF tessellation_id ON plan",
    "grid_plot_is_replaced": "AFTER DELETE OR UPDATE OF plan_id, plot_id ON grid_plot",
    "tessellation_plot_is_placed": "AFTER INSERT OR UPDATE OF tessellation_id, plot_id ON tessellation_plot",
}

# An event with its rows; PostgreSQL allows one event for a trigger that sees them.
EVENTS = {
    "insert": "NEW TABLE AS after_rows",
    "update": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
    "delete": "OLD TABLE AS before_rows",
}
PARTS = ("grid", "grid_plot", "edit")


def upgrade() -> None:
    for name, body in FUNCTIONS.items():
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path = public, pg_temp AS $body${body}$body$"
        )
        op.execute(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC")
    for name, event in AT_COMMIT.items():
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {name} {event} DEFERRABLE INITIALLY DEFERRED "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    op.execute(
        "CREATE TRIGGER plan_is_frozen BEFORE UPDATE OR DELETE ON plan "
        "FOR EACH ROW EXECUTE FUNCTION plan_is_frozen()"
    )
    for part in PARTS:
        for event, rows in EVENTS.items():
            op.execute(
                f"CREATE TRIGGER {part}_is_frozen_{event} AFTER {event} ON {part} REFERENCING {rows} "
                "FOR EACH STATEMENT EXECUTE FUNCTION part_of_plan_is_frozen()"
            )


def downgrade() -> None:
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}() CASCADE")  # and the triggers that call it
