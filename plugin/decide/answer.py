"""The one place that decides whether a message may be answered automatically.

A refusal is a value with a name: it goes into the decision, the log, the metrics and the tests as it is. `never`
means that no automatic answer may go out whatever the message says; the others hold for now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from plugin.decide.echo import is_echo
from plugin.model import History, Understood
from plugin.rulebook import Desk, Rulebook

#: Name of the refusal, field of the history, key of `caps` in desk.yaml, its default, what is counted.
CAPS = (
    ("request-cap", "replies_to_request", "per_request", 2, "replies in this conversation"),
    ("sender-cap", "replies_to_sender_24h", "per_sender_24h", 3, "replies to this sender in 24 hours"),
    ("domain-cap", "replies_to_domain_1h", "per_domain_1h", 30, "replies to this domain in an hour"),
    ("mailbox-cap", "replies_from_mailbox_1h", "per_mailbox_1h", 60, "replies from this mailbox in an hour"),
    ("day-cap", "replies_from_mailbox_24h", "per_mailbox_24h", 300, "replies from this mailbox in a day"),
    ("same-words", "seen_fingerprints", "same_words_1h", 10, "messages with the same words in an hour"),
)
_SHARED = frozenset({"domain-cap", "mailbox-cap", "day-cap", "same-words"})  #: other people's messages count here too
OLDER_THAN_HOURS = 24
TRIPS = frozenset({"mailbox-cap", "day-cap"})  #: refusals that open the breaker: a person has to look


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message is not answered."""

    name: str  #: short and stable: "auto-submitted", "sender-cap"
    because: str  #: a sentence for people
    never: bool = False
    cap: bool = False  #: only because of how much was sent; where there is nothing to say anyway, that is the reason


def refusal(understood: Understood, rulebook: Rulebook, history: History, now: datetime) -> Refusal | None:
    """Why no automatic answer may go out, or None; the weightiest reason first."""
    caps = rulebook.desk.raw.get("caps", {})
    return (
        _not_a_person(understood)
        or _somebody_else_acts(history)
        or _too_many(history, caps)
        or _an_echo(understood, rulebook, history)
        or _too_old(understood, caps, now)
    )


def alike(one: History, other: History, rulebook: Rulebook) -> bool:
    """Whether the same is decided from both: what goes to other people matters only where it reaches a cap."""
    caps = rulebook.desk.raw.get("caps", {})
    return _measured(one, caps) == _measured(other, caps)


def _measured(history: History, caps: Mapping[str, Any]) -> History:
    """The history with shared counts as 1 where they have reached their cap, else 0."""
    reached: dict[str, Any] = {
        field: int(getattr(history, field) >= caps.get(key, default))
        for name, field, key, default, _ in CAPS
        if name in _SHARED
    }
    return replace(history, **reached)


def reminder_refusal(understood: Understood, desk: Desk, history: History) -> Refusal | None:
    """Why the sender of a message that we answered may not be reminded of it, or None.

    The same reasons as for an answer, but for the message's age: a reminder comes late on purpose.
    """
    return _not_a_person(understood) or _somebody_else_acts(history) or _too_many(history, desk.raw.get("caps", {}))


def _not_a_person(understood: Understood) -> Refusal | None:
    if understood.automatic:
        return Refusal(understood.automatic, f"the message is not a person's: {understood.automatic}", never=True)
    if understood.message.sender is None:
        return Refusal("no-sender", "there is no single valid sender", never=True)
    return None


def _somebody_else_acts(history: History) -> Refusal | None:
    if history.agent_replied:
        return Refusal("agent-replied", "an agent has answered already; from there on it is theirs")
    if history.quiet:
        return Refusal("quiet", history.quiet)
    if history.breaker_open:
        return Refusal("breaker-open", "the mailbox has sent too much; a person has to look before it sends again")
    if history.sender_muted:
        return Refusal("sender-muted", "the sender's address refused our mail for good not long ago")
    return None


def _an_echo(understood: Understood, rulebook: Rulebook, history: History) -> Refusal | None:
    """Our own words come back where nothing says that it is an answer: no person writes like that."""
    if history.own_message_ids or not is_echo(understood.message.newest, rulebook):
        return None
    return Refusal("own-words", "most of it are words of our own letters: a robot sends them back")


def _too_many(history: History, caps: Mapping[str, Any]) -> Refusal | None:
    """Headers fail in the wild; a number does not (RFC 3834 section 2)."""
    for name, field, key, default, what in CAPS:
        count, limit = getattr(history, field), caps.get(key, default)
        if count >= limit:
            return Refusal(name, f"{count} {what}, at most {limit}", cap=True)
    return None


def _too_old(understood: Understood, caps: Mapping[str, Any], now: datetime) -> Refusal | None:
    """An answer days later, when a mailbox is connected or was long unreachable, would only confuse.

    What counts is when the mail reached the mailbox, not the date that its sender's clock put into it.
    """
    limit = timedelta(hours=caps.get("older_than_hours", OLDER_THAN_HOURS))
    arrived = understood.message.received_at
    if now - arrived > limit:
        return Refusal("too-old", f"it arrived {arrived:%Y-%m-%d %H:%M} UTC, more than {limit} ago")
    return None
