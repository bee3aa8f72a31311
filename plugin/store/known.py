"""What is known before a message is decided: its conversation, and what was sent to whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from plugin.model import Earlier, Fact, History, Message, Question
from plugin.store import ledger, likeness, people, stops
from plugin.store.codec import load_issues
from plugin.store.participants import lately, takes_part
from plugin.store.tables import decision, job, mute, request, thread
from plugin.understand.facts import facts

_DAY = timedelta(hours=24)
_ANSWERS = timedelta(days=14)  #: so long a mail without a thread may answer our questions
_IDS = 100  #: of In-Reply-To and References that are looked up: the last ones
_DIGITS = 12
#: The number as our own subjects write it, "[#12]", and as desks do: "[desk.example #12]", "[Ticket#12]".
_NUMBER = re.compile(r"\[#(\d{1,12})\]")
_DESKS = re.compile(r"\[[^\[\]#]{0,80}# ?([\w-]{1,64})\]")
_BARE = re.compile(r"\[([A-Za-z]{1,16}-[A-Za-z0-9]{1,40})\]")  #: Escalated's
_NAMED = re.compile(r"#(\d{1,12})\b")
_OPEN = 3  #: open requests of a sender that a message is held against


@dataclass(frozen=True, slots=True)
class Known:
    """The conversation that a message belongs to (None: a new one) and the History for `triage()`."""

    request: int | None
    history: History


def known(conn: sa.Connection, key: bytes, message: Message, mailbox: str, now: datetime) -> Known:
    """Everything from before that a decision may depend on. `mailbox` is the one that replies go out from."""
    ids = (*message.references[-_IDS:], *message.in_reply_to[-_IDS:])
    threads = _threads(conn, (message.id, *ids))
    sender = message.sender.email if message.sender else ""
    person = people.person(key, sender) if sender else None
    row, how = _conversation(conn, message, person, [threads[i] for i in reversed(ids) if i in threads])
    ours = frozenset(i for i, found in threads.items() if found.ours)
    before = history(conn, key, message, mailbox, row, now, ours=ours)
    found = names(message)
    if row is not None:
        other = row.subject_key != people.subject_key(key, message.subject)
        before = replace(before, linked_by=how, other_subject=other and bool(message.subject.strip()))
    elif person is not None:
        before = replace(before, earlier=_earlier(conn, key, message, found, mailbox, person, now))
    linked = _linked(conn, message, found, person, row.number if row else None)
    return Known(row.number if row else None, replace(before, linked=linked))


def history(
    conn: sa.Connection,
    key: bytes,
    message: Message,
    mailbox: str,
    row: Any | None,
    now: datetime,
    *,
    ours: frozenset[str] = frozenset(),
) -> History:
    """What went before in the request of `row`, and how much was sent to the message's sender.

    `ours`: Message-IDs of our mails that the message names.
    """
    sender = message.sender.email if message.sender else ""
    counted = ledger.counts(conn, key, sender, mailbox, row.number if row else None, now)
    values: dict[str, Any] = {}
    if row:
        values = {
            "asked": frozenset(row.asked),
            "given": frozenset(row.given),
            "rounds": row.rounds,
            "agent_replied": row.agent_replied,
            "request_open": abs(now - row.updated_at) <= _DAY,
            "language": row.language or None,
            "intent": row.intent or None,
            "group": row.group_id or None,
            "moved_to": row.moved_to,
            "happened": tuple(row.happened),
            "held": _held(conn, row.number),
            "number": row.number,
            "ticket": row.ticket,
            "ticket_number": row.ticket_number,
            "told_in_hand": row.told_in_hand,
            "questions": tuple(Question(item, text) for item, text in row.questions),
            "issues": load_issues(row.issues),
            "flags": tuple(row.flags),
            "tags": tuple(row.tags),
            "priority": row.priority or None,
            "score": row.score,
        }
    return History(
        replies_to_request=counted.request,
        replies_to_sender_24h=counted.person_24h,
        replies_from_mailbox_1h=counted.mailbox_1h,
        last_reply_to_sender=counted.last,
        breaker_open=any(s.kind == "breaker" for s in stops.active(conn, now).values()),
        own_message_ids=ours,
        seen_fingerprints=_same_words(conn, key, message, sender, now),
        replies_to_domain_1h=counted.domain_1h,
        replies_from_mailbox_24h=counted.mailbox_24h,
        sender_muted=bool(sender) and muted(conn, key, sender, now),
        **values,
    )


def _held(conn: sa.Connection, number: int) -> bool:
    """Does the desk not have the ticket yet?"""
    theirs = sa.select(decision.c.inbound_id).where(decision.c.request == number)
    held = sa.select(job.c.id).where(job.c.state == "held", job.c.inbound_id.in_(theirs)).limit(1)
    return conn.execute(held).first() is not None


def muted(conn: sa.Connection, key: bytes, email: str, now: datetime) -> bool:
    """Did this address refuse mail for good not long ago?"""
    found = conn.execute(_MUTED, {"of_person": people.person(key, email)}).scalar()
    return found is not None and found > now


_MUTED = sa.select(mute.c.until).where(mute.c.person == sa.bindparam("of_person"))


def _threads(conn: sa.Connection, ids: Sequence[str]) -> dict[str, Any]:
    hashes = {people.mail_id(i): i for i in ids if i}
    if not hashes:
        return {}
    return {hashes[row.message_id]: row for row in conn.execute(_THREADS, {"ids": list(hashes)})}


_THREADS = sa.select(thread).where(thread.c.message_id.in_(sa.bindparam("ids", expanding=True)))


def _conversation(
    conn: sa.Connection, message: Message, person: str | None, threads: Sequence[Any]
) -> tuple[Any | None, str]:
    """The request that a message belongs to, and what led to it.

    By one of our Message-IDs, whoever answers it: only who got our mail can know one. By one of
    theirs or by the ticket's number only for somebody who takes part already.
    """
    for found in threads:
        row = _request(conn, request.c.number == found.request)
        if row and (found.ours or takes_part(conn, row.number, person)):
            return row, "thread"
    if message.ticket and message.source in ("desk", "webhook"):  # signed by the desk: it knows its tickets
        row = _request(conn, request.c.ticket == message.ticket[:64])
        if row:
            return row, "ticket"
    for number in _NUMBER.findall(message.subject)[:3]:
        row = _request(conn, request.c.number == int(number))
        if row and takes_part(conn, row.number, person):
            return row, "number"
    for ticket in (*_DESKS.findall(message.subject), *_BARE.findall(message.subject))[:3]:
        row = _request(conn, _seen_as(ticket))
        if row and takes_part(conn, row.number, person):
            return row, "number"
    return None, ""


def _earlier(
    conn: sa.Connection, key: bytes, message: Message, found: Sequence[Fact], mailbox: str, person: str, now: datetime
) -> tuple[Earlier, ...]:
    """The sender's requests of the last day, and older ones with questions of ours, the newest first."""
    mine, named = likeness.words(key, message), likeness.names(key, found)
    subject = people.subject_key(key, message.subject)
    return tuple(
        Earlier(
            number=row.number,
            history=history(conn, key, message, mailbox, row, now),
            alike=likeness.alike(mine, row.words),
            same_subject=subject is not None and subject == row.subject_key,
            other_names=likeness.other_names(named, row.names),
            recent=row.updated_at >= now - _DAY,
            wrote=row.wrote,
        )
        for row in lately(conn, person, now - _ANSWERS, _OPEN)
        if row.suppressed is None and row.parent is None  # what was split off follows the one it was split from
        if row.questions or row.updated_at >= now - _DAY
    )


def _linked(
    conn: sa.Connection, message: Message, found: Sequence[Fact], person: str | None, mine: int | None
) -> tuple[int, ...]:
    """Other requests that the sender took part in and that the message names by number: ours, or the desk's."""
    ours = _NAMED.findall(f"{message.subject} {message.newest[:20_000]}")[:5]  # ours may have but one digit
    named = dict.fromkeys((*ours, *[fact.value for fact in found if fact.kind == "ticket-number"][:5]))
    numbers = []
    for name in named:
        number = int(name) if name.isdecimal() and len(name) <= _DIGITS else None
        row = _request(conn, sa.or_(_seen_as(name[:64]), request.c.number == number))
        if row and row.number != mine and takes_part(conn, row.number, person):
            numbers.append(row.number)
    return tuple(numbers)


@lru_cache(maxsize=32)
def names(message: Message) -> tuple[Fact, ...]:
    """What a message names exactly. A message is looked up twice, before it is decided and when that is kept."""
    return facts(message)


def _seen_as(name: str) -> sa.ColumnElement[bool]:
    """Is this the number that people see? Where they see another than the API's, that one is nobody's to quote."""
    return sa.or_(request.c.ticket_number == name, (request.c.ticket == name) & request.c.ticket_number.is_(None))


def _request(conn: sa.Connection, where: sa.ColumnElement[bool]) -> Any | None:
    return conn.execute(sa.select(request).where(where).order_by(request.c.number.desc()).limit(1)).first()


def _same_words(conn: sa.Connection, key: bytes, message: Message, sender: str, now: datetime) -> int:
    if not sender:
        return 0
    same = {"of_domain": people.domain(key, sender), "words": people.fingerprint(key, message.newest)}
    return int(conn.execute(_SAME_WORDS, {**same, "since": now - timedelta(hours=1)}).scalar_one())


_SAME_WORDS = (
    sa.select(sa.func.count())
    .select_from(decision)
    .where(
        decision.c.domain == sa.bindparam("of_domain"),
        decision.c.fingerprint == sa.bindparam("words"),
        decision.c.decided_at >= sa.bindparam("since", type_=decision.c.decided_at.type),
    )
)
