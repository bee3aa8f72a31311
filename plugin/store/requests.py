"""Requests: what customers want, one row a conversation. This is also the built-in ticket list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from plugin.model import Decision, Message
from plugin.store import people
from plugin.store.tables import request

SUBJECT_CHARS = 300


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the ticket list."""

    number: int
    state: str  #: new, waiting (for the customer), complete, handed-over
    requester: str  #: address; "" if there is none or it was forgotten
    requester_name: str
    language: str
    subject: str
    intent: str
    group: str
    channel: str
    priority: str
    tags: tuple[str, ...]
    flags: tuple[str, ...]
    copies: tuple[str, ...]
    score: int
    missing: tuple[str, ...]
    asked: tuple[str, ...]
    given: tuple[str, ...]
    rounds: int
    note: str
    suppressed: str | None
    ticket: str | None  #: the desk's own number
    agent_replied: bool
    moved_to: str | None  #: group that a person or an escalation moved it to
    routed_at: datetime | None  #: since when its group has it; None while it is held back
    taken_at: datetime | None  #: when somebody picked it up
    taken_by: str
    opened_at: datetime
    updated_at: datetime


def find(conn: sa.Connection, number: int) -> Request | None:
    """The request of that number."""
    row = conn.execute(sa.select(request).where(request.c.number == number)).first()
    return _request(row) if row else None


def listed(
    conn: sa.Connection, *, state: str | None, group: str | None, before: int | None, limit: int
) -> tuple[Request, ...]:
    """Requests, newest first; `before` a number goes on where the last page ended."""
    query = sa.select(request).order_by(request.c.number.desc()).limit(limit)
    for column, wanted in ((request.c.state, state), (request.c.group_id, group)):
        query = query.where(column == wanted) if wanted is not None else query
    query = query.where(request.c.number < before) if before is not None else query
    return tuple(_request(row) for row in conn.execute(query))


def open_or_follow(
    conn: sa.Connection,
    key: bytes,
    number: int | None,
    message: Message,
    decision: Decision,
    clean: Callable[[str], str],
    now: datetime,
    *,
    held: bool = False,
) -> int:
    """Open a request for the message, or take it into the one that it belongs to; the number.

    `held`: the group does not get the ticket yet. An automatic message in a conversation (out of
    office, a bounce) changes nothing but the time.
    """
    if number is None:
        values = _opening(key, message, clean, now) | _decided(decision, clean, None)
        values["routed_at"] = None if held else now
        inserted = conn.execute(request.insert().values(**values).returning(request.c.number))
        return int(inserted.scalar_one())
    row = conn.execute(sa.select(request).where(request.c.number == number).with_for_update()).one()
    values = {"updated_at": now}
    if decision.suppressed is None:
        taking_part = [*row.participants, *people.people(key, _people_of(message))]
        values |= {"participants": list(dict.fromkeys(taking_part))[:200], **_decided(decision, clean, row)}
        if not held and (row.routed_at is None or row.group_id != decision.group):
            values["routed_at"] = now
    conn.execute(request.update().where(request.c.number == number).values(**values))
    return number


def hand_over(conn: sa.Connection, number: int, ticket: str | None = None) -> None:
    """The desk has it. One that waits for the customer goes on waiting."""
    values: dict[str, Any] = {"ticket": ticket[:64]} if ticket else {}
    done = sa.case((request.c.state == "waiting", "waiting"), else_="handed-over")
    conn.execute(request.update().where(request.c.number == number).values(state=done, **values))


def take(conn: sa.Connection, number: int, by: str, now: datetime) -> bool:
    """Somebody has picked it up; False if there is no such request or somebody had it before."""
    free = (request.c.number == number) & request.c.taken_at.is_(None)
    values = {"taken_at": now, "taken_by": by[:200]}
    return bool(conn.execute(request.update().where(free).values(**values)).rowcount)


def give_up_waiting(conn: sa.Connection, before: datetime) -> int:
    """Hand over what has waited for the customer since `before`: no request is ever stuck."""
    late = (request.c.state == "waiting") & (request.c.updated_at < before)
    return conn.execute(request.update().where(late).values(state="handed-over")).rowcount


def _opening(key: bytes, message: Message, clean: Callable[[str], str], now: datetime) -> dict[str, Any]:
    sender = message.sender
    return {
        "requester": sender.email if sender else "",
        "requester_name": clean(sender.name)[:200] if sender else "",
        "person": people.person(key, sender.email) if sender else None,
        "participants": people.people(key, _people_of(message))[:200],
        "subject": clean(message.subject)[:SUBJECT_CHARS],
        "subject_key": people.subject_key(key, message.subject),
        "ticket": message.ticket[:64] if message.ticket else None,
        "opened_at": now,
        "updated_at": now,
    }


def _decided(decision: Decision, clean: Callable[[str], str], row: Any | None) -> dict[str, Any]:
    asks = decision.reply.asks if decision.reply else ()
    present = [item.id for item in decision.completeness.items if item.present]
    missing = decision.completeness.missing
    return {
        "state": "waiting" if asks else "complete" if not missing else "new",
        "language": row.language if row and row.language else decision.language,
        "intent": decision.intent,
        "group_id": decision.group,
        "channel": decision.channel,
        "priority": decision.priority,
        "tags": list(decision.tags),
        "flags": list(decision.flags),
        "copies": list(decision.copies),
        "score": decision.completeness.score,
        "missing": list(missing),
        "asked": list(dict.fromkeys([*(row.asked if row else ()), *asks])),
        "given": list(dict.fromkeys([*(row.given if row else ()), *present])),
        "rounds": (row.rounds if row else 0) + bool(asks),
        "note": clean(decision.note),
        "suppressed": decision.suppressed,
    }


def _people_of(message: Message) -> list[str]:
    sender = [message.sender.email] if message.sender else []
    return sender + [address.email for address in message.cc[:50]]


def _request(row: Any) -> Request:
    return Request(
        number=row.number,
        state=row.state,
        requester=row.requester,
        requester_name=row.requester_name,
        language=row.language,
        subject=row.subject,
        intent=row.intent,
        group=row.group_id,
        channel=row.channel,
        priority=row.priority,
        tags=tuple(row.tags),
        flags=tuple(row.flags),
        copies=tuple(row.copies),
        score=row.score,
        missing=tuple(row.missing),
        asked=tuple(row.asked),
        given=tuple(row.given),
        rounds=row.rounds,
        note=row.note,
        suppressed=row.suppressed,
        ticket=row.ticket,
        agent_replied=row.agent_replied,
        moved_to=row.moved_to,
        routed_at=row.routed_at,
        taken_at=row.taken_at,
        taken_by=row.taken_by,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
    )
