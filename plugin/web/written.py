"""What a customer wrote, for the ticket's page: read again from the stored bytes, behind limits, secrets masked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from plugin.model import Attachment, Message
from plugin.store import Inbound
from plugin.store.scrub import scrubber
from plugin.understand.sandbox import ParseFailed, Sandbox

SECONDS = 3.0  #: a page does not wait longer for one mail
MAX_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Words:
    """One message as shown."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    more: bool = False  #: the text was longer, or had quoted history


@dataclass(slots=True)
class Reader:
    """Reads stored messages in a process of its own, started at the first one."""

    sandbox: Sandbox = field(default_factory=lambda: Sandbox(SECONDS))

    def words(self, arrived: Inbound | None) -> Words | None:
        """What was written; None where the bytes are gone or cannot be read in time."""
        if arrived is None or arrived.raw is None:
            return None
        try:
            message = self._read(arrived, arrived.raw)
        except (ParseFailed, ValueError):
            return None
        clean = scrubber(message)
        text = clean(message.newest.strip()[:MAX_CHARACTERS])
        return Words(text, message.attachments, more=len(message.newest.strip()) < len(message.text.strip()))

    def close(self) -> None:
        self.sandbox.close()

    def _read(self, arrived: Inbound, raw: bytes) -> Message:
        if arrived.source == "mail":
            return self.sandbox.read_mail(raw, arrived.received_at)
        from plugin.understand.payload import read_payload

        message: Message = read_payload(json.loads(raw), arrived.received_at)
        return message
