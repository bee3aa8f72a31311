"""A whole service in one process: SQLite, the default pack with few examples, mail into a Maildir."""

from __future__ import annotations

import mailbox
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from plugin.model import Arrival, Receipt
from plugin.rulebook import Rulebook
from plugin.service.worker import Worker
from plugin.settings import Settings
from plugin.store import Store, open_store


@dataclass
class Service:
    """A store and a worker; `rulebook` is what the worker asks for at each message."""

    settings: Settings
    rulebook: Rulebook
    store: Store = field(init=False)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.store = open_store(self.settings)
        self.worker = Worker(self.store, self.settings, lambda: self.rulebook)

    def accept(self, raw: bytes, source: str = "mail", key: str = "") -> Receipt:
        return self.store.accept(Arrival(source, raw, datetime.now(UTC), "box", key))  # type: ignore[arg-type]

    def work(self) -> None:
        """Until nothing is due."""
        while self.worker.run_once():
            pass

    def outbox(self) -> list[mailbox.MaildirMessage]:
        """Everything that was sent, oldest first."""
        box = mailbox.Maildir(self.settings.smtp.maildir, create=True)
        return sorted(box, key=lambda mail: (str(mail["Date"]), str(mail["Message-ID"])))

    def close(self) -> None:
        self.worker.close()
        self.store.close()


def customer_mail(
    text: str = "Quiero un reembolso, por favor.", message_id: str = "one@casa.example", **more: str
) -> bytes:
    """A customer's mail of just now; headers by keyword, with _ for -."""
    mail = EmailMessage()
    headers = {"from": "Ana <ana@casa.example>", "to": "support@acme.example", "subject": "Reembolso", **more}
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{message_id}>"
    mail.set_content(text)
    return mail.as_bytes()
