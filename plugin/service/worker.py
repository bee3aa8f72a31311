"""The worker: takes what is due, does it, says how it ended; goes on whatever happens to one job."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from plugin.act.outcome import Outcome
from plugin.rulebook import Rulebook
from plugin.service.due_job import Deadlines
from plugin.service.errors import report
from plugin.service.health import Part
from plugin.service.housekeeping import Housekeeping
from plugin.service.judges import JudgeFailed
from plugin.service.judging import where
from plugin.service.log import logger
from plugin.service.perform import Performer
from plugin.service.rates import rates as rates_of
from plugin.service.triage_job import Triager
from plugin.settings import Settings
from plugin.store import Job, Lost, Stale, Store, StoreUnavailable
from plugin.store.bucket import Rate

#: Kinds that wait for each other; a slow mail server holds up neither deciding nor the desk.
LINES: tuple[tuple[str, ...], ...] = (
    ("due", "triage"),  # as many of these as there are judges
    ("desk", "append", "note", "link", "child"),
    ("fetch",),
    ("reply", "gateway"),
    ("webhook",),
    ("notify",),
    ("doubt",),
)
DECIDED = frozenset({"triage", "due"})  #: kinds that end together with what was decided
POLL = 0.5  #: seconds between looks for work that came from elsewhere or became due
STOP = 8.0  #: seconds that work in hand is given to end

_Said = TypeVar("_Said")


class Worker:
    """One worker process. `rulebook` is called for every message, so that a reload is felt at once."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        rulebook: Callable[[], Rulebook] | Any,
        rates: Mapping[str, Rate] | None = None,
    ) -> None:
        current = rulebook if callable(rulebook) else lambda: rulebook.current
        self._store = store
        self._rates = rates_of(settings) if rates is None else rates
        self._triager = Triager(store, settings, current)
        self._deadlines = Deadlines(store, settings, current, self._triager.sandbox)
        self._performer = Performer(store, settings, self._triager.sandbox)
        self._housekeeping = Housekeeping(store, self._performer.harmless)
        self._watch = self._performer.watch()
        self._in_hand: dict[int, Job] = {}  # by thread; the lease keeper and `_stop` read it

    def warm(self) -> None:
        """Load what is loaded on first use, so that the first customer does not wait for it."""
        self._triager.warm()

    def close(self) -> None:
        """Let go of what is held."""
        self._triager.close()

    def part(self) -> Part | None:
        """How the help desk is, when it does not answer."""
        if self._watch is None:
            return None
        if not self._watch.trouble:
            return self._waiting()
        return Part("desk", "failing", f"It does not answer ({self._watch.trouble}); what is for it waits.")

    def _waiting(self) -> Part | None:
        count = 0
        with suppress(StoreUnavailable):  # which is a part of its own
            count = self._store.desk.without_address()
        text = f"{count} requests wait for a ticket, which this desk opens by mail: set ANTESALA_GATEWAY_ADDRESSES."
        return Part("desk", "warning", text) if count else None

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; then end or give back what is in hand, within ten seconds."""
        with self._housekeeping.alone():
            self._store.catch_up()
            kinds = (*LINES, *LINES[:1] * (self._triager.judges.count - 1))
            lines = [threading.Thread(target=self._line, args=(each, stop), name=each[0]) for each in kinds]
            keepers = [threading.Thread(target=self._keep, args=(stop,), name="leases", daemon=True)]
            keepers.append(threading.Thread(target=self._housekeeping.run, args=(stop,), name="house", daemon=True))
            if self._watch:
                keepers.append(threading.Thread(target=self._watch.run, args=(stop,), name="watch", daemon=True))
            for thread in (*lines, *keepers):
                thread.daemon = True
                thread.start()
            stop.wait()
            self._stop(lines)

    def run_once(self) -> bool:
        """Do one job of any kind in this thread; False if nothing is due."""
        self._housekeeping.sweep()
        return self._one(tuple(kind for line in LINES for kind in line))

    # --- a line of work ---

    def _line(self, kinds: Sequence[str], stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                seen = self._store.news(kinds)
                if not self._one(kinds):
                    self._store.wait(POLL, kinds, seen)
            except StoreUnavailable as error:
                logger().error("store unavailable", line=kinds[0], reason=str(error))
                stop.wait(2.0)
            except Exception as error:  # a fault of ours: report it and go on with the next job
                logger().error("line failed", line=kinds[0], error=where(error))
                report(error)
                stop.wait(2.0)

    def _one(self, kinds: Sequence[str]) -> bool:
        job = self._claim(kinds)
        if job is None:
            return False
        here = threading.get_ident()
        self._in_hand[here] = job
        began = time.monotonic()
        try:
            outcome = self._decide(job) if job.kind in DECIDED else self._perform(job)
            self._settle(job, outcome, time.monotonic() - began)
        finally:
            self._in_hand.pop(here, None)
            if job.kind == "triage":
                self._triager.turns.leave(job.id)
        return True

    def _claim(self, kinds: Sequence[str]) -> Job | None:
        if "triage" not in kinds:
            return self._store.claim(kinds, self._rates)
        with self._triager.turns.claiming:
            job = self._store.claim(kinds, self._rates)
            if job is not None and job.kind == "triage":
                self._triager.turns.enter(job.id)
        return job

    def _decide(self, job: Job) -> Outcome | None:
        """None: kept along with what was decided, or no longer ours."""
        began = time.monotonic()
        try:
            said = self._met(job) if job.kind == "due" else self._triaged(job)
        except Lost:
            return None
        except Stale:  # others were quicker, again and again: no fault of the message, so no try is counted
            self._persist(lambda: self._store.release(job))
            return None
        except StoreUnavailable:
            self._persist(lambda: self._store.release(job))
            raise
        except JudgeFailed as error:
            report(error)
            return Outcome("again", error=f"{error.__class__.__name__}: {error}")
        except Exception as error:
            report(error)
            return Outcome("again", error=where(error))
        seconds = round(time.monotonic() - began, 3)
        logger().info("decided", job=job.id, kind=job.kind, inbound=job.inbound_id, seconds=seconds, **said)
        return None

    def _triaged(self, job: Job) -> dict[str, Any]:
        return {"request": self._triager.decide(job)}

    def _met(self, job: Job) -> dict[str, Any]:
        return {"what": job.payload["what"], "outcome": self._deadlines.meet(job)}

    def _perform(self, job: Job) -> Outcome | None:
        try:
            return self._performer.perform(job)
        except StoreUnavailable:
            self._persist(lambda: self._store.release(job))  # before `sending` only; after it the lease decides
            raise
        except Exception as error:
            report(error)
            return Outcome("again", error=where(error))

    def _settle(self, job: Job, outcome: Outcome | None, seconds: float) -> None:
        if outcome is None:
            return
        state = self._persist(lambda: self._store.finish(job, outcome))
        if not state:
            logger().warning("lost", job=job.id, kind=job.kind)
            return
        said = {"job": job.id, "kind": job.kind, "inbound": job.inbound_id, "seconds": round(seconds, 3)}
        if state == "done":
            logger().info("done", **said)
        elif state == "uncertain":
            logger().error("uncertain", **said, error=outcome.error, do=f"antesala resolve {job.id}")
        elif state == "dead":
            logger().error("set aside", **said, error=outcome.error, do=f"antesala retry {job.id}")
        else:
            logger().warning("again", **said, error=outcome.error, attempt=job.attempts)

    def _persist(self, write: Callable[[], _Said]) -> _Said:
        """Write an outcome, however long the database is away: only we know it."""
        wait = 0.2
        while True:
            try:
                return write()
            except StoreUnavailable as error:
                logger().error("outcome waits for the store", reason=str(error))
                time.sleep(wait)
                wait = min(wait * 2, 5.0)

    # --- beside it ---

    def _keep(self, stop: threading.Event) -> None:
        """Renew the leases of what is in hand."""
        while not stop.wait(self._store.lease.total_seconds() / 3):
            for job in list(self._in_hand.values()):
                with suppress(StoreUnavailable):  # the lease is long enough for two more tries
                    self._store.renew(job)

    def _stop(self, lines: Sequence[threading.Thread]) -> None:
        self._store.wake()
        until = time.monotonic() + STOP
        for thread in lines:
            thread.join(max(0.0, until - time.monotonic()))
        for job in list(self._in_hand.values()):
            with suppress(StoreUnavailable):
                # Given back if nothing was sent yet; the fence then keeps our thread from sending it.
                self._store.release(job)
        logger().info("stopped", pid=os.getpid())
