"""An installation in this process, on a clock that is moved by hand: hours of trying again in moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import format_datetime
from pathlib import Path

import sqlalchemy as sa
from servers.smtp import SmtpServer

from plugin.model import Arrival
from plugin.rulebook import Rulebook
from plugin.service.worker import Worker
from plugin.settings import Secret, Settings, Smtp
from plugin.store import open_store
from plugin.store.tables import job


@dataclass
class Quick:
    """A store, a worker without threads, a mail server; `now` is everybody's time."""

    home: Path
    url: str
    rulebook: Rulebook
    smtp: SmtpServer
    more: dict[str, object] = field(default_factory=dict)
    written: int = 0  #: mails so far

    def __post_init__(self) -> None:
        self.now = datetime.now(UTC)
        values: dict[str, object] = {
            "home": self.home,
            "database_url": Secret(self.url),
            "smtp": Smtp(scheme="smtp", host="127.0.0.1", port=self.smtp.port),
            "mail_from": "Acme Support <support@acme.example>",
            "message_id_domain": "acme.example",
            "signing_key": Secret("a key for tests"),
            **self.more,
        }
        settings = Settings(**values)  # type: ignore[arg-type]
        self.store = open_store(settings, lambda: self.now)
        self.worker = Worker(self.store, settings, lambda: self.rulebook)

    def close(self) -> None:
        self.worker.close()
        self.store.close()

    def write(self, count: int) -> None:
        """So many customers write, one mail each; what can be done at once is done."""
        for _ in range(count):
            self.written += 1
            self.store.accept(Arrival("mail", self.mail(self.written), self.now, "box"))
        self.work()

    def mail(self, number: int) -> bytes:
        return (
            f"From: Ana <ana@casa{number}.example>\r\nTo: support@acme.example\r\nSubject: Reembolso {number}\r\n"
            f"Date: {format_datetime(self.now)}\r\nMessage-ID: <m{number}@casa.example>\r\n\r\n"
            f"Quiero un reembolso, me han cobrado dos veces. Es el caso {number}.\r\n"
        ).encode()

    def work(self) -> None:
        """Until nothing is due."""
        while self.worker.run_once():
            pass

    def pass_time(self, until: Callable[[], bool], *, hours: float = 48) -> None:
        """Work on from one due moment to the next; AssertionError if it has not come to that after so many hours."""
        end = self.now + timedelta(hours=hours)
        self.work()
        while not until():
            due = self._next_due()
            assert due is not None, f"nothing is left to wait for: {self.states()}"
            assert due < end, f"it did not happen in {hours} hours: {self.states()}"
            self.now = due
            self.work()

    def wait(self, hours: float) -> None:
        """Let so much time pass, with all that becomes due in it."""
        end = self.now + timedelta(hours=hours)
        while (due := self._next_due()) is not None and due < end:
            self.now = due
            self.work()
        self.now = end
        self.work()

    def _next_due(self) -> datetime | None:
        """When something can be done again; what is paused waits for the end of the pause."""
        pauses = {stop.name: stop.until for stop in self.store.breakers() if stop.until is not None}
        query = sa.select(job.c.kind, sa.func.min(job.c.run_at)).where(job.c.state == "ready", job.c.kind != "due")
        with self.store.engine.connect() as conn:
            due = [max(at, pauses.get(kind, at)) for kind, at in conn.execute(query.group_by(job.c.kind))]
        return max(min(due), self.now + timedelta(seconds=1)) if due else None

    def states(self, kind: str = "") -> Counter[str]:
        """How many jobs are in each state."""
        with self.store.engine.connect() as conn:
            rows = conn.execute(sa.select(job.c.kind, job.c.state)).all()
        return Counter(row.state for row in rows if kind in ("", row.kind))

    def settled(self) -> bool:
        """Is nothing left that goes on by itself? Deadlines of the customer's are not waited for."""
        with self.store.engine.connect() as conn:
            left = sa.select(job.c.id).where(job.c.state.in_(("ready", "running", "sending")), job.c.kind != "due")
            return conn.execute(left.limit(1)).first() is None

    def sent(self) -> Counter[str]:
        """How often the mail server has taken the mail to each customer."""
        return Counter(str(message_from_bytes(taken.data)["To"]) for taken in self.smtp.mails)
