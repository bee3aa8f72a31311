"""What the answer is for, if there is to be one: ask, confirm, say that it is in hand, or that it came empty."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from plugin.assess.matter import goes_on
from plugin.assess.said import says, without
from plugin.decide.answer import Refusal
from plugin.decide.ask import Asking
from plugin.model import Assessment, History, Understood
from plugin.rulebook import Rulebook

_JUST_NOW = timedelta(minutes=10)  #: whoever writes so soon after a mail of ours has hardly seen it


class Kind(Enum):
    """What a letter is for."""

    ASK = "ask"
    CONFIRM = "confirm"
    IN_HAND = "in-hand"
    EMPTY = "empty"
    REMIND = "remind"


def plan(
    understood: Understood, assessment: Assessment, asking: Asking, rulebook: Rulebook, history: History, now: datetime
) -> Kind | Refusal:
    """The kind of letter, or why none is needed. `history` is that of the conversation that the message belongs to."""
    message, desk = understood.message, rulebook.desk
    follows = goes_on(history)
    if not any(c.isalnum() for c in message.subject + message.newest) and not follows:
        return Kind.EMPTY
    if not follows and assessment.issues[0].intent in desk.raw.get("confirm_except", ()):
        return _nothing_to_say(assessment.issues[0].intent)
    if "hostile" in assessment.flags and desk.raw.get("hostile_reply", "calm") == "none":
        return Refusal("hostile", "the desk answers hostile messages in person")
    if follows:
        return _follow_up(understood, assessment, asking, rulebook, history, now)
    if asking.items:
        return Kind.ASK
    if not desk.raw.get("confirm", True):
        return Refusal("nothing-to-ask", "nothing has to be asked, and the desk sends no confirmations")
    return Kind.CONFIRM


def _follow_up(
    understood: Understood, assessment: Assessment, asking: Asking, rulebook: Rulebook, history: History, now: datetime
) -> Kind | Refusal:
    """Questions that are still open; silence after an answer; otherwise once that the request is in hand."""
    if asking.items:
        return Kind.ASK
    if _answers(understood, assessment, rulebook, history):
        return Refusal("answered", "the customer answered our questions; from here on the group has it")
    if assessment.by_itself in rulebook.desk.raw.get("confirm_except", ()) or _polite(understood, rulebook):
        return _nothing_to_say(assessment.by_itself)
    if history.told_in_hand:
        return Refusal("told-already", "the customer knows that the request is in hand")
    if history.last_reply_to_sender and abs(now - history.last_reply_to_sender) < _JUST_NOW:
        return Refusal(
            "just-written", "we wrote to the customer minutes ago; the message is added without another mail"
        )
    return Kind.IN_HAND


def _nothing_to_say(intent: str) -> Refusal:
    return Refusal("nothing-to-say", f"an answer to '{intent}' would say nothing")


def _answers(understood: Understood, assessment: Assessment, rulebook: Rulebook, history: History) -> bool:
    """Whether it answers what we asked, or answers our mail and asks nothing itself."""
    if _polite(understood, rulebook):
        return False
    if assessment.answered or assessment.declined or _given_now(assessment, history) & history.asked:
        return True
    ours = history.own_message_ids & {*understood.message.in_reply_to}
    return bool(ours) and says(understood.message.newest, "asks-again", rulebook.words) is None


def _polite(understood: Understood, rulebook: Rulebook) -> bool:
    """Whether it only thanks or greets; a file that came along says more."""
    message = understood.message
    said = message.newest if message.newest.strip() else ""
    return bool(said) and not message.attachments and not without(said, "polite", rulebook.words)


def _given_now(assessment: Assessment, history: History) -> frozenset[str]:
    """Items that this message gives; its subject is the old one and gives nothing new."""
    items = [item for found in assessment.checklists for item in found.items]
    lists = [issue.completeness for issue in history.issues if issue.completeness]
    before = {item.id for found in lists for item in found.items if item.present} | history.given
    return frozenset(
        item.id
        for item in items
        if item.present
        and item.id not in before
        and (not item.evidence or any(e.where != "subject" for e in item.evidence))
    )
