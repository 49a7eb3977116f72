"""Two plots may share a river with a bridge and, further on, the same river without.

Why: then there are metres of one class that a grid may cross and metres that it may not, and each needs
a row of its own.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = ["tessellation_id", "plot_id", "neighbour_id", "kind"]


def upgrade() -> None:
    op.drop_constraint("plot_edge_key", "plot_edge", type_="primary")
    op.create_primary_key("plot_edge_key", "plot_edge", [*KEY, "wall"])


def downgrade() -> None:
    op.drop_constraint("plot_edge_key", "plot_edge", type_="primary")
    op.execute("""
        DELETE FROM plot_edge AS wall USING plot_edge AS way
        WHERE wall.wall AND NOT way.wall AND wall.tessellation_id = way.tessellation_id
          AND wall.plot_id = way.plot_id AND wall.neighbour_id = way.neighbour_id AND wall.kind = way.kind
    """)
    op.create_primary_key("plot_edge_key", "plot_edge", KEY)
