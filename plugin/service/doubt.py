"""What becomes of an effect of which nobody knows whether it happened.

A mail is looked for where the server or our copy of it would be. Found: it was sent. Not found, or nowhere
to look: it stays in doubt until a person says "it was sent" or "send now" (RFC 1047 describes the gap, and
no protocol closes it), and the agent's note says so.
"""

from __future__ import annotations

from datetime import datetime

from plugin.act.effects import doubt_note
from plugin.act.outcome import EffectError, Outcome
from plugin.act.sent import was_sent
from plugin.model import Effect
from plugin.service.desk import abilities
from plugin.settings import Settings
from plugin.store import Doubtful, Job, Store

_MAILS = ("reply", "gateway")  #: kinds whose effect is a mail
_SOONEST = 2.0  #: seconds between two looks; then as long again as has gone by


class Doubts:
    """Looks for effects in doubt."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def look(self, job: Job) -> Outcome:
        """One look, for a job of the kind `doubt`."""
        found = self._store.doubtful(job.payload["job"])
        if found is None:
            return Outcome("done", receipt="settled")
        since = datetime.fromisoformat(job.payload["since"])
        gone = max(0.0, (self._store.clock() - since).total_seconds())
        left = self._settings.sent_wait - gone
        if self._settings.sent is not None and found.kind in _MAILS and found.message_id:
            try:
                if was_sent(self._settings.sent, found.message_id):
                    self._store.settle(found.id, "found among the sent mail")
                    return Outcome("done", receipt="found")
            except EffectError as error:
                if left > 0:
                    return error.outcome
            if left > 0:
                return Outcome("again", error="NotFoundYet", wait=min(max(gone, _SOONEST), left))
        self._tell(found)
        return Outcome("done", receipt="left to a person")

    def _tell(self, found: Doubtful) -> None:
        """The agent hears of a reply in doubt. The built-in list shows it by itself, for as long as it is so."""
        note = self._note(found) if found.kind == "reply" else None
        if note is not None:
            self._store.follow_up(note, found.inbound_id, found.request)

    def _note(self, found: Doubtful) -> Effect | None:
        decision = self._store.decision(found.inbound_id) if found.inbound_id is not None else None
        if decision is None or decision.reply is None or found.inbound_id is None:
            return None
        can = abilities(self._settings)
        return doubt_note(decision, found.inbound_id, found.id, found.message_id or "", self._settings, can)
