"""Answers that have to wait because the mailbox has sent as much as it may: kept, and sent one by one afterwards.

The breaker stops them all until a person has looked. From then on they go out no faster than the cap allows, so that
a flood that was no attack is answered, and one that was does no more harm than the cap lets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from plugin.decide.answer import TRIPS
from plugin.model import Decision, Effect, History
from plugin.rulebook import Rulebook

WAITS = TRIPS | {"breaker-open"}  #: refusals that concern the mailbox, not the customer: the answer waits


def unhindered(history: History) -> History:
    """The history without what the mailbox has sent to others."""
    return replace(history, replies_from_mailbox_1h=0, replies_from_mailbox_24h=0, breaker_open=False)


def waiting(refused: Decision, otherwise: Decision) -> Decision:
    """The decision for a message that is answered later; `otherwise` is what it would be without the cap."""
    if otherwise.reply is None:
        return refused
    note = (
        f"{otherwise.note.rstrip()}\n\nThe answer waits ({refused.no_reply}): the mailbox has sent as much as it may.\n"
    )
    return replace(otherwise, no_reply=refused.no_reply, note=note)


def paced(
    effects: Sequence[Effect], decision: Decision, rulebook: Rulebook, before: int, now: datetime
) -> tuple[Effect, ...]:
    """The effects, an answer that waits behind the `before` answers that wait already."""
    if decision.no_reply not in WAITS:
        return tuple(effects)
    pace = _pace(decision, rulebook)
    at = now + timedelta(seconds=pace * (before + 1))
    return tuple(
        replace(effect, at=at, payload={**effect.payload, "pace": pace}) if effect.kind == "reply" else effect
        for effect in effects
    )


def _pace(decision: Decision, rulebook: Rulebook) -> float:
    """Seconds between two answers."""
    caps = rulebook.desk.raw.get("caps", {})
    if decision.no_reply == "day-cap":
        return float(86400.0 / max(1, caps.get("per_mailbox_24h", 300)))
    return float(3600.0 / max(1, caps.get("per_mailbox_1h", 60)))
