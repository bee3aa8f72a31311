"""What must not go on for now: a pause ends by itself, a breaker waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from plugin.store.engine import insert_new
from plugin.store.tables import stop

_LONGEST = timedelta(hours=24)
#: A pause that began later than this from now was set by a clock that has gone back since.
_SKEW = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Stop:
    """`name` is a kind of job or what the breaker guards; `until` is None for a breaker."""

    name: str
    kind: str  #: pause or breaker
    reason: str
    at: datetime
    until: datetime | None


def active(conn: sa.Connection, now: datetime) -> dict[str, Stop]:
    """Everything that is stopped at `now`, by name."""
    found = (Stop(r.name, r.kind, r.reason, r.at, r.until) for r in conn.execute(_STOPPED))
    return {s.name: s for s in found if s.until is None or (s.at <= now + _SKEW and now < s.until)}


_STOPPED = sa.select(stop).where(stop.c.kind != "resumed")


def pause(conn: sa.Connection, name: str, reason: str, now: datetime, *, seconds: float) -> None:
    """Stop a kind of job for a while; a breaker of the same name stays one."""
    until = now + timedelta(seconds=min(seconds, _LONGEST.total_seconds()))
    values = {"kind": "pause", "reason": reason[:200], "at": now, "until": until}
    if insert_new(conn, stop, {"name": name, **values}) is None:
        conn.execute(stop.update().where(stop.c.name == name, stop.c.kind != "breaker").values(**values))


def trip(conn: sa.Connection, name: str, reason: str, now: datetime) -> None:
    """Open a breaker: nothing of that name goes on until `resume`."""
    values = {"kind": "breaker", "reason": reason[:200], "at": now, "until": None}
    if insert_new(conn, stop, {"name": name, **values}) is None:
        conn.execute(stop.update().where(stop.c.name == name, stop.c.kind != "breaker").values(**values))


def resume(conn: sa.Connection, name: str, now: datetime) -> bool:
    """Let it go on; False if nothing of that name was stopped. What went out before is not counted again."""
    where = (stop.c.name == name) & (stop.c.kind != "resumed")
    values = {"kind": "resumed", "reason": "", "at": now, "until": None}
    return bool(conn.execute(stop.update().where(where).values(**values)).rowcount)


def resumed_at(conn: sa.Connection, name: str) -> datetime | None:
    """When a person last let it go on."""
    return conn.execute(_RESUMED, {"of_name": name}).scalar()


_RESUMED = sa.select(stop.c.at).where(stop.c.name == sa.bindparam("of_name"), stop.c.kind == "resumed")
