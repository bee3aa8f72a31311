"""Rate limits that hold across processes and hosts: a bucket of tokens a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from plugin.store.engine import insert_new
from plugin.store.tables import bucket


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second on average, and so many at once after a pause.

    Kinds that go to the same server name the same `bucket`; without a name each kind has its own.
    """

    per_second: float
    burst: float
    bucket: str = ""


def take(conn: sa.Connection, name: str, rate: Rate, now: datetime) -> bool:
    """Take one token, in the transaction that uses it; False if there is none."""
    return wait(conn, name, rate, now) == 0.0


def wait(conn: sa.Connection, name: str, rate: Rate, now: datetime) -> float:
    """0 if a token was taken, else the seconds until there is one."""
    insert_new(conn, bucket, {"name": name, "tokens": rate.burst, "at": now})
    row = conn.execute(sa.select(bucket).where(bucket.c.name == name).with_for_update()).one()
    # A clock that went back adds nothing, and is believed from here on.
    gone = max(0.0, (now - row.at).total_seconds())
    tokens = min(rate.burst, row.tokens + gone * rate.per_second)
    taken: bool = tokens >= 1.0
    left = tokens - 1.0 if taken else tokens
    conn.execute(bucket.update().where(bucket.c.name == name).values(tokens=left, at=now))
    return 0.0 if taken else (1.0 - left) / rate.per_second
