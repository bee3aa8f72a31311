"""A deadline that comes: the request is looked at, judged and changed in one transaction, under the same lock as
decisions, so that no answer of the customer and no agent comes between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from plugin.act.outcome import Outcome
from plugin.model import Effect, Message, Pending
from plugin.store import queue
from plugin.store.decisions import Lost, follow_up, release, stored
from plugin.store.engine import lock_decisions
from plugin.store.known import history
from plugin.store.tables import decision, request


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a deadline changes. None and empty: nothing about that."""

    because: str  #: for the timeline; never what a customer wrote
    state: str | None = None
    group: str | None = None  #: where it is moved to; decisions leave it there
    tags: tuple[str, ...] = ()  #: added
    note: str = ""  #: added at the end
    release: bool = False  #: what was held back goes to the desk
    effects: tuple[Effect, ...] = ()
    asks: tuple[str, ...] = ()  #: what the reply among them asks for


Judge = Callable[[Pending, datetime], Settlement]


def meet(
    conn: sa.Connection,
    key: bytes,
    claimed: queue.Job,
    message: Message | None,
    judge: Judge,
    mailbox: str,
    now: datetime,
) -> Settlement | None:
    """Let `judge` say what follows, and keep it; None if there is no request any more.

    `message` is what the deadline began with. Raises Lost, and then the caller's transaction must be rolled back.
    """
    lock_decisions(conn)
    found = _pending(conn, key, claimed.inbound_id or 0, message, mailbox, now)
    settled = judge(found, now) if found else None
    because = settled.because if settled else "nothing: the request is gone"
    if not queue.finish(conn, claimed, Outcome("done", receipt=because)):
        raise Lost
    if settled is None or found is None:
        return None
    _change(conn, found, settled, now)
    for effect in settled.effects:
        follow_up(conn, key, effect, claimed.inbound_id or 0, found.number, mailbox, now, asks=settled.asks)
    if settled.release:
        release(conn, found.number, now)
    return settled


def _pending(
    conn: sa.Connection, key: bytes, inbound_id: int, message: Message | None, mailbox: str, now: datetime
) -> Pending | None:
    decided = stored(conn, inbound_id)
    theirs = sa.select(decision.c.request).where(decision.c.inbound_id == inbound_id).scalar_subquery()
    row = conn.execute(sa.select(request).where(request.c.number == theirs)).first()
    if decided is None or row is None:
        return None
    known = history(conn, key, message or _NOBODYS, mailbox, row, now)
    return Pending(
        number=row.number,
        state=row.state,
        group=row.group_id,
        language=row.language,
        rounds=row.rounds,
        tags=tuple(row.tags),
        missing=tuple(item for item in row.missing if item not in row.given),
        held=known.held,
        taken=row.taken_at is not None or row.agent_replied,
        routed_at=row.routed_at,
        ticket=row.ticket,
        ticket_number=row.ticket_number,
        note=row.note,
        decision=decided,
        history=known,
    )


def _change(conn: sa.Connection, found: Pending, settled: Settlement, now: datetime) -> None:
    values: dict[str, Any] = {}
    if settled.state:
        values["state"] = settled.state
    if settled.group:
        values |= {"group_id": settled.group, "moved_to": settled.group, "routed_at": now}
    elif settled.release:
        values["routed_at"] = now
    if settled.tags:
        values["tags"] = list(dict.fromkeys((*found.tags, *settled.tags)))
    if settled.note:
        values["note"] = found.note + settled.note
        values["happened"] = [*found.history.happened, settled.note]
    if values:
        conn.execute(request.update().where(request.c.number == found.number).values(**values))


#: Stands for a message whose bytes were deleted: nothing was sent to it, nothing is.
_NOBODYS = Message("mail", "", None, "", "", "", datetime.min.replace(tzinfo=UTC))
