"""Opens the store as any process does, with a step of the schema that is yet to come: `opening.py [FOLDER [die]]`.

FOLDER is a copy of the migrations with that step in it; with `die` the process is killed in the middle of it.
"""

from __future__ import annotations

import sys
from typing import Any

import alembic.op
from seams import die

from plugin.settings import load
from plugin.store import migrate, open_store

if len(sys.argv) > 1:
    ordinary = migrate._config

    def later() -> Any:
        config = ordinary()
        config.set_main_option("script_location", sys.argv[1])
        return config

    migrate._config = later
if len(sys.argv) > 2:
    alembic.op.add_column = lambda *_: die()
store = open_store(load())
print(len(store.requests()))
store.close()
