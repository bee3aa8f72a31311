"""How Antesala is: one word and a reason for each part. No customer's text, no secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "failing"]
STATES: tuple[State, ...] = ("ok", "warning", "failing")  # from good to bad


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what runs."""

    name: str  #: mailboxes, queue, set-aside, rulebook, store
    state: State
    reason: str  #: a sentence for the person who runs it


def overall(parts: Iterable[Part]) -> State:
    """The worst of the parts."""
    return STATES[max((STATES.index(part.state) for part in parts), default=0)]


def careful(name: str, look: Callable[[], Part]) -> Part:
    """A part that cannot be looked at is failing; the others are still shown."""
    try:
        return look()
    except Exception as error:
        return Part(name, "failing", f"It cannot be looked at: {error.__class__.__name__}.")
