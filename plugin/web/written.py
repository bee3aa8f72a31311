"""What a customer wrote, for the ticket's page: read again from the stored bytes, behind limits, secrets masked."""

from __future__ import annotations

from dataclasses import dataclass, field

from plugin.model import Attachment
from plugin.service.arrived import message_of
from plugin.store import Inbound
from plugin.understand.sandbox import ParseFailed, Sandbox
from plugin.understand.scrub import scrubber

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
            message = message_of(arrived, self.sandbox)
        except (ParseFailed, ValueError):
            return None
        clean = scrubber(message)
        text = clean(message.newest.strip()[:MAX_CHARACTERS])
        return Words(text, message.attachments, more=len(message.newest.strip()) < len(message.text.strip()))

    def close(self) -> None:
        self.sandbox.close()
