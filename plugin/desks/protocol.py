"""What a desk must be able to do: take a ticket as it was decided. One method, for all desks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from plugin.act.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request as a desk shall have it."""

    request: int  #: our number
    inbound_id: int  #: the message that it was decided from
    ticket: str | None  #: the desk's own number, once there is one
    group: str
    priority: str  #: low, normal, high or urgent
    tags: tuple[str, ...]
    score: int
    note: str


class Desk(Protocol):
    """A help desk."""

    harmless: bool  #: doing it again changes nothing

    def put(self, ticket: Ticket, commit: Callable[[], bool]) -> Outcome | None:
        """Make the ticket be what it says. Never raises.

        What cannot be repeated without harm is done after `commit`, which records that it may have
        happened; where `commit` says no, the work is somebody else's by now: nothing is done, None.
        """
