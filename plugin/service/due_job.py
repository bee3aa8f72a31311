"""The job of a deadline: the request as it is now to what follows, kept with the end of the job in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from plugin.act.effects import desk_effects, reply_effect
from plugin.act.telling import told
from plugin.decide.due import Follows, meet
from plugin.model import Effect, Message, Pending
from plugin.rulebook import Rulebook
from plugin.service.arrived import message_of
from plugin.service.desk import abilities
from plugin.settings import Settings
from plugin.store import Inbound, Job, Store
from plugin.store.deadlines import Settlement
from plugin.understand.sandbox import ParseFailed, Sandbox


class Deadlines:
    """Does what is due."""

    def __init__(self, store: Store, settings: Settings, rulebook: Callable[[], Rulebook], sandbox: Sandbox) -> None:
        self._store = store
        self._settings = settings
        self._rulebook = rulebook
        self._sandbox = sandbox
        self._can = abilities(settings)

    def meet(self, job: Job) -> str:
        """Judge and keep; what came of it, in a sentence. Raises Lost if the job is somebody else's by now."""
        arrived = self._store.inbound(job.inbound_id or 0)
        message = self._message(arrived)
        rulebook = self._rulebook()

        def judge(pending: Pending, now: datetime) -> Settlement:
            follows = meet(job.payload, pending, rulebook, now, inbound_id=job.inbound_id or 0, message=message)
            return self._settlement(job, follows, pending, message, now)

        settled = self._store.meet(job, message, judge)
        return settled.because if settled else "the request is gone"

    def _message(self, arrived: Inbound | None) -> Message | None:
        """None if its bytes were deleted, or take too long to read again."""
        if arrived is None or arrived.raw is None:
            return None
        try:
            return message_of(arrived, self._sandbox)
        except ParseFailed:
            return None

    def _settlement(
        self, job: Job, follows: Follows, pending: Pending, message: Message | None, now: datetime
    ) -> Settlement:
        return Settlement(
            because=follows.because,
            state=follows.state,
            group=follows.group,
            tags=follows.tags,
            note=follows.note,
            release=follows.release,
            effects=tuple(self._effects(job, follows, pending, message, now)),
            asks=follows.reply.asks if follows.reply else (),
        )

    def _effects(
        self, job: Job, follows: Follows, pending: Pending, message: Message | None, now: datetime
    ) -> Iterator[Effect]:
        """In the order in which they are seen: the customer's mail, the desk, people who are told, what is due next."""
        inbound_id, ending = job.inbound_id or 0, job.key.partition(":")[2].replace(":", "-")
        if follows.reply and message and message.sender:
            key = f"reply:{inbound_id}:remind"
            to = message.sender.email
            effect = reply_effect(key, follows.reply, message, to, self._settings, now, self._can)
            yield replace(effect, payload={**effect.payload, "text": follows.reply.text})  # no decision holds it
        if follows.for_desk:
            decision = replace(
                pending.decision,
                group=follows.group or pending.group,
                tags=(*pending.tags, *follows.tags),
                note=pending.note + follows.note,
                copies=(),
                decided_at=now,
            )
            moved = follows.group is not None  # the group that it was moved to gets the mail as well
            yield from desk_effects(
                decision,
                message,
                inbound_id,
                self._settings,
                ending=ending,
                forward=moved,
                can=self._can,
                ticket=pending.ticket,
                news=follows.note,
            )
        if follows.telling:
            yield from told(follows.telling, inbound_id, ending)
        yield from follows.deadlines
