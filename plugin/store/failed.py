"""What was set aside or is in doubt, and what an operator does about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from plugin.store import doubt
from plugin.store.engine import clock
from plugin.store.tables import decision, job


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that a person has to look at. Its message stands in `inbound`, byte for byte."""

    id: int
    kind: str
    inbound_id: int | None
    request: int | None
    state: str  #: dead or uncertain
    attempts: int
    error: str
    history: tuple[Mapping[str, Any], ...]
    at: datetime
    searched: bool = False  #: uncertain, and still being looked for


_OF_JOB = ("id", "kind", "inbound_id", "state", "attempts", "error", "history", "finished_at", "set_at")


def failed(conn: sa.Connection, limit: int | None = None) -> tuple[Failed, ...]:
    """Dead and uncertain jobs, newest first; at most `limit`."""
    query = (
        sa.select(*(job.c[name] for name in _OF_JOB), decision.c.request)
        .outerjoin(decision, decision.c.inbound_id == job.c.inbound_id)
        .where(job.c.state.in_(("dead", "uncertain")))
        .order_by(job.c.id.desc())
        .limit(limit)
    )
    rows = conn.execute(query).all()
    looked_for = doubt.searched(conn, [row.id for row in rows if row.state == "uncertain"])
    return tuple(
        Failed(
            id=row.id,
            kind=row.kind,
            inbound_id=row.inbound_id,
            request=row.request,
            state=row.state,
            attempts=row.attempts,
            error=row.error or "",
            history=tuple(row.history),
            at=row.finished_at or row.set_at,
            searched=row.id in looked_for,
        )
        for row in rows
    )


def retry(conn: sa.Connection, job_id: int) -> bool:
    """A job that was set aside gets its tries again; False if there is no such job."""
    return _again(conn, job_id, "dead")


def resolve(conn: sa.Connection, job_id: int, verdict: str) -> bool:
    """Settle a job that waits for a person. False if there is no such job.

    An uncertain one: "sent" (it happened) or "send" (do it now). One that was set aside: "leave" (it stays undone).
    """
    if verdict == "leave":
        mine = (job.c.id == job_id) & (job.c.state == "dead")
        left = {"state": "cancelled", "receipt": "a person left it undone", "finished_at": clock(conn)}
        return bool(conn.execute(job.update().where(mine).values(**left)).rowcount == 1)
    if verdict == "send":
        return _again(conn, job_id, "uncertain")
    if verdict != "sent":
        raise ValueError("expected sent, send or leave")
    return doubt.settle(conn, job_id, "the operator says so")


def _again(conn: sa.Connection, job_id: int, state: str) -> bool:
    """As if it was new; that a person said so stands in its history."""
    now = clock(conn)
    mine = (job.c.id == job_id) & (job.c.state == state)
    history = conn.execute(sa.select(job.c.history).where(mine).with_for_update()).scalar()
    if history is None:
        return False
    said = {"at": now.isoformat(timespec="seconds"), "try": 0, "error": "a person had it tried again"}
    values = {"state": "ready", "attempts": 0, "run_at": now, "set_at": now, "lease_owner": None, "finished_at": None}
    conn.execute(job.update().where(mine).values(**values, history=[*history, said][-40:]))
    return True
