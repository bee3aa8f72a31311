"""What a test needs of a help desk: the desk as its customers and agents see it, beside what Antesala sees of it."""

from __future__ import annotations

from typing import Protocol

from plugin.desks.protocol import Access, Desk, Kind
from plugin.model import Address


class Ground(Protocol):
    """A help desk to play on: a real one that the tests started, or a mock that holds every call to a contract."""

    kind: Kind
    access: Access
    groups: tuple[str, str]  #: two groups, as the desk calls them; new tickets stand in the first
    customer: Address

    def customer_writes(self, text: str, *, subject: str = "", ticket: str = "", message_id: str = "") -> str:
        """By the desk's own intake, never with the bot's credentials: a new ticket, or more on an old one. Its id."""

    def agent_replies(self, ticket: str, text: str) -> None:
        """A person answers the customer."""

    def agent_notes(self, ticket: str, text: str) -> None:
        """A person writes an internal note."""

    def agent_moves(self, ticket: str, group: str) -> None:
        """A person moves the ticket."""

    def agent_tags(self, ticket: str, add: str = "", remove: str = "") -> None:
        """A person changes tags."""

    def seen_by_customer(self, ticket: str) -> str:
        """Everything the customer can read of the ticket, as one text."""

    def mailed(self, ticket: str) -> list[str]:
        """What the desk mailed to the customer, oldest first."""

    def deliveries(self, ticket: str) -> list[tuple[dict[str, str], bytes]]:
        """Hooks that the desk sent about a ticket so far: headers and raw body."""


def connected(ground: Ground) -> Desk:
    """Antesala's side of it."""
    return ground.kind.connect(ground.access)
