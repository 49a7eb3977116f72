"""What the app and the public may do, and nothing more.

Why: a mistake or an attack in the application must not be able to move a plot's ground, rewrite history or
read more than its role needs. The app has no UPDATE or DELETE on plots, versions and edits; plans,
people and duties end but are not deleted. The public reads the base map and the plans in force, by row-level
security, and no figure: neither counts of households nor staff.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APP_RIGHTS = {
    "SELECT, INSERT": "tessellation, plot, tessellation_plot, plot_edge, edit",
    "SELECT, INSERT, UPDATE": "place, building, plan, person, duty",
    "SELECT, INSERT, UPDATE, DELETE": "compound, street, water, railway, green, grid, grid_plot, role",
}
PUBLIC_COLUMNS = {
    "place": "id, level, code, name, name_pinyin, path, parent_path, outline",
    "building": "id, place_id, code, name, name_pinyin, address, kind, geometry, position, retired_at",
    "plan": "id, place_id, name, state, published_at",
    "grid": "id, plan_id, community_id, code, name, outline",
}
PUBLIC_TABLES = "street, water, railway, green"
IN_FORCE = {
    "plan": "state = 'published'",
    "grid": "EXISTS (SELECT FROM plan WHERE plan.id = grid.plan_id AND plan.state = 'published')",
}


def upgrade() -> None:
    op.execute("GRANT USAGE ON SCHEMA public TO gridkeeper_app, gridkeeper_public")
    for rights, tables in APP_RIGHTS.items():
        op.execute(f"GRANT {rights} ON {tables} TO gridkeeper_app")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO gridkeeper_app")
    op.execute(f"GRANT SELECT ON {PUBLIC_TABLES} TO gridkeeper_public")
    for table, columns in PUBLIC_COLUMNS.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO gridkeeper_public")
    for table, rows in IN_FORCE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY all_for_app ON {table} TO gridkeeper_app USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY in_force ON {table} FOR SELECT TO gridkeeper_public USING ({rows})")


def downgrade() -> None:
    for table in IN_FORCE:
        op.execute(f"DROP POLICY in_force ON {table}")
        op.execute(f"DROP POLICY all_for_app ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table, columns in PUBLIC_COLUMNS.items():
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM gridkeeper_public")
    op.execute(f"REVOKE SELECT ON {PUBLIC_TABLES} FROM gridkeeper_public")
    op.execute("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM gridkeeper_app")
    for rights, tables in APP_RIGHTS.items():
        op.execute(f"REVOKE {rights} ON {tables} FROM gridkeeper_app")
    op.execute("REVOKE USAGE ON SCHEMA public FROM gridkeeper_app, gridkeeper_public")
