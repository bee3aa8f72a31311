"""Keeps a decision with everything that follows from it, in one transaction: all of it, or nothing.

Between looking up the History and deciding, another worker may have sent something or joined a
message. So the History is looked up once more under a lock; if it is another, the decision rests
on what is no longer true, nothing is kept, and the caller decides again.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from plugin.act.outcome import Outcome
from plugin.decide.answer import TRIPS
from plugin.model import Decision, Effect, History, Message
from plugin.store import lanes, ledger, people, queue, requests, stops
from plugin.store.codec import dump, load
from plugin.store.engine import insert_new, lock_decisions
from plugin.store.known import Known, known
from plugin.store.tables import decision as table
from plugin.store.tables import job, thread
from plugin.understand.scrub import cleaned, scrubber

_DESK = ("desk",)  #: kinds that set a ticket to what was decided


class Stale(Exception):
    """The History is another one by now: decide again."""


class Lost(Exception):
    """The job is no longer ours: somebody else decides."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision about a message, what it was decided from, and what shall follow."""

    message: Message
    decision: Decision
    effects: tuple[Effect, ...]
    known: Known
    now: datetime
    alike: Callable[[History, History], bool] = operator.eq  #: whether the same would be decided from both
    scrubbed: bool = False  #: the message's secrets are taken out of the decision already

    @property
    def request(self) -> int | None:
        """The request that the message belongs to: its thread's, unless the decision says otherwise."""
        if self.decision.new_matter:
            return None
        return self.decision.goes_on or self.known.request


def record(conn: sa.Connection, key: bytes, claimed: queue.Job, verdict: Verdict, mailbox: str) -> int:
    """Keep a verdict; the number of its request. `mailbox` is the one that replies go out from.

    Raises Stale or Lost; the caller's transaction must then be rolled back.
    """
    lock_decisions(conn)
    message, now = verdict.message, verdict.now
    inbound_id = claimed.inbound_id
    if inbound_id is None or not queue.finish(conn, claimed, Outcome("done")):
        raise Lost
    fresh = known(conn, key, message, mailbox, now)
    if fresh.request != verdict.known.request or not verdict.alike(fresh.history, verdict.known.history):
        raise Stale
    clean = scrubber(message)
    if not verdict.scrubbed:
        verdict = replace(verdict, decision=cleaned(verdict.decision, clean))
    held = any(effect.held for effect in verdict.effects)
    number = requests.open_or_follow(conn, key, verdict.request, message, verdict.decision, clean, now, held=held)
    conn.execute(table.insert(), _row(key, inbound_id, number, verdict))
    _join(conn, message.id, number, ours=False, job_key=None)
    _prove_delivered(conn, verdict.known, now)
    if verdict.decision.suppressed is None:
        missing = [item for checklist in verdict.decision.checklists for item in checklist.missing]
        ledger.call_off(conn, number, missing, now)
    if verdict.decision.no_reply in TRIPS:
        stops.trip(conn, "reply", "the mailbox sent as much as it may; look why, then resume", now)
    asks = verdict.decision.reply.asks if verdict.decision.reply else ()
    follows = verdict.request is not None
    for effect in verdict.effects:
        if follows and verdict.decision.suppressed is not None and effect.kind in _DESK:
            continue  # an automatic message must not re-sort the ticket that it belongs to
        follow_up(conn, key, effect, inbound_id, number, mailbox, now, asks=asks)
    if verdict.decision.suppressed is None and not held:
        release(conn, number, now)
    return number


def stored(conn: sa.Connection, inbound_id: int) -> Decision | None:
    """The decision about a message, as it was kept."""
    payload = conn.execute(sa.select(table.c.payload).where(table.c.inbound_id == inbound_id)).scalar()
    return load(payload) if payload else None


def request_of(conn: sa.Connection, inbound_id: int) -> int | None:
    """The request that a message belongs to; None before it is decided."""
    return conn.execute(_REQUEST_OF, {"of_inbound": inbound_id}).scalar()


_REQUEST_OF = sa.select(table.c.request).where(table.c.inbound_id == sa.bindparam("of_inbound"))


def _row(key: bytes, inbound_id: int, number: int, verdict: Verdict) -> dict[str, Any]:
    sender = verdict.message.sender
    return {
        "inbound_id": inbound_id,
        "request": number,
        "decided_at": verdict.now,
        "rulebook": verdict.decision.rulebook[:64],
        "person": people.person(key, sender.email) if sender else None,
        "domain": people.domain(key, sender.email) if sender else None,
        "fingerprint": people.fingerprint(key, verdict.message.newest),
        "payload": dump(verdict.decision),
    }


def follow_up(
    conn: sa.Connection,
    key: bytes,
    effect: Effect,
    inbound_id: int,
    number: int,
    mailbox: str,
    now: datetime,
    *,
    asks: Sequence[str] = (),
) -> None:
    """Put an effect into the queue; a reply (which asks for `asks`) into the ledger as well."""
    message_id = effect.payload.get("message_id")
    new = queue.enqueue(
        conn,
        key=effect.key,
        kind=effect.kind,
        inbound_id=inbound_id,
        payload=effect.payload,
        lane=lanes.lane(effect, number),
        message_id=message_id,
        run_at=effect.at,
        state="held" if effect.held else "ready",
    )
    if new is None:
        return
    if message_id:
        _join(conn, message_id, number, ours=True, job_key=effect.key)
    if effect.kind == "reply":
        ledger.write(
            conn,
            key,
            job_key=effect.key,
            inbound_id=inbound_id,
            number=number,
            email=effect.payload["to"],
            mailbox=mailbox,
            asks=asks,
            now=now,
        )


def release(conn: sa.Connection, number: int, now: datetime) -> int:
    """Let go what was held back of a request; how many effects."""
    return conn.execute(_RELEASE, {"of_request": number, "state": "ready", "run_at": now, "set_at": now}).rowcount


_theirs = sa.select(table.c.inbound_id).where(table.c.request == sa.bindparam("of_request"))
_RELEASE = job.update().where(job.c.state == "held", job.c.inbound_id.in_(_theirs))


def _join(conn: sa.Connection, message_id: str, number: int, *, ours: bool, job_key: str | None) -> None:
    values = {"message_id": people.mail_id(message_id), "request": number, "ours": ours, "job_key": job_key}
    insert_new(conn, thread, values)


def _prove_delivered(conn: sa.Connection, before: Known, now: datetime) -> None:
    """Whoever names the Message-ID of a reply of ours has it: what was uncertain is so no longer."""
    hashes = [people.mail_id(i) for i in before.history.own_message_ids]
    if not hashes:
        return
    keys = sa.select(thread.c.job_key).where(thread.c.message_id.in_(hashes))
    values = {"state": "done", "receipt": "named by a message that came in", "finished_at": now}
    doubtful = (job.c.state == "uncertain") & job.c.key.in_(keys)
    conn.execute(job.update().where(doubtful).values(**values, lease_owner=None))
