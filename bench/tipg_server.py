"""tipg on the database of the environment, over its socket.

tipg takes only addresses with a host; asyncpg, which it uses, takes sockets. So it is given a host that
stands for ours. `python -m bench.tipg_server PORT`
"""

from __future__ import annotations

import os
import sys
from typing import Any

import asyncpg

from app.config import logins

STAND_IN = "postgresql://localhost/gridkeeper"


def main(port: int) -> None:
    os.environ["DATABASE_URL"] = STAND_IN
    create_pool = asyncpg.create_pool

    def ours(_: str, **settings: Any) -> Any:
        return create_pool(address, **settings)

    asyncpg.create_pool = ours
    import uvicorn
    from tipg.main import app

    uvicorn.run(app, port=port, log_level="warning")


if __name__ == "__main__":
    # As the owner: tipg makes functions of its own in pg_temp, which the app may not.
    address = logins().owner.url.set(drivername="postgresql").render_as_string(hide_password=False)
    main(int(sys.argv[1]))
