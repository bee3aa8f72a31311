"""Accepts every mail of a folder and marks it, as a mailbox does: `take.py FOLDER [SYNCHRONOUS]`.

SYNCHRONOUS=OFF breaks the promise on purpose, to see that the check of it can fail.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from plugin.model import Arrival
from plugin.settings import load
from plugin.store import open_store

store = open_store(load())
if len(sys.argv) > 2:
    level = sys.argv[2]

    @sa.event.listens_for(store.engine, "checkout")
    def _break(connection: sa.engine.interfaces.DBAPIConnection, *_: object) -> None:
        connection.cursor().execute(f"PRAGMA synchronous={level}")


for path in sorted(Path(sys.argv[1]).glob("*.eml")):
    store.accept(Arrival("mail", path.read_bytes(), datetime.now(UTC), "folder"))
    path.rename(path.with_suffix(".done"))
store.close()
