"""The one ledger of what was ever sent to whom, across mail, desk and form.

A row is written in the transaction that decides on the reply, before anything is tried, and is
taken away only if the reply was called off before it was tried. What may be sent is decided in
`decide`; here it is counted, inside the same transaction, so that two workers cannot both pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from plugin.store import people, stops
from plugin.store.engine import insert_new
from plugin.store.tables import job, mute, sent

_ENOUGH = 10_000  #: no cap may be higher than this; counting further would only cost time
MUTE = timedelta(days=60)  #: nothing is sent to an address that refused mail for good


@dataclass(frozen=True, slots=True)
class Counts:
    """Replies that were sent, or are about to be."""

    request: int = 0
    person_24h: int = 0
    domain_1h: int = 0
    mailbox_1h: int = 0
    mailbox_24h: int = 0
    last: datetime | None = None  #: to this person


def counts(conn: sa.Connection, key: bytes, email: str, mailbox: str, number: int | None, now: datetime) -> Counts:
    """How much went to this person, this domain and out of this mailbox up to `now`.

    Rows of a clock that has gone back since lie after `now`; they count as well.
    """
    hour, day = now - timedelta(hours=1), now - timedelta(hours=24)
    box = people.keyed(key, f"mailbox:{mailbox}")
    since = stops.resumed_at(conn, "reply") or day
    person, domain = (people.person(key, email), people.domain(key, email)) if email else ("", "")
    values = {"request": number, "person": person, "domain": domain, "box": box, "hour": hour, "day": day}
    values |= {"box_hour": max(hour, since), "box_day": max(day, since)}
    return Counts(*conn.execute(_COUNTS, values).one())


def write(
    conn: sa.Connection,
    key: bytes,
    *,
    job_key: str,
    inbound_id: int,
    number: int,
    email: str,
    mailbox: str,
    asks: Sequence[str],
    now: datetime,
) -> None:
    """Note a reply that will go to `email`."""
    values = {
        "job_key": job_key,
        "inbound_id": inbound_id,
        "request": number,
        "person": people.person(key, email),
        "domain": people.domain(key, email),
        "mailbox": people.keyed(key, f"mailbox:{mailbox}"),
        "asks": list(asks),
        "queued_at": now,
    }
    insert_new(conn, sent, values)


def call_off(conn: sa.Connection, number: int, missing: Sequence[str], now: datetime) -> int:
    """Cancel questions of a conversation that nobody has tried to send and that were answered since."""
    cancelled = 0
    for row in conn.execute(_UNTRIED, {"of_request": number}).all():
        if not row.asks or set(row.asks) & set(missing):
            continue
        values = {"state": "cancelled", "receipt": "answered before it was asked", "finished_at": now}
        conn.execute(job.update().where(job.c.id == row.job_id).values(**values))
        conn.execute(sent.delete().where(sent.c.id == row.id))
        cancelled += 1
    return cancelled


_UNTRIED = (
    sa.select(sent.c.id, sent.c.asks, job.c.id.label("job_id"))
    .join(job, job.c.key == sent.c.job_key)
    .where(sent.c.request == sa.bindparam("of_request"), job.c.state == "ready", job.c.attempts == 0)
    .with_for_update(of=job, skip_locked=True)
)


def refuse(conn: sa.Connection, person: str, now: datetime) -> None:
    """The address of a person refused mail for good: leave it alone for a while."""
    if insert_new(conn, mute, {"person": person, "until": now + MUTE}) is None:
        conn.execute(mute.update().where(mute.c.person == person).values(until=now + MUTE))


def _is(column: sa.Column[Any], name: str) -> sa.ColumnElement[bool]:
    return column == sa.bindparam(name, type_=column.type)


def _after(name: str) -> sa.ColumnElement[bool]:
    return sent.c.queued_at > sa.bindparam(name, type_=sent.c.queued_at.type)


def _count(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    some = sa.select(sent.c.id).where(*where).limit(_ENOUGH).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


#: In the order of `Counts`. Nobody's rows have an empty person or domain, or no request.
_COUNTS = sa.select(
    _count(_is(sent.c.request, "request")),
    _count(_is(sent.c.person, "person"), _after("day")),
    _count(_is(sent.c.domain, "domain"), _after("hour")),
    _count(_is(sent.c.mailbox, "box"), _after("box_hour")),
    _count(_is(sent.c.mailbox, "box"), _after("box_day")),
    sa.select(sa.func.max(sent.c.queued_at)).where(_is(sent.c.person, "person")).scalar_subquery(),
)
