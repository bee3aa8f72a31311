"""What a mailbox loop needs from whoever keeps the mails, and what it says about itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from plugin.model import Arrival, Receipt

#: First header of a mail of which only the header was taken; its value is the size in bytes.
OVERSIZED = b"X-Antesala-Oversized"


class Position(Protocol):
    """How far a folder has been read: UIDs up to `last_uid` are stored, as long as `uidvalidity` holds."""

    @property
    def uidvalidity(self) -> int: ...
    @property
    def last_uid(self) -> int: ...


class Keeper(Protocol):
    """The store, as intake sees it. Any exception means: not stored, try again later."""

    def accept(self, arrival: Arrival, /) -> Receipt:
        """Committed when it returns."""
        ...

    def cursor(self, mailbox: str, /) -> Position | None: ...

    def advance(self, mailbox: str, uidvalidity: int, last_uid: int, /) -> None: ...

    def has_room(self) -> bool:
        """False while the disk is too full to take another mail."""
        ...


@dataclass(frozen=True, slots=True)
class MailboxState:
    """How a mailbox is, for the health page and for metrics. Holds no customer's text and no secret."""

    name: str
    connected: bool = False
    since: datetime | None = None  #: when it became connected, or stopped being so
    looked_at: datetime | None = None  #: the last complete look for new mail
    last_mail_at: datetime | None = None
    taken: int = 0  #: mails stored since the start, those included that were there already
    oversized: int = 0  #: mails of those that were too large: only their header is stored
    error: str = ""  #: what is wrong now, a sentence that says what to do; empty when all is well
    needs_attention: bool = False  #: trying again will not help: a person has to change something
    stuck: tuple[str, ...] = field(default=())  #: mails that could not be read, by UID or file name

    def with_taken(self, arrival: Arrival, at: datetime) -> MailboxState:
        """After an arrival was stored."""
        return replace(
            self,
            taken=self.taken + 1,
            oversized=self.oversized + arrival.raw.startswith(OVERSIZED),
            last_mail_at=at,
        )
