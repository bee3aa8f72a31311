"""What is kept for how long, and how one person is forgotten.

Bodies, addresses and texts go; what was decided stays, without anything that leads to a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from plugin.store import participants, people
from plugin.store.engine import clock, lock_decisions
from plugin.store.tables import decision, inbound, job, mute, request, sent

BATCH = 200  #: messages a transaction: nobody waits long for the next one
_OVER = ("done", "dead", "cancelled", "uncertain")
_NOT_DONE = ("ready", "running", "sending", "held", "dead", "cancelled", "uncertain")
#: Fields of a decision, wherever in it, that hold words of the customer or to them.
_TEXTS = frozenset({"text", "because", "evidence", "note", "subject", "html", "questions", "files"})


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was removed about a person."""

    messages: int = 0  #: whose bytes were deleted
    requests: int = 0  #: that lost requester, subject and note
    decisions: int = 0  #: that lost every text
    effects: int = 0  #: mails and other effects that lost their content
    called_off: int = 0  #: effects that had not been tried yet


def purge(conn: sa.Connection, before: datetime) -> int:
    """Delete what is older than `before` of one batch of messages; how many there were. Call until 0.

    Messages that are still to be decided, and those of conversations that go on, stay.
    """
    open_jobs = sa.exists().where(job.c.inbound_id == inbound.c.id, job.c.state.not_in(_OVER))
    goes_on = sa.exists().where(
        decision.c.inbound_id == inbound.c.id,
        decision.c.request == request.c.number,
        request.c.updated_at >= before,
    )
    old = sa.select(inbound.c.id).where(
        inbound.c.received_at < before, inbound.c.raw.is_not(None), ~open_jobs, ~goes_on
    )
    ids = list(conn.execute(old.order_by(inbound.c.received_at).limit(BATCH)).scalars())
    if ids:
        _strip(conn, ids)
        _strip_requests(conn, sa.select(decision.c.request).where(decision.c.inbound_id.in_(ids)))
    return len(ids)


def forget(conn: sa.Connection, key: bytes, email: str) -> Forgotten:
    """Remove everything about a person: their messages, their requests, what was sent to them.

    A request that somebody else opened keeps that person's data and loses this one's messages.
    """
    lock_decisions(conn)
    person = people.person(key, email)
    theirs = sa.select(request.c.number).where(request.c.person == person)
    numbers = list(conn.execute(theirs).scalars())
    decided = sa.select(decision.c.inbound_id).where(
        sa.or_(decision.c.person == person, decision.c.request.in_(numbers))
    )
    ids = [*conn.execute(decided).scalars(), *_undecided(conn, email)]
    called_off = _call_off(conn, ids)
    stripped = _strip(conn, ids)
    _strip_requests(conn, numbers)
    participants.leave(conn, person)
    conn.execute(sent.update().where(sent.c.person == person).values(person="", domain=""))
    conn.execute(mute.delete().where(mute.c.person == person))
    return Forgotten(
        messages=stripped["messages"],
        requests=len(numbers),
        decisions=stripped["decisions"],
        effects=stripped["effects"],
        called_off=called_off,
    )


def _undecided(conn: sa.Connection, email: str) -> list[int]:
    """Messages that name the address and were not decided yet, or were set aside."""
    # By their jobs, of which few are not done: all that ever arrived is too much to read.
    waiting = (job.c.kind == "triage") & job.c.state.in_(_NOT_DONE)
    ids = sa.select(job.c.inbound_id).where(waiting)
    query = sa.select(inbound.c.id, inbound.c.raw).where(inbound.c.id.in_(ids), inbound.c.raw.is_not(None))
    wanted = email.strip().lower().encode("utf-8", "surrogatepass")
    rows = conn.execute(query.execution_options(yield_per=20))
    return [row.id for row in rows if wanted and wanted in bytes(row.raw).lower()]


def _call_off(conn: sa.Connection, ids: Sequence[int]) -> int:
    # Whoever works on one of them finds that it is no longer theirs, and keeps and sends nothing.
    waiting = job.c.inbound_id.in_(ids) & job.c.state.in_(("ready", "held", "running"))
    values = {"state": "cancelled", "receipt": "the person was forgotten", "finished_at": clock(conn)}
    return int(conn.execute(job.update().where(waiting).values(**values, lease_owner=None)).rowcount)


def _strip(conn: sa.Connection, ids: Sequence[int]) -> dict[str, int]:
    """Take the texts out of messages, decisions and effects; how many of each."""
    there = inbound.c.id.in_(ids) & inbound.c.raw.is_not(None)
    messages = conn.execute(inbound.update().where(there).values(raw=None)).rowcount
    rows = conn.execute(
        sa.select(decision.c.inbound_id, decision.c.payload).where(decision.c.inbound_id.in_(ids))
    ).all()
    for row in rows:
        values: dict[str, Any] = {"payload": without_texts(row.payload), "person": None, "fingerprint": None}
        conn.execute(decision.update().where(decision.c.inbound_id == row.inbound_id).values(**values))
    over = job.c.inbound_id.in_(ids) & job.c.state.in_((*_OVER, "sending")) & (job.c.kind != "triage")
    effects = conn.execute(job.update().where(over).values(payload={})).rowcount
    return {"messages": messages, "decisions": len(rows), "effects": effects}


def _strip_requests(conn: sa.Connection, numbers: Sequence[int] | sa.Select[Any]) -> None:
    empty = {"requester": "", "requester_name": "", "subject": "", "subject_key": None, "note": ""}
    values: dict[str, Any] = {**empty, "person": None, "issues": [], "questions": [], "words": [], "names": []}
    conn.execute(request.update().where(request.c.number.in_(numbers)).values(**values))
    participants.close(conn, numbers)


def without_texts(value: Any) -> Any:
    """A stored decision with rules, scores and places, and without any words of the customer or to them."""
    if isinstance(value, list):
        return [without_texts(entry) for entry in value]
    if isinstance(value, dict):
        return {name: type(entry)() if name in _TEXTS else without_texts(entry) for name, entry in value.items()}
    return value
