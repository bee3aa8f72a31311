"""Effects of which nobody knows whether they happened, and the search for what became of them.

A doubt brings a job of its own into being, in the transaction in which it arises. That job looks for the
effect where it would have left a trace, and tells whoever has to know if none is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from plugin.store import queue, requests
from plugin.store.engine import clock
from plugin.store.tables import decision, job

KIND = "doubt"
GRACE = timedelta(seconds=2)  #: a server that is cut off may need a moment to file what it has taken
_TRIES = 100_000  #: it ends by time, not by number


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An effect that may or may not have happened."""

    id: int
    key: str
    kind: str
    message_id: str | None
    inbound_id: int | None
    request: int | None


def arise(conn: sa.Connection, job_id: int, now: datetime) -> None:
    """An effect became uncertain at `now`: have it looked into."""
    key = f"{KIND}:{job_id}:{now.isoformat()}"  # it may be sent again by a person, and be in doubt again
    payload = {"job": job_id, "since": now.isoformat()}
    queue.enqueue(conn, key=key, kind=KIND, payload=payload, max_attempts=_TRIES, run_at=now + GRACE)


def doubtful(conn: sa.Connection, job_id: int) -> Doubtful | None:
    """The effect, if it is still in doubt."""
    query = (
        sa.select(job, decision.c.request)
        .outerjoin(decision, decision.c.inbound_id == job.c.inbound_id)
        .where(job.c.id == job_id, job.c.state == "uncertain")
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    return Doubtful(row.id, row.key, row.kind, row.message_id, row.inbound_id, row.request)


def settle(conn: sa.Connection, job_id: int, receipt: str) -> bool:
    """It happened: the trace was found. False if it is in doubt no longer."""
    values: dict[str, Any] = {"state": "done", "receipt": receipt[:200], "finished_at": clock(conn)}
    where = (job.c.id == job_id) & (job.c.state == "uncertain")
    change = job.update().where(where).values(**values, lease_owner=None).returning(job.c.key, job.c.inbound_id)
    row = conn.execute(change).first()
    if row is not None:
        happened(conn, row.key, row.inbound_id)
    return row is not None


def happened(conn: sa.Connection, key: str, inbound_id: int | None) -> None:
    """What else is so once an effect is known to have happened: who got the customer's own mail has the request."""
    if key.startswith("gateway:") and inbound_id is not None:
        number = conn.execute(sa.select(decision.c.request).where(decision.c.inbound_id == inbound_id)).scalar()
        if number is not None:
            requests.hand_over(conn, number)


def searched(conn: sa.Connection, job_ids: list[int]) -> frozenset[int]:
    """Which of these effects are still being looked for."""
    open_ = sa.select(job.c.payload).where(job.c.kind == KIND, job.c.state.in_(("ready", "running")))
    wanted = set(job_ids)
    return frozenset(payload["job"] for payload in conn.execute(open_).scalars() if payload["job"] in wanted)
