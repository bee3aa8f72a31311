"""The seam of the queue: enqueue, claim, renew, finish. Another engine would replace this file alone.

A job is claimed with a lease by the database's clock and a token that no other claim ever had. Every
later change of the job names the token, so a worker that slept through its lease changes nothing.

    ready -> running -> [sending ->] done | ready (later) | dead | uncertain
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from plugin.act.outcome import Outcome
from plugin.store import stops
from plugin.store.bucket import Rate, take
from plugin.store.engine import clock, insert_new
from plugin.store.tables import job

LEASE = timedelta(seconds=60)
TRIES = 3  #: of a triage, then the message is set aside
EFFECT_TRIES = 170  #: of an effect, five days; then it is set aside
REPLY_TRIES = 40  #: of an answer to a customer, about a day: later it would only confuse
WAIT_CAP = 3600.0  #: longest wait between two tries, seconds
#: How long an effect waits for a server that is at fault as a whole; then it is set aside as one is whose tries are up.
PATIENCE = timedelta(days=5)
_PATIENCE_OF = {"reply": timedelta(days=1), "doubt": timedelta.max}  #: a doubt ends by itself
FAULT_WAIT = 30.0  #: how long a kind of effect pauses when its server is at fault, seconds


@dataclass(frozen=True, slots=True)
class Job:
    """A job that was claimed; `token` is the fence."""

    id: int
    key: str
    kind: str
    inbound_id: int | None
    payload: Mapping[str, Any]
    attempts: int  #: this one included
    max_attempts: int
    token: str
    message_id: str | None
    history: tuple[Mapping[str, Any], ...]
    lane: str | None = None


def enqueue(
    conn: sa.Connection,
    *,
    key: str,
    kind: str,
    inbound_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
    lane: str | None = None,
    message_id: str | None = None,
    max_attempts: int | None = None,
    state: str = "ready",
    run_at: datetime | None = None,
) -> int | None:
    """Add a job in the caller's transaction; None if the key is there already."""
    now = clock(conn)
    values = {
        "key": key,
        "kind": kind,
        "inbound_id": inbound_id,
        "payload": dict(payload or {}),
        "state": state,
        "lane": lane,
        "run_at": run_at or now,
        "set_at": now,
        "max_attempts": max_attempts or (REPLY_TRIES if kind == "reply" else EFFECT_TRIES),
        "message_id": message_id,
        "created_at": now,
    }
    return insert_new(conn, job, values)


def claim(
    conn: sa.Connection,
    kinds: Sequence[str],
    *,
    lease: timedelta = LEASE,
    rates: Mapping[str, Rate] | None = None,
) -> Job | None:
    """The job of `kinds` that has been due for longest, so that no kind waits behind another; None: nothing is due."""
    now = clock(conn)
    stopped = stops.active(conn, now)
    first = (conn.execute(_DUE, {"of_kind": kind, "now": now}).first() for kind in kinds if kind not in stopped)
    for row in sorted(filter(None, first), key=lambda row: (row.run_at, row.id)):
        if not _allowed(conn, row.kind, rates, now):
            continue
        token = secrets.token_hex(16)
        try:
            with _apart(conn):
                conn.execute(_TAKE, {"of_id": row.id, "token": token, "until": now + lease})
        except IntegrityError:  # another job of its lane was claimed at the same moment
            continue
        return _job(row, token)
    return None


def _apart(conn: sa.Connection) -> AbstractContextManager[Any]:
    """What fails in it leaves the transaction as it was. On SQLite nobody else writes, so nothing can fail."""
    return nullcontext() if conn.dialect.name == "sqlite" else conn.begin_nested()


def _allowed(conn: sa.Connection, kind: str, rates: Mapping[str, Rate] | None, now: datetime) -> bool:
    rate = (rates or {}).get(kind)
    return rate is None or take(conn, rate.bucket or kind, rate, now)


def waits(conn: sa.Connection, kinds: Sequence[str]) -> bool:
    """Might `claim` find something? Only looks, so that idle workers hold up no writer."""
    given = {f"kind_{number}": kind for number, kind in enumerate(kinds)}
    return bool(conn.execute(_waits(len(kinds)), {**given, "now": clock(conn)}).scalar())


_due = (job.c.state == "ready") & (job.c.run_at <= sa.bindparam("now", type_=job.c.run_at.type))
_other = job.alias("other")
_lane_busy = sa.exists().where(_other.c.lane == job.c.lane, _other.c.state.in_(("running", "sending")))


@cache
def _waits(kinds: int) -> sa.Select[tuple[bool]]:
    """The first of each kind, in the order of their index: any other way, deadlines to come would be walked over."""
    of_kind = (job.c.kind == sa.bindparam(f"kind_{number}") for number in range(kinds))
    firsts = (sa.select(job.c.id).where(kind, _due).order_by(job.c.run_at, job.c.id).limit(1) for kind in of_kind)
    return sa.select(sa.or_(*(first.scalar_subquery().is_not(None) for first in firsts)))


_DUE = (
    sa.select(job)
    .where(job.c.kind == sa.bindparam("of_kind"), _due)
    .where(sa.or_(job.c.lane.is_(None), ~_lane_busy))
    .order_by(job.c.run_at, job.c.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=job)
)
_TAKE = (
    job.update()
    .where(job.c.id == sa.bindparam("of_id"))
    .values(
        state="running",
        attempts=job.c.attempts + 1,
        lease_owner=sa.bindparam("token"),
        lease_until=sa.bindparam("until", type_=job.c.lease_until.type),
        error=None,
    )
)


def _job(row: Any, token: str) -> Job:
    return Job(
        id=row.id,
        key=row.key,
        kind=row.kind,
        inbound_id=row.inbound_id,
        payload=row.payload,
        attempts=row.attempts + 1,
        max_attempts=row.max_attempts,
        token=token,
        message_id=row.message_id,
        history=tuple(row.history),
        lane=row.lane,
    )


def renew(conn: sa.Connection, claimed: Job, *, lease: timedelta = LEASE) -> bool:
    """Hold on to a job for another lease; False if it is no longer ours."""
    return _change(conn, claimed, ("running", "sending"), {"lease_until": clock(conn) + lease})


def sending(conn: sa.Connection, claimed: Job, *, lease: timedelta = LEASE) -> bool:
    """Say that from here on it may have happened; False if the job is no longer ours: then stop."""
    return _change(conn, claimed, ("running",), {"state": "sending", "lease_until": clock(conn) + lease})


def release(conn: sa.Connection, claimed: Job) -> bool:
    """Give a job back untouched; the try does not count."""
    now = clock(conn)
    values = {"state": "ready", "run_at": now, "set_at": now, "attempts": claimed.attempts - 1, **_FREE}
    return _change(conn, claimed, ("running",), values)


def finish(conn: sa.Connection, claimed: Job, outcome: Outcome) -> str:
    """Record how it ended; its state, or nothing if the job is no longer ours, and then nothing is changed.

    An uncertain job may still be settled by the worker that held it: nobody else has touched it since.
    """
    now = clock(conn)
    values = settled(claimed, outcome, now)
    if outcome.fault and outcome.state == "again":
        stops.pause(conn, claimed.kind, outcome.error, now, seconds=outcome.wait or FAULT_WAIT)
    ours = _change(conn, claimed, ("running", "sending", "uncertain"), values)
    return str(values["state"]) if ours else ""


def settled(tried: Any, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """The columns of a job, or of its row, after an outcome. Pure, but for the jitter of the wait."""
    state: str = outcome.state
    attempts = tried.attempts
    entry = {"at": now.isoformat(timespec="seconds"), "try": attempts, "error": outcome.error[:200]}
    if outcome.fault:
        last = tried.history[-1] if tried.history else {}
        entry["since"] = last.get("since") or entry["at"]  # of an unbroken row of faults, the first
    if state == "again":
        up = attempts >= tried.max_attempts and outcome.counts
        state = "dead" if up or (outcome.fault and _too_long(tried.kind, entry["since"], now)) else "ready"
    values: dict[str, Any] = {"state": state, "error": outcome.error[:200] or None, **_FREE}
    if outcome.error:
        values["history"] = [*tried.history, entry][-40:]
    if state == "ready":
        wait = outcome.wait if outcome.wait is not None else backoff(attempts)
        values |= {"run_at": now + timedelta(seconds=min(wait, 24 * 3600.0)), "set_at": now}
        values["attempts"] = attempts if outcome.counts else attempts - 1
    elif state != "uncertain":
        values |= {"receipt": outcome.receipt[:200] or None, "finished_at": now}
    if state == "uncertain":
        values.pop("lease_owner")  # it may still come to know
    return values


def _too_long(kind: str, since: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(since) > _PATIENCE_OF.get(kind, PATIENCE)


def backoff(attempts: int) -> float:
    """Seconds until the next try: doubled each time, capped, with jitter so that crowds spread."""
    return min(WAIT_CAP, 2.0 ** min(attempts, 20)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


_FREE: Mapping[str, Any] = {"lease_owner": None, "lease_until": None}


def _change(conn: sa.Connection, claimed: Job, states: tuple[str, ...], values: Mapping[str, Any]) -> bool:
    mine = {"of_id": claimed.id, "of_token": claimed.token, "of_states": states}
    return bool(conn.execute(_CHANGE, {**values, **mine}).rowcount == 1)


_CHANGE = job.update().where(
    job.c.id == sa.bindparam("of_id"),
    job.c.lease_owner == sa.bindparam("of_token"),
    job.c.state.in_(sa.bindparam("of_states", expanding=True)),
)
