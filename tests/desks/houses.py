"""A whole Antesala beside a desk: the store, the worker, the webhook's door; the desk is a ground."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from kit import Ground
from mocks.server import wait_for

from plugin.desks.protocol import Entry, TicketNow
from plugin.model import Arrival
from plugin.rulebook import Rulebook
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

    def close(self) -> None:
        self.worker.close()
        self.store.close()

    def web(self) -> FlaskClient:
        """The door for hooks."""
        return create_app(Web(self.settings, self.store, tuple, ())).test_client()

    def look(self) -> int:
        """How many tickets are to be fetched."""
        assert self.watch is not None
        return self.watch.look()

    def work(self) -> None:
        """Until nothing is due now."""
        while self.worker.run_once():
            pass

    def follow(self, ticket: str) -> None:
        """Look until the ticket is seen, and work."""
        wait_for(lambda: self.look() or self.number(ticket))
        self.work()

    def arrive(self, raw: bytes) -> int:
        """A mail by IMAP; the id that it is kept under."""
        return self.store.accept(Arrival("mail", raw, datetime.now(UTC), "box")).inbound_id

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
