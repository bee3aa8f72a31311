"""Requests: what customers want, one row a conversation. This is also the built-in ticket list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from plugin.model import Decision, Message
from plugin.store import likeness, participants, people
from plugin.store.codec import dump
from plugin.store.known import names
from plugin.store.tables import decision as decided
from plugin.store.tables import request

SUBJECT_CHARS = 300
_ISSUE_CHARS = 2_000  #: of the text that an issue is about


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
    ticket_number: str | None  #: as people see it, where that is another
    linked: tuple[int, ...]  #: older requests that the customer named
    parent: int | None  #: the request that this one was split from
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


def about(conn: sa.Connection, inbound_id: int) -> Request | None:
    """The request that a message belongs to; None before it is decided."""
    row = conn.execute(_ABOUT, {"of_inbound": inbound_id}).first()
    return _request(row) if row else None


_ABOUT = (
    sa.select(request)
    .join(decided, decided.c.request == request.c.number)
    .where(decided.c.inbound_id == sa.bindparam("of_inbound"))
)


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

    The decision holds no secrets any more; `clean` takes them out of what is copied from the message.

    `held`: the group does not get the ticket yet. An automatic message in a conversation (out of
    office, a bounce) changes nothing but the time.
    """
    if number is None:
        values = _opening(key, message, clean, now) | _decided(decision, None)
        values["routed_at"] = None if held else now
        opened = _insert(conn, values)
        participants.join(conn, opened, people.people(key, _people_of(message)))
        return opened
    row = conn.execute(sa.select(request).where(request.c.number == number).with_for_update()).one()
    values = {"updated_at": now}
    if decision.suppressed is None:
        participants.join(conn, number, people.people(key, _people_of(message)))
        values |= _about(key, message, row) | _decided(decision, row)
        if not held and (row.routed_at is None or row.group_id != decision.group):
            values["routed_at"] = now
    conn.execute(request.update().where(request.c.number == number).values(**values))
    return number


def hand_over(conn: sa.Connection, number: int, ticket: str | None = None) -> None:
    """The desk has it. One that waits for the customer goes on waiting."""
    values: dict[str, Any] = {"ticket": ticket[:64]} if ticket else {}
    done = sa.case((request.c.state == "waiting", "waiting"), else_="handed-over")
    conn.execute(request.update().where(request.c.number == number).values(state=done, **values))


def open_child(conn: sa.Connection, number: int, want: Mapping[str, Any], now: datetime) -> int:
    """A request for a further want of a message, beside the one that it was found in; the same again is the same."""
    parent = conn.execute(sa.select(request).where(request.c.number == number)).one()
    same = (request.c.parent == number) & (request.c.intent == want["intent"]) & (request.c.group_id == want["group"])
    there = conn.execute(sa.select(request.c.number).where(same)).scalar()
    if there is not None:
        return int(there)
    copied = ("requester", "requester_name", "person", "language", "subject", "channel", "priority", "opened_at")
    said = f"Split from request {number}, which holds the conversation.\nWhat      “{want['text'][:_ISSUE_CHARS]}”\n"
    values = {name: getattr(parent, name) for name in copied} | {
        "parent": number,
        "state": "handed-over",
        "intent": want["intent"],
        "group_id": want["group"],
        "tags": list(want["tags"]),
        "score": want["score"],
        "missing": list(want["missing"]),
        "note": said,
        "routed_at": now,
        "updated_at": now,
    }
    return _insert(conn, values)


def _insert(conn: sa.Connection, values: Mapping[str, Any]) -> int:
    return int(conn.execute(request.insert().returning(request.c.number), values).scalar_one())


def take(conn: sa.Connection, number: int, by: str, now: datetime) -> bool:
    """Somebody has picked it up; False if there is no such request or somebody had it before."""
    free = (request.c.number == number) & request.c.taken_at.is_(None)
    values = {"taken_at": now, "taken_by": by[:200]}
    return bool(conn.execute(request.update().where(free).values(**values)).rowcount)


def _opening(key: bytes, message: Message, clean: Callable[[str], str], now: datetime) -> dict[str, Any]:
    sender = message.sender
    return {
        "requester": sender.email if sender else "",
        "requester_name": clean(sender.name)[:200] if sender else "",
        "person": people.person(key, sender.email) if sender else None,
        "subject": clean(message.subject)[:SUBJECT_CHARS],
        "subject_key": people.subject_key(key, message.subject),
        "ticket": message.ticket[:64] if message.ticket else None,
        "ticket_number": message.ticket_number[:64] if message.ticket_number else None,
        "opened_at": now,
        "updated_at": now,
        **_about(key, message, None),
    }


def _about(key: bytes, message: Message, row: Any | None) -> dict[str, Any]:
    """What it is about, so that further messages about it are known again."""
    words, named = likeness.words(key, message), likeness.names(key, names(message))
    return {
        "words": likeness.merged(row.words if row else (), words),
        "names": likeness.merged(row.names if row else (), named),
    }


def _decided(decision: Decision, row: Any | None) -> dict[str, Any]:
    reply = decision.reply
    asks = reply.asks if reply else ()
    items = [item for checklist in decision.checklists for item in checklist.items]
    present = list(dict.fromkeys(item.id for item in items if item.present))
    missing = list(dict.fromkeys(item.id for item in items if not item.present))
    questions = [[i, text] for i, text in zip(asks, reply.questions, strict=False)] if reply else []
    return {
        "state": _state(row, asks, present, missing),
        "language": row.language if row and row.language else decision.language,
        "intent": decision.intent,
        "group_id": decision.group,
        "channel": decision.channel,
        "priority": decision.priority,
        "tags": list(decision.tags),
        "flags": list(decision.flags),
        "copies": list(decision.copies),
        "score": decision.completeness.score,
        "missing": missing,
        "asked": list(dict.fromkeys([*(row.asked if row else ()), *asks])),
        "given": list(dict.fromkeys([*(row.given if row else ()), *present])),
        "rounds": (row.rounds if row else 0) + bool(asks),
        "questions": questions or (row.questions if row else []),
        "issues": dump([replace(i, text=i.text[:_ISSUE_CHARS], evidence=()) for i in decision.issues]),
        "told_in_hand": bool(row and row.told_in_hand) or bool(reply and reply.kind == "in-hand"),
        "linked": list(dict.fromkeys([*(row.linked if row else ()), *decision.linked])),
        "note": decision.note,
        "suppressed": decision.suppressed,
    }


def _state(row: Any | None, asks: Sequence[str], present: Sequence[str], missing: Sequence[str]) -> str:
    """Waiting while our questions are open: to ask what became of it answers none."""
    if asks:
        return "waiting"
    if row and row.state == "waiting":
        asked = {item for item, _ in row.questions} or {*row.asked}
        if asked <= {*missing} and not {*present} - {*row.given}:
            return "waiting"
    return "new" if missing else "complete"


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
        ticket_number=row.ticket_number,
        linked=tuple(row.linked),
        parent=row.parent,
        agent_replied=row.agent_replied,
        moved_to=row.moved_to,
        routed_at=row.routed_at,
        taken_at=row.taken_at,
        taken_by=row.taken_by,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
    )
