"""The store as everyone else sees it: each method is one transaction."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

import sqlalchemy as sa

from plugin.act.keys import signing_key
from plugin.act.outcome import Outcome
from plugin.model import Arrival, Decision, Effect, Message, Receipt
from plugin.settings import Settings
from plugin.store import accept as intake
from plugin.store import cursor as cursors
from plugin.store import (
    deadlines,
    decisions,
    doubt,
    lanes,
    later,
    leases,
    ledger,
    people,
    queue,
    reading,
    retention,
    stops,
)
from plugin.store import failed as aside
from plugin.store import requests as tickets
from plugin.store.bucket import Rate, take
from plugin.store.desk import DeskRecords
from plugin.store.engine import clock, compact, connect, sqlite_path, writing
from plugin.store.engine import reading as looking
from plugin.store.health import Health, health
from plugin.store.known import Known, known
from plugin.store.migrate import migrate

PATIENCE = 1.5  #: seconds that the database may keep somebody waiting who is then told to come again
ROOM = 1.5  #: free space that intake needs, in largest messages (Postfix: smtpd_checks, queue_minfree)


def open_store(settings: Settings, time: Callable[[], datetime] | None = None) -> Store:
    """Connect to the database and bring it to this version's schema; `time` takes the place of its clock.

    Raises SchemaTooNew, StoreError (how it is configured) or StoreUnavailable (try later).
    """
    engine = connect(settings.database_url.value)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine.execution_options(clock=time) if time else engine, settings)


class Store:
    """Requests, decisions and effects, durable. Safe to use from many threads."""

    def __init__(self, engine: sa.Engine, settings: Settings) -> None:
        self.engine = engine
        self.settings = settings
        self.key = signing_key(settings)
        self.mailbox = parseaddr(settings.mail_from)[1].lower()  #: the one that replies go out from
        self.lease = queue.LEASE  #: how long a worker may be silent about a job before others take it
        self._woken = threading.Condition()
        self._news: Counter[str] = Counter()  #: by kind of job; "": any kind
        self.desk = DeskRecords(engine, self.wake)  #: tickets of a desk elsewhere

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    # --- intake ---

    def accept(self, arrival: Arrival, patience: float | None = None) -> Receipt:
        """Keep an arrival; it is on the disk when this returns.

        Raises StoreUnavailable: nothing was kept, so nothing may be acknowledged. `patience` is how many seconds
        at most others may hold it up.
        """
        with writing(self.engine, patience) as conn:
            receipt = intake.accept(conn, arrival)
        self.wake("triage")
        return receipt

    def has_room(self) -> bool:
        """Is there disk enough to go on taking mail? SQLite's disk, or that of `home`."""
        path = sqlite_path(self.engine.url)
        folder = path.parent if path else self.settings.home
        folder.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(folder).free >= ROOM * self.settings.max_message_bytes

    def check_writing(self) -> None:
        """Raises StoreUnavailable, with the reason, where nothing could be kept now.

        It writes: on a disk that became read-only a transaction still begins, and ends.
        """
        with writing(self.engine, PATIENCE) as conn:
            take(conn, "look", Rate(1.0, 1.0), clock(conn))

    def cursor(self, mailbox: str) -> cursors.Cursor | None:
        """Where reading a mailbox goes on."""
        with looking(self.engine) as conn:
            return cursors.cursor(conn, mailbox)

    def advance(self, mailbox: str, uidvalidity: int, last_uid: int) -> None:
        """Everything up to `last_uid` has been accepted."""
        with writing(self.engine) as conn:
            cursors.advance(conn, mailbox, uidvalidity, last_uid)

    # --- reading ---

    def requests(
        self, *, state: str | None = None, group: str | None = None, before: int | None = None, limit: int = 50
    ) -> tuple[tickets.Request, ...]:
        """Requests, newest first; `before` a number goes on where the last page ended."""
        with looking(self.engine) as conn:
            return tickets.listed(conn, state=state, group=group, before=before, limit=limit)

    def request(self, number: int) -> tickets.Request | None:
        """One request."""
        with looking(self.engine) as conn:
            return tickets.find(conn, number)

    def request_about(self, inbound_id: int | None) -> tickets.Request | None:
        """The request that a message belongs to; None for no message, and before it is decided."""
        if inbound_id is None:
            return None
        with looking(self.engine) as conn:
            return tickets.about(conn, inbound_id)

    def timeline(self, number: int) -> tuple[reading.Entry, ...]:
        """Everything that came in and went out for a request, oldest first."""
        with looking(self.engine) as conn:
            return reading.timeline(conn, number)

    def inbound(self, inbound_id: int) -> reading.Inbound | None:
        """What arrived, byte for byte."""
        with looking(self.engine) as conn:
            return reading.inbound_of(conn, inbound_id)

    def since(self, moment: datetime) -> tuple[int, ...]:
        """Ids of what has arrived since a moment and still has its bytes, oldest first."""
        with looking(self.engine) as conn:
            return reading.since(conn, moment)

    def decision(self, inbound_id: int) -> Decision | None:
        """What was decided about a message; its texts are masked."""
        with looking(self.engine) as conn:
            return decisions.stored(conn, inbound_id)

    def request_of(self, inbound_id: int) -> int | None:
        """The request that a message belongs to; None before it is decided."""
        with looking(self.engine) as conn:
            return decisions.request_of(conn, inbound_id)

    def failed(self, limit: int | None = None) -> tuple[aside.Failed, ...]:
        """What was set aside or is in doubt, newest first; at most `limit`."""
        with looking(self.engine) as conn:
            return aside.failed(conn, limit)

    def breakers(self) -> tuple[stops.Stop, ...]:
        """What is stopped for now: breakers, which wait for a person, and pauses."""
        with looking(self.engine) as conn:
            return tuple(stops.active(conn, clock(conn)).values())

    def health(self) -> Health:
        """How much waits, how long, and what needs a person."""
        with looking(self.engine) as conn:
            return health(conn)

    # --- the operator ---

    def retry(self, job_id: int) -> bool:
        """A job that was set aside gets its tries again."""
        with writing(self.engine) as conn:
            found = aside.retry(conn, job_id)
        self.wake()
        return found

    def resolve(self, job_id: int, verdict: str) -> bool:
        """Settle an uncertain effect, "sent" or "send", or what was set aside, "leave"."""
        with writing(self.engine) as conn:
            found = aside.resolve(conn, job_id, verdict)
        self.wake()
        return found

    def resume(self, name: str) -> bool:
        """Close a breaker or end a pause."""
        with writing(self.engine) as conn:
            found = stops.resume(conn, name, clock(conn))
            if found and name == "reply":
                later.go_on(conn, clock(conn))
        self.wake()
        return found

    def forget(self, email: str) -> retention.Forgotten:
        """Remove everything about a person; how much there was."""
        with writing(self.engine) as conn:
            forgotten = retention.forget(conn, self.key, email)
        compact(self.engine)
        return forgotten

    def purge(self, days: int | None = None) -> int:
        """Delete the texts of what is older than `days`, by default as the settings say; how many messages."""
        days = self.settings.retention_days if days is None else days
        purged = 0
        while True:
            with writing(self.engine) as conn:
                batch = retention.purge(conn, clock(conn) - timedelta(days=days))
            purged += batch
            if batch < retention.BATCH:
                break
        if purged:
            compact(self.engine)
        return purged

    # --- the worker ---

    def known(self, message: Message, now: datetime) -> Known:
        """The conversation of a message and the History to decide it with."""
        with looking(self.engine) as conn:
            return known(conn, self.key, message, self.mailbox, now)

    def waiting(self) -> int:
        """Answers that are yet to be tried."""
        with looking(self.engine) as conn:
            return later.waiting(conn)

    def record(self, claimed: queue.Job, verdict: decisions.Verdict) -> int:
        """Keep a verdict and what follows from it; the request's number. Raises Stale or Lost."""
        with writing(self.engine) as conn:
            number = decisions.record(conn, self.key, claimed, verdict, self.mailbox)
        self.wake(claimed.kind, *(effect.kind for effect in verdict.effects))
        return number

    def meet(self, claimed: queue.Job, message: Message | None, judge: deadlines.Judge) -> deadlines.Settlement | None:
        """Let `judge` say what follows from a deadline that came, and keep it. Raises Lost."""
        with writing(self.engine) as conn:
            settled = deadlines.meet(conn, self.key, claimed, message, judge, self.mailbox, clock(conn))
        self.wake()
        return settled

    def take(self, number: int, by: str) -> bool:
        """Somebody has picked the request up; False if there is none, or somebody had it before."""
        with writing(self.engine) as conn:
            return tickets.take(conn, number, by, clock(conn))

    def claim(self, kinds: Sequence[str], rates: Mapping[str, Rate] | None = None) -> queue.Job | None:
        """The next job that is due."""
        with looking(self.engine) as conn:
            if not queue.waits(conn, kinds):
                return None
        with writing(self.engine) as conn:
            return queue.claim(conn, kinds, lease=self.lease, rates=rates)

    def renew(self, claimed: queue.Job) -> bool:
        """Hold on to a job for another lease."""
        with writing(self.engine) as conn:
            return queue.renew(conn, claimed, lease=self.lease)

    def sending(self, claimed: queue.Job) -> bool:
        """From here on it may have happened; False: the job is no longer ours, stop."""
        with writing(self.engine) as conn:
            return queue.sending(conn, claimed, lease=self.lease)

    def release(self, claimed: queue.Job) -> bool:
        """Give a job back untouched."""
        with writing(self.engine) as conn:
            return queue.release(conn, claimed)

    def finish(self, claimed: queue.Job, outcome: Outcome) -> str:
        """Record how a job ended; the state that it is in now, nothing: it is no longer ours."""
        with writing(self.engine) as conn:
            state = queue.finish(conn, claimed, outcome)
            if state and outcome.refused and claimed.kind == "reply":
                ledger.refuse(conn, people.person(self.key, claimed.payload["to"]), clock(conn))
            if state == "uncertain":
                doubt.arise(conn, claimed.id, clock(conn))
            if state == "done":
                doubt.happened(conn, claimed.key, claimed.inbound_id)
        self.wake(*(lanes.beside(claimed) if state == "done" else ()))  # its lane is free
        return state

    def doubtful(self, job_id: int) -> doubt.Doubtful | None:
        """An effect, if nobody knows whether it happened."""
        with looking(self.engine) as conn:
            return doubt.doubtful(conn, job_id)

    def settle(self, job_id: int, receipt: str) -> bool:
        """An effect in doubt happened; False if it is in doubt no longer."""
        with writing(self.engine) as conn:
            return doubt.settle(conn, job_id, receipt)

    def follow_up(self, effect: Effect, inbound_id: int | None, number: int | None) -> bool:
        """Add an effect that no decision has brought; False if it is there already."""
        with writing(self.engine) as conn:
            new = queue.enqueue(
                conn,
                key=effect.key,
                kind=effect.kind,
                inbound_id=inbound_id,
                payload=effect.payload,
                lane=lanes.lane(effect, number) if number is not None else None,
                message_id=effect.payload.get("message_id"),
            )
        self.wake()
        return new is not None

    def sweep(self, *, everyone: bool = False, harmless: frozenset[str] = frozenset()) -> leases.Swept:
        """Take back the work of workers that died."""
        with writing(self.engine) as conn:
            return leases.sweep(conn, everyone=everyone, harmless=harmless)

    def catch_up(self) -> None:
        """At the start of a worker: deadlines that came while nobody worked wait until mail has been read."""
        with writing(self.engine) as conn:
            leases.catch_up(conn)

    def open_child(self, number: int, want: Mapping[str, Any]) -> int:
        """A request of its own for a further want of a message; its number, also if it is there already."""
        with writing(self.engine) as conn:
            return tickets.open_child(conn, number, want, clock(conn))

    def hand_over(self, number: int, ticket: str | None = None) -> None:
        """The desk has the request."""
        with writing(self.engine) as conn:
            tickets.hand_over(conn, number, ticket)

    # --- in this process ---

    def wake(self, *kinds: str) -> None:
        """There may be work of these kinds, or of any: whoever waits for it looks at once."""
        with self._woken:
            self._news.update(kinds or ("",))
            self._woken.notify_all()

    def news(self, kinds: Sequence[str]) -> int:
        """How often there may have been work of these kinds so far."""
        return self._news[""] + sum(self._news[kind] for kind in kinds)

    def wait(self, seconds: float, kinds: Sequence[str], seen: int) -> None:
        """Until there may be work that was not there when `news` said `seen`, at most so long."""
        with self._woken:
            self._woken.wait_for(lambda: self.news(kinds) != seen, seconds)

    def clock(self) -> datetime:
        """The time by the database's clock."""
        with looking(self.engine) as conn:
            return clock(conn)
