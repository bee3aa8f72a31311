"""The command line with `PRAGMA synchronous` set to another level: `careless.py LEVEL COMMAND...`.

Breaks the promise on purpose, to see that the check of it can fail.
"""

from __future__ import annotations

import sys
from typing import Any

import sqlalchemy as sa

from plugin.cli import main


def careless(level: str) -> None:
    """Every connection to a database is so from here on."""

    @sa.event.listens_for(sa.engine.Engine, "engine_connect")
    def _break(connection: sa.Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA synchronous={level}")


if __name__ == "__main__":
    careless(sys.argv[1])
    sys.argv[1:] = sys.argv[2:]
    main()
