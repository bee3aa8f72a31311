"""How an effect ended. Whoever tries an effect says so with this value and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["done", "again", "dead", "uncertain"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """done: it happened. again: it did not, try later. dead: it never will. uncertain: nobody can tell.

    `error` holds codes and class names, never what a server or a customer wrote. `wait` is how many
    seconds the other side asked for. A `fault` concerns not this one effect but all of its kind (the
    server is down, the password is wrong): the kind pauses, and the try does not count.
    """

    state: State
    receipt: str = ""
    error: str = ""
    wait: float | None = None
    fault: bool = False
    patient: bool = False  #: it waits for what somebody else does: the try does not count, and others of its kind go on
    refused: bool = False  #: the recipient's address was refused for good

    @property
    def counts(self) -> bool:
        """Is it one of the tries that an effect has?"""
        return not (self.fault or self.patient)


#: A person was faster than our answer.
LEFT_TO_AGENT = Outcome("done", receipt="not sent: an agent has answered")


class EffectError(Exception):
    """An effect that ended before anything was given away; carries the Outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.error)
        self.outcome = outcome
