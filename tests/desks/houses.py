"""A whole Antesala beside a desk: the store, the worker, the webhook's door; the desk is a ground."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from kit import Ground
from mocks.server import wait_for
from reals.running import SERVERS as RUNS

from plugin.desks.protocol import Entry, TicketNow
from plugin.model import Arrival
from plugin.rulebook import Rulebook
from plugin.service.desk.fetch import _SKEW
from plugin.service.worker import Worker
from plugin.settings import Secret, Settings, Smtp
from plugin.store import Store, open_store
from plugin.web.app import create_app
from plugin.web.parts import Web


@dataclass
class House:
    """`look` polls the desk, `work` does what is due."""

    ground: Ground
    rulebook: Rulebook
    home: Path
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        access = self.ground.access
        values: dict[str, Any] = {
            "home": self.home,
            "database_url": Secret(f"sqlite:///{self.home}/antesala.db"),
            "smtp": Smtp(maildir=self.home / "outbox"),
            "mail_from": "Acme <support@desk.test>",
            "message_id_domain": "desk.test",
            "desk": self.ground.kind.name,
            "desk_url": access.url,
            "desk_token": Secret(access.token),
            "desk_user": access.user,
            "desk_options": dict(access.options),
            "desk_mode": "live",
            "desk_groups": {"billing": self.ground.groups[1]},
        }
        self.settings = Settings(**{**values, **self.more})
        self.store: Store = open_store(self.settings)
        self.worker = Worker(self.store, self.settings, lambda: self.rulebook)
        self.watch = self.worker._watch
        assert self.watch is not None
        self.watch.look()  # from now on
        if self.ground.kind.name in RUNS:
            self._begin_anew()

    def _begin_anew(self) -> None:
        """What earlier tests left in a desk that all share is not looked at."""
        name = f"desk-since:{self.settings.desk}"
        self.store.advance(name, 0, int(time.time() + _SKEW.total_seconds()))
        with self.store.engine.begin() as conn:
            conn.exec_driver_sql("update job set state = 'done' where kind = 'fetch'")

    def close(self) -> None:
        self.worker.close()
        self.store.close()

    def web(self) -> FlaskClient:
        """The door for hooks."""
        return create_app(Web(self.settings, self.store, tuple, ())).test_client()

    def deliver(self, headers: dict[str, str], body: bytes) -> Any:
        """The desk's hook comes in."""
        path = f"/v1/hooks/{self.ground.kind.name}"
        if not self.ground.kind.hook.scheme.header:  # the secret stands in the address
            path += f"/{self.ground.secret}"
        return self.web().post(path, data=body, headers=headers)

    def settled(self, kinds: tuple[str, ...] = ("fetch", "triage", "desk", "note", "reply"), rounds: int = 40) -> None:
        """Work, and hurry what waits, until nothing is left of these kinds."""
        for _ in range(rounds):
            self.work()
            if not any(state == "ready" for kind in kinds for state, _ in self.jobs(kind)):
                return
            self.hurry()

    def look(self) -> int:
        """How many tickets are to be fetched."""
        assert self.watch is not None
        return self.watch.look()

    def work(self) -> None:
        """Until nothing is due now."""
        while self.worker.run_once():
            pass

    def until(self, condition: Callable[[], Any]) -> None:
        """Look and work until it holds."""
        wait_for(lambda: (self.look(), self.work(), condition())[2])

    def follow(self, ticket: str) -> None:
        """Look until the ticket is seen, and work."""
        wait_for(lambda: self.look() or self.number(ticket))
        self.work()

    def arrive(self, raw: bytes) -> int:
        """A mail by IMAP; the id that it is kept under."""
        return self.store.accept(Arrival("mail", raw, datetime.now(UTC), "box")).inbound_id

    def arrive_form(self, sender: str, subject: str, text: str) -> int:
        """A request by the form of a website."""
        raw = json.dumps({"from": sender, "subject": subject, "text": text}).encode()
        return self.store.accept(Arrival("form", raw, datetime.now(UTC), "form", key=subject)).inbound_id

    def outbox(self) -> list[EmailMessage]:
        """Mails that went out."""
        found = sorted((self.home / "outbox" / "new").glob("*"))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]

    def late(self, what: str) -> None:
        """The deadline of that kind has come."""
        with self.store.engine.begin() as conn:
            query = "update job set run_at = '2000-01-01' where kind = 'due' and payload like ?"
            assert conn.exec_driver_sql(query, (f'%"{what}"%',)).rowcount

    def number(self, ticket: str) -> int | None:
        """Our request of a ticket."""
        return self.store.desk.by_ticket(ticket)

    def now(self, ticket: str) -> TicketNow:
        """The ticket as Antesala reads it."""
        assert self.watch is not None
        return self.watch._side.desk.read(ticket)

    def ours(self, ticket: str, *, public: bool) -> list[Entry]:
        """What Antesala wrote in it."""
        return [entry for entry in self.now(ticket).entries if entry.author == "bot" and entry.public == public]

    def jobs(self, kind: str) -> list[tuple[str, str]]:
        """State and receipt or error of all jobs of a kind."""
        with self.store.engine.connect() as conn:
            query = "select state, coalesce(receipt, error, '') from job where kind = ? order by id"
            return [tuple(row) for row in conn.exec_driver_sql(query, (kind,))]

    def hurry(self) -> None:
        """What waits for a later try is due now."""
        with self.store.engine.begin() as conn:
            conn.exec_driver_sql("update job set run_at = '2000-01-01' where state = 'ready' and kind <> 'due'")
            conn.exec_driver_sql("delete from stop where kind = 'pause'")
