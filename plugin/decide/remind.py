"""The reminder: the questions that are still open, once more, in the customer's language."""

from __future__ import annotations

from datetime import datetime

from plugin.decide.channel import Fit
from plugin.decide.plan import Kind
from plugin.decide.reply import Letter, compose
from plugin.decide.wording import wording
from plugin.model import Assessment, Pending, Reply, Understood
from plugin.rulebook import Rulebook
from plugin.rulebook.opening import group_hours


def reminder(understood: Understood, pending: Pending, rulebook: Rulebook, now: datetime) -> Reply | None:
    """The letter, or None if nothing of what was asked is open any more."""
    decision = pending.decision
    asked = decision.reply.asks if decision.reply else ()
    # Rules may have changed since: what is no item any more is not asked for.
    asks = tuple(item for item in asked if item in pending.missing and item in rulebook.items)
    if not asks:
        return None
    letter = Letter(
        kind=Kind.REMIND,
        understood=understood,
        assessment=Assessment(decision.issues, decision.completeness, decision.flags),
        rulebook=rulebook,
        wording=wording(rulebook, decision.reply.language if decision.reply else understood.language),
        group=pending.group,
        fit=Fit(decision.channel, ""),
        asks=asks,
        articles=(),
        hours=group_hours(rulebook, pending.group),
        now=now,
    )
    return compose(letter)
