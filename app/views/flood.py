"""How much anybody may ask of the public part, by kind of request."""

from __future__ import annotations

from flask import current_app

from app.services.public_flood import Buckets, Flow
from app.views.session import client

# For one client, and for all together. Typing asks every few letters; a screen in a lobby and all phones
# behind one address share a bucket.
FLOWS = {
    "search": (Flow(burst=40, per_second=2), Flow(burst=400, per_second=60)),
    "look": (Flow(burst=60, per_second=5), Flow(burst=600, per_second=100)),
    # A map asks for some dozens at once, and a screen that fills its memory for some hundred.
    "tile": (Flow(burst=400, per_second=40), Flow(burst=3000, per_second=300)),
    # A program reads a whole district page by page.
    "ogc": (Flow(burst=200, per_second=20), Flow(burst=1000, per_second=100)),
    # Five at once from one address, then one a minute; a hundred from everywhere, then one a second.
    "report": (Flow(burst=5, per_second=1 / 60), Flow(burst=100, per_second=1)),
}
# Of what is sent, by endpoint: taken before the body is read. What is not named here counts as a look.
SENT = {"find_report.send": "report"}


def take(name: str, cost: float = 1.0) -> None:
    """Count a request of this kind; refused with `too_many_requests`. Buckets are made when first asked."""
    buckets: Buckets = current_app.extensions.setdefault(f"buckets {name}", Buckets(*FLOWS[name]))
    buckets.take(client(), cost)
