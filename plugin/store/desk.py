"""What the store knows of the tickets of a desk elsewhere: hooks to work on, where tickets stand, who moved them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from plugin.model import Effect
from plugin.store import bucket, lanes, queue, stops
from plugin.store.engine import clock, insert_new, reading, writing
from plugin.store.people import mail_id
from plugin.store.tables import correction, decision, job, placed, request, thread

FETCH_TRIES = 10  #: of a ticket that the desk does not show: about a quarter of an hour
_KEPT = timedelta(days=7)  #: that fetches are kept for whoever looks what happened
_KEY = 200
NO_ADDRESS = "NoAddressForTickets"  #: why a ticket waits that the desk opens by mail alone


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a ticket is, as we last saw or put it; names are the desk's own."""

    group: str
    intended: str | None
    tags: frozenset[str]
    ours: frozenset[str]
    refused: frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """What a person did: `what` is group, tag-added or tag-removed."""

    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A change along with the decision that it corrects."""

    id: int
    request: int
    ticket: str | None
    inbound_id: int | None
    change: Change
    at: datetime
    settled: bool


def announce(conn: sa.Connection, desk: str, ticket: str, event: str) -> bool:
    """Something happened to a ticket: fetch it. False if this event, or a fetch that has not begun, is there."""
    number = by_ticket(conn, ticket)  # what is done to its ticket and what is read of it is one after the other
    lane = f"desk:{number}" if number is not None else f"fetch:{ticket}"[:64]
    waiting = (job.c.kind == "fetch") & (job.c.lane == lane) & (job.c.state == "ready") & (job.c.attempts == 0)
    if conn.execute(sa.select(job.c.id).where(waiting).limit(1)).first() is not None:
        return False
    key = f"fetch:{desk}:{ticket}:{event}"[:_KEY]
    payload = {"ticket": ticket}
    return queue.enqueue(conn, key=key, kind="fetch", payload=payload, lane=lane, max_attempts=FETCH_TRIES) is not None


def by_ticket(conn: sa.Connection, ticket: str) -> int | None:
    """The request that a ticket of the desk belongs to."""
    query = sa.select(request.c.number).where(request.c.ticket == ticket[:64])
    return conn.execute(query.order_by(request.c.number.desc()).limit(1)).scalar()


def give_ticket(conn: sa.Connection, number: int, ticket: str, shown: str = "") -> None:
    """The request has this ticket in the desk, unless it has one already; `shown` is its number as people see it."""
    own = request.c.number == number
    conn.execute(request.update().where(own, request.c.ticket.is_(None)).values(ticket=ticket[:64]))
    if shown and shown != ticket:
        unknown = (request.c.ticket == ticket[:64]) & request.c.ticket_number.is_(None)
        conn.execute(request.update().where(own, unknown).values(ticket_number=shown[:64]))


def agent_replied(conn: sa.Connection, number: int) -> None:
    """A person has written to the customer, and so has picked it up."""
    taken = sa.func.coalesce(request.c.taken_at, sa.literal(clock(conn), request.c.taken_at.type))
    theirs = (request.c.number == number) & request.c.agent_replied.is_(False)
    conn.execute(request.update().where(theirs).values(agent_replied=True, taken_at=taken))


def where(conn: sa.Connection, number: int) -> Placed | None:
    """Where the ticket of a request is."""
    row = conn.execute(sa.select(placed).where(placed.c.request == number)).first()
    if row is None:
        return None
    return Placed(row.group_name, row.intended, frozenset(row.tags), frozenset(row.ours), frozenset(row.refused))


def put(conn: sa.Connection, number: int, now: Placed) -> None:
    """Keep where the ticket of a request is."""
    values: dict[str, Any] = {
        "group_name": now.group[:200],
        "intended": now.intended[:200] if now.intended else None,
        "tags": sorted(now.tags),
        "ours": sorted(now.ours),
        "refused": sorted(now.refused),
        "seen_at": clock(conn),
    }
    if insert_new(conn, placed, {"request": number, **values}) is None:
        conn.execute(placed.update().where(placed.c.request == number).values(**values))


def correct(conn: sa.Connection, number: int, changes: Sequence[Change], moved_to: str | None) -> None:
    """A person changed what we had decided; `moved_to` is the group (an id of ours) that it is in now."""
    last = sa.select(sa.func.max(decision.c.inbound_id)).where(decision.c.request == number)
    message = conn.execute(last).scalar()
    at = clock(conn)
    for change in changes:
        values: Mapping[str, Any] = {
            "request": number,
            "inbound_id": message,
            "what": change.what,
            "was": change.was[:200],
            "now": change.now[:200],
            "at": at,
        }
        conn.execute(correction.insert().values(**values))
    if moved_to is not None:
        moved = {"moved_to": moved_to[:64], "group_id": moved_to[:64], "routed_at": at}
        conn.execute(request.update().where(request.c.number == number).values(**moved))


def corrections(conn: sa.Connection, *, settled: bool = False, limit: int = 500) -> tuple[Correction, ...]:
    """What people corrected, newest first; the settled ones too if asked for."""
    seen = sa.func.coalesce(request.c.ticket_number, request.c.ticket).label("ticket")
    query = sa.select(correction, seen).join(request, request.c.number == correction.c.request)
    query = query if settled else query.where(correction.c.settled.is_(False))
    return tuple(
        Correction(
            id=row.id,
            request=row.request,
            ticket=row.ticket,
            inbound_id=row.inbound_id,
            change=Change(row.what, row.was, row.now),
            at=row.at,
            settled=row.settled,
        )
        for row in conn.execute(query.order_by(correction.c.id.desc()).limit(limit))
    )


def settle(conn: sa.Connection, ids: Sequence[int]) -> int:
    """The operator has dealt with them; how many there were."""
    return conn.execute(correction.update().where(correction.c.id.in_(ids)).values(settled=True)).rowcount


def clear(conn: sa.Connection, before: datetime) -> int:
    """Delete fetches that are over; how many. Their keys are needed no longer than a look at the desk overlaps."""
    over = (job.c.kind == "fetch") & (job.c.state == "done") & (job.c.finished_at < before)
    return conn.execute(job.delete().where(over)).rowcount


class DeskRecords:
    """The same as methods, each one a transaction: `store.desk`."""

    def __init__(self, engine: sa.Engine, wake: Callable[[], None]) -> None:
        self._engine = engine
        self._wake = wake

    def announce(self, desk: str, ticket: str, event: str, patience: float | None = None) -> bool:
        """A webhook or a look at the desk says that something happened to a ticket; committed when this returns.

        Raises StoreUnavailable: nothing was kept, so nothing may be acknowledged. `patience` is how many seconds
        at most others may hold it up.
        """
        with writing(self._engine, patience) as conn:
            new = announce(conn, desk, ticket, event)
        self._wake()
        return new

    def by_ticket(self, ticket: str) -> int | None:
        """The request that a ticket of the desk belongs to."""
        with reading(self._engine) as conn:
            return by_ticket(conn, ticket)

    def give_ticket(self, number: int, ticket: str, shown: str = "") -> None:
        """The request has this ticket in the desk, unless it has one already; `shown`: its number as people see it."""
        with writing(self._engine) as conn:
            give_ticket(conn, number, ticket, shown)

    def agent_replied(self, number: int) -> None:
        """A person has written to the customer."""
        with writing(self._engine) as conn:
            agent_replied(conn, number)

    def where(self, number: int) -> Placed | None:
        """Where the ticket of a request is."""
        with reading(self._engine) as conn:
            return where(conn, number)

    def put(self, number: int, now: Placed) -> None:
        """Keep where the ticket of a request is."""
        with writing(self._engine) as conn:
            put(conn, number, now)

    def correct(self, number: int, now: Placed, changes: Sequence[Change], moved_to: str | None) -> None:
        """A person changed what we had decided: what changed, and where the ticket is now, in one transaction."""
        with writing(self._engine) as conn:
            put(conn, number, now)
            correct(conn, number, changes, moved_to)

    def corrections(self, *, settled: bool = False) -> tuple[Correction, ...]:
        """What people corrected, newest first."""
        with reading(self._engine) as conn:
            return corrections(conn, settled=settled)

    def trip(self, kind: str, reason: str) -> None:
        """Nothing of a kind is written any more until a person has looked."""
        with writing(self._engine) as conn:
            stops.trip(conn, kind, reason, clock(conn))

    def pace(self, rate: bucket.Rate) -> float:
        """0 if the desk may be called now, on all hosts together, else the seconds until it may."""
        with writing(self._engine) as conn:
            return bucket.wait(conn, rate.bucket, rate, clock(conn))

    def open_by_mail(self, effect: Effect, inbound_id: int, number: int) -> bool:
        """Hand the customer's mail to a desk that opens tickets by nothing else; False if that was begun before."""
        named = effect.payload["message_id"]
        with writing(self._engine) as conn:
            payload = effect.payload
            new = queue.enqueue(
                conn,
                key=effect.key,
                kind=effect.kind,
                inbound_id=inbound_id,
                payload=payload,
                lane=lanes.lane(effect, number),
                message_id=named,
            )
            if new is not None:  # what the desk makes of it is no other message of the customer's
                insert_new(conn, thread, {"message_id": mail_id(named), "request": number, "ours": False})
        self._wake()
        return new is not None

    def of_mail(self, message_id: str) -> int | None:
        """The request that a mail with this Message-ID belongs to."""
        query = sa.select(thread.c.request).where(thread.c.message_id == mail_id(message_id))
        with reading(self._engine) as conn:
            return conn.execute(query).scalar() if message_id else None

    def without_address(self) -> int:
        """How many tickets wait for an address that the desk would open them by."""
        waits = (job.c.kind == "desk") & (job.c.state == "ready") & (job.c.error == NO_ADDRESS)
        with reading(self._engine) as conn:
            return conn.execute(sa.select(sa.func.count()).select_from(job).where(waits)).scalar_one()

    def clear(self) -> int:
        """Delete fetches that were over a week ago; how many."""
        with writing(self._engine) as conn:
            return clear(conn, clock(conn) - _KEPT)

    def settle(self, ids: Sequence[int]) -> int:
        """The operator has dealt with these corrections; how many there were."""
        with writing(self._engine) as conn:
            return settle(conn, ids)
