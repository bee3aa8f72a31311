"""Several messages are decided at a time, but those of one conversation one after the other, as they came."""

from __future__ import annotations

import threading

from plugin.model import Message


class Turns:
    """Jobs in hand, in the order in which they were claimed, with the names of their conversation once read."""

    def __init__(self) -> None:
        self.claiming = threading.Lock()  #: held while a job is claimed and entered: that is the order
        self._changed = threading.Condition()
        self._in_hand: dict[int, frozenset[str] | None] = {}

    def enter(self, job: int) -> None:
        """It was claimed."""
        with self._changed:
            self._in_hand[job] = None

    def wait(self, job: int, names: frozenset[str]) -> None:
        """Until none that was claimed before may belong to the same conversation."""
        with self._changed:
            if job in self._in_hand:
                self._in_hand[job] = names
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._first(job, names))

    def leave(self, job: int) -> None:
        """It is done with."""
        with self._changed:
            self._in_hand.pop(job, None)
            self._changed.notify_all()

    def _first(self, job: int, names: frozenset[str]) -> bool:
        for other, its in self._in_hand.items():
            if other == job:
                break
            if its is None or its & names:
                return False
        return True


def names(message: Message) -> frozenset[str]:
    """What a conversation is known by: its sender, its mails, its ticket in a desk."""
    sender = (message.sender.email,) if message.sender else ()
    ticket = (f"ticket {message.ticket}",) if message.ticket else ()
    return frozenset((message.id, *message.in_reply_to, *message.references, *sender, *ticket))
