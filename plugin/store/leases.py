"""Work whose worker died or slept: taken back when its lease has run out.

Also puts right what a clock that went back would leave waiting, and what came while nobody worked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from plugin.act.outcome import Outcome
from plugin.store.doubt import arise
from plugin.store.engine import clock
from plugin.store.queue import LEASE, settled
from plugin.store.tables import job

LAPSED = "LeaseLapsed"
_SKEW = timedelta(seconds=10)
_LATE = timedelta(minutes=5)  #: a deadline that is later than this came while nobody worked
_READING = timedelta(minutes=10)  #: in which what has arrived meanwhile is read


@dataclass(frozen=True, slots=True)
class Swept:
    """How many jobs: to be tried again, set aside, in doubt."""

    again: int = 0
    dead: int = 0
    uncertain: int = 0


def sweep(conn: sa.Connection, *, everyone: bool = False, harmless: frozenset[str] = frozenset()) -> Swept:
    """Take back what nobody is working on any more.

    A job that was running is tried again; one that was sending may have happened, so it becomes
    uncertain, unless its kind is `harmless` to repeat. `everyone`: all leases, because the caller
    is the only worker there is and has just started.
    """
    now = clock(conn)
    _clock_went_back(conn, now)
    count = {"ready": 0, "dead": 0, "uncertain": 0}
    where: sa.ColumnElement[bool] = job.c.state.in_(("running", "sending"))
    if not everyone:
        # A lease that ends too far ahead was given before the clock went back.
        lapsed = sa.or_(job.c.lease_until <= now, job.c.lease_until > now + 2 * LEASE + _SKEW)
        where = sa.and_(where, lapsed)
    for row in conn.execute(sa.select(job).where(where).with_for_update(skip_locked=True)).all():
        looks = bool(row.payload.get("looks"))  # a second try looks first whether the first one happened
        doubt = row.state == "sending" and row.kind not in harmless and not looks
        outcome = Outcome("uncertain" if doubt else "again", error=LAPSED)
        values = settled(row, outcome, now)
        conn.execute(job.update().where(job.c.id == row.id).values(**values, lapses=row.lapses + 1))
        if doubt:
            arise(conn, row.id, now)
        count[values["state"]] += 1
    return Swept(count["ready"], count["dead"], count["uncertain"])


def catch_up(conn: sa.Connection) -> None:
    """Deadlines that came while nobody worked wait a little: the customer's answer may lie in the mailbox."""
    now = clock(conn)
    late = sa.and_(job.c.kind == "due", job.c.state == "ready", job.c.run_at < now - _LATE)
    conn.execute(job.update().where(late).values(run_at=now + _READING, set_at=now))


def _clock_went_back(conn: sa.Connection, now: datetime) -> None:
    """Jobs whose waiting time was set later than now would wait for hours; they are due.

    Deadlines are not: of them the time that was left is kept.
    """
    future = sa.and_(job.c.state == "ready", job.c.set_at > now + _SKEW)
    for row in conn.execute(sa.select(job.c.id, job.c.run_at, job.c.set_at).where(future, job.c.kind == "due")).all():
        left = {"run_at": now + (row.run_at - row.set_at), "set_at": now}
        conn.execute(job.update().where(job.c.id == row.id).values(**left))
    conn.execute(job.update().where(future, job.c.kind != "due").values(run_at=now, set_at=now))
