"""What the pages and the command line show beside the requests themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from plugin.store.tables import decision, inbound, job

_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class Inbound:
    """What arrived. `raw` is None once it was deleted by retention or `forget`."""

    id: int
    source: str
    mailbox: str
    received_at: datetime
    size: int
    digest: str
    flagged: str | None
    request: int | None
    raw: bytes | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a request's timeline."""

    at: datetime
    kind: str  #: message, or the kind of an effect
    inbound_id: int
    job_id: int | None
    state: str
    text: str  #: receipt or error; never what a customer wrote
    reminder: str | None = None  #: text of a reply that was a reminder; other replies stand in their decision


def inbound_of(conn: sa.Connection, inbound_id: int) -> Inbound | None:
    """One arrival with its bytes."""
    row = conn.execute(_INBOUND, {"of_id": inbound_id}).first()
    if row is None:
        return None
    return Inbound(
        id=row.id,
        source=row.source,
        mailbox=row.mailbox,
        received_at=row.received_at,
        size=row.size,
        digest=row.digest,
        flagged=row.flagged,
        request=row.request,
        raw=bytes(row.raw) if row.raw is not None else None,
    )


_INBOUND = (
    sa.select(inbound, decision.c.request)
    .outerjoin(decision, decision.c.inbound_id == inbound.c.id)
    .where(inbound.c.id == sa.bindparam("of_id"))
)


def since(conn: sa.Connection, moment: datetime) -> tuple[int, ...]:
    """Ids of what has arrived since a moment and still has its bytes, oldest first."""
    query = sa.select(inbound.c.id).where(inbound.c.received_at >= moment, inbound.c.raw.is_not(None))
    return tuple(conn.execute(query.order_by(inbound.c.id)).scalars())


def timeline(conn: sa.Connection, number: int) -> tuple[Entry, ...]:
    """Messages and effects of a request, oldest first."""
    theirs = sa.select(decision.c.inbound_id).where(decision.c.request == number).limit(_ENTRIES)
    messages = sa.select(inbound.c.id, inbound.c.received_at).where(inbound.c.id.in_(theirs))
    found = [Entry(row.received_at, "message", row.id, None, "", "") for row in conn.execute(messages)]
    to_come = (job.c.kind == "due") & (job.c.state == "ready")  # a deadline is told about once it came
    jobs = sa.select(job).where(job.c.inbound_id.in_(theirs), job.c.kind != "triage", ~to_come)
    for row in conn.execute(jobs.limit(_ENTRIES)):
        at = row.finished_at or row.created_at
        said = row.receipt or row.error or ""
        reminder = row.payload.get("text", "") if row.key == f"reply:{row.inbound_id}:remind" else None
        found.append(Entry(at, row.kind, row.inbound_id, row.id, row.state, said, reminder))
    return tuple(sorted(found, key=lambda entry: (entry.at, entry.job_id or 0)))
