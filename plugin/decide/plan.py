"""What the answer is for, if there is to be one: ask, confirm, say that it is in hand, or that it came empty."""

from __future__ import annotations

from enum import Enum

from plugin.decide.answer import Refusal
from plugin.decide.ask import Asking
from plugin.model import Assessment, History, Understood
from plugin.rulebook import Desk


class Kind(Enum):
    """What a letter is for."""

    ASK = "ask"
    CONFIRM = "confirm"
    IN_HAND = "in-hand"
    EMPTY = "empty"
    REMIND = "remind"  #: of questions that were not answered


def plan(
    understood: Understood, assessment: Assessment, asking: Asking, desk: Desk, history: History
) -> Kind | Refusal:
    """The kind of letter, or why none is needed."""
    message = understood.message
    if not any(c.isalnum() for c in message.subject + message.newest) and not history.request_open:
        return Kind.EMPTY
    unconfirmed = desk.raw.get("confirm_except", ())
    if assessment.issues[0].intent in unconfirmed:
        return Refusal("nothing-to-say", f"an answer to '{assessment.issues[0].intent}' would say nothing")
    if "hostile" in assessment.flags and desk.raw.get("hostile_reply", "calm") == "none":
        return Refusal("hostile", "the desk answers hostile messages in person")
    if history.request_open:
        return _follow_up(understood, assessment, asking, history)
    if asking.items:
        return Kind.ASK
    if not desk.raw.get("confirm", True):
        return Refusal("nothing-to-ask", "nothing has to be asked, and the desk sends no confirmations")
    return Kind.CONFIRM


def _follow_up(understood: Understood, assessment: Assessment, asking: Asking, history: History) -> Kind | Refusal:
    """Questions that are still open; silence after an answer; otherwise once that the request is in hand."""
    if asking.items:
        return Kind.ASK
    if _given_now(assessment) & history.asked or history.own_message_ids & {*understood.message.in_reply_to}:
        return Refusal("answered", "the customer answered our questions; from here on the group has it")
    if history.replies_to_request > 1:
        return Refusal("told-already", "the customer knows that the request is in hand")
    return Kind.IN_HAND


def _given_now(assessment: Assessment) -> frozenset[str]:
    """Items that this message gives; its subject is the old one and gives nothing new."""
    return frozenset(
        item.id
        for item in assessment.completeness.items
        if item.present and (not item.evidence or any(e.where != "subject" for e in item.evidence))
    )
