"""The job of deciding: bytes to a message, the message to a decision, the decision kept with what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from plugin.act.desk import quiet
from plugin.act.effects import effects
from plugin.act.ids import whose
from plugin.act.telling import told
from plugin.assess.matter import settled
from plugin.decide.answer import TRIPS, alike
from plugin.decide.due import TO_DESK, breaker_told, deadlines, holds_back
from plugin.model import Decision, Effect, History, Message
from plugin.rulebook import Rulebook
from plugin.service.arrived import message_of
from plugin.service.desk import abilities
from plugin.service.desk.message import before
from plugin.service.judges import Judges
from plugin.service.judging import Case
from plugin.service.later import paced
from plugin.service.turns import Turns, names
from plugin.settings import Settings
from plugin.store import Job, Stale, Store, Verdict
from plugin.store.accept import TAKEN_BEFORE
from plugin.understand.sandbox import Sandbox

_READ_SECONDS = 8.0  #: for reading one mail; three tries stay under half a minute
_ROUNDS = 8  #: how often a decision is made anew because its History changed meanwhile
_TAKEN_BEFORE = (
    "it was marked as taken in the mailbox already, so it may have been answered before the database was lost"
)


class Gone(Exception):
    """The bytes of the message were deleted before it was decided."""


class Triager:
    """Decides about what arrived."""

    def __init__(self, store: Store, settings: Settings, rulebook: Callable[[], Rulebook]) -> None:
        self._store = store
        self._settings = settings
        self._rulebook = rulebook
        self.sandbox = Sandbox(_READ_SECONDS)
        self.judges = Judges(whose(settings))
        self.turns = Turns()

    def warm(self) -> None:
        """Decide about a mail of nobody's and keep nothing: what is loaded on first use is then there."""
        now = self._store.clock()
        mail = b"From: nobody <nobody@localhost>\r\nSubject: Hello\r\n\r\nThe calendar shows an error today.\r\n"
        self.judges.warm(Case(self.sandbox.read_mail(mail, now), History(), now), self._rulebook())

    def close(self) -> None:
        """End the processes that read mail and decide."""
        self.sandbox.close()
        self.judges.close()

    def decide(self, job: Job) -> int:
        """Decide and keep the decision; the number of the request.

        Raises Lost if the job is somebody else's by now, Stale if the conversation would not stand still.
        """
        arrived = self._store.inbound(job.inbound_id or 0)
        if arrived is None or arrived.raw is None:
            raise Gone
        message = message_of(arrived, self.sandbox)
        self.turns.wait(job.id, names(message))
        hold = quiet(self._settings) or (_TAKEN_BEFORE if arrived.flagged == TAKEN_BEFORE else "")
        for _ in range(_ROUNDS):
            now = self._store.clock()
            known = self._store.known(message, now)
            rulebook = self._rulebook()
            waiting_already = self._store.waiting() if known.history.breaker_open else 0
            decision = self.judges.decide(Case(message, before(known.history, arrived), now, hold), rulebook)
            history = settled(known.history, decision)
            follow = followed(decision, message, rulebook, history, arrived.id, self._settings)
            follow = paced(follow, decision, rulebook, waiting_already, now)
            same = partial(alike, rulebook=rulebook)
            try:
                return self._store.record(job, Verdict(message, decision, follow, known, now, same, scrubbed=True))
            except Stale:
                continue
        raise Stale


def followed(
    decision: Decision, message: Message, rulebook: Rulebook, history: History, inbound_id: int, settings: Settings
) -> tuple[Effect, ...]:
    """Everything that follows from a decision: now, held back, and later."""
    now = decision.decided_at or message.received_at
    ticket, can = _ticket(history, settings), abilities(settings)
    found = effects(decision, message, inbound_id, settings, can=can, ticket=ticket, shown=history.ticket_number)
    if holds_back(decision, rulebook, history):
        found = tuple(replace(effect, held=effect.kind in TO_DESK) for effect in found)
    telling = breaker_told(rulebook, decision.no_reply) if decision.no_reply in TRIPS else None
    alarm = tuple(told(telling, inbound_id, "breaker")) if telling else ()
    return (*found, *alarm, *deadlines(decision, rulebook, history, inbound_id, now))


def _ticket(history: History, settings: Settings) -> str | None:
    """The conversation's ticket in the desk; in the built-in list that is the request itself."""
    own = str(history.number) if history.number is not None and settings.desk == "builtin" else None
    return history.ticket or own
