"""What a message is about: a conversation that goes on, or a matter of its own.

A thread or a number leads to a conversation. Beyond that people write again without either, or answer an old mail to
begin something new. Then what the message wants decides, and how alike the words are.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from plugin.assess.bare import given_barely
from plugin.assess.said import says, without
from plugin.model import Assessment, Decision, Earlier, History, Issue, Question, Understood
from plugin.rulebook import Rulebook, Scan

_SURE = 0.6  #: from this on what a message wants is believed against the conversation that it stands in
_FEW = 6  #: words beside politeness: too few to be a matter of their own
_SOME = 0.2  #: words in common, where both want the same
_MOST = 0.6  #: words in common that make it the same message again

#: What a History says about one conversation, and not about sender and mailbox.
_OF_CONVERSATION = (
    "asked", "given", "rounds", "replies_to_request", "agent_replied", "request_open", "language", "intent", "group",
    "number", "ticket", "linked_by", "other_subject", "told_in_hand", "questions", "issues", "flags", "tags",
    "priority", "score", "held", "moved_to", "happened",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """Which conversation a message goes on with, if any, and why."""

    history: History  #: to decide with
    because: str
    goes_on: int | None = None  #: as in Assessment
    new_matter: bool = False


def matter(scan: Scan, found: Issue, rulebook: Rulebook, history: History) -> Matter:
    """What the message is about; `found` is what it wants when read by itself."""
    understood = scan.understood
    if goes_on(history):
        because = _something_else(understood, found, rulebook, history)
        if because:
            return Matter(apart(history), because, new_matter=True)
        return Matter(history, f"it goes on with the conversation ({history.linked_by or 'known'})")
    for earlier in history.earlier:
        because = _given(scan, rulebook, earlier) or _same(understood, found, rulebook, earlier)
        if because:
            found_history = replace(earlier.history, linked=history.linked)
            return Matter(found_history, f"{because}: request {earlier.number}", goes_on=earlier.number)
    several = sum(earlier.recent for earlier in history.earlier)
    return Matter(history, f"about none of the sender's {several} open requests" if several else "a new conversation")


def settled(history: History, assessment: Assessment | Decision) -> History:
    """The History that an assessment or decision rests on."""
    if assessment.new_matter:
        return apart(history)
    found = next((e.history for e in history.earlier if e.number == assessment.goes_on), None)
    return replace(found, linked=history.linked) if found else history


def goes_on(history: History) -> bool:
    """Whether the message belongs to a conversation."""
    return history.number is not None or history.request_open or history.intent is not None


def wordless(history: History) -> bool:
    """Whether nothing was said in the conversation so far: an empty message, or a picture alone."""
    return bool(history.issues) and not any(c.isalnum() for issue in history.issues for c in issue.text)


def apart(history: History) -> History:
    """The same sender and mailbox, without the conversation."""
    blank = History()
    return replace(history, **{name: getattr(blank, name) for name in _OF_CONVERSATION})


assert {field.name for field in fields(History)} >= set(_OF_CONVERSATION)


def _something_else(understood: Understood, found: Issue, rulebook: Rulebook, history: History) -> str | None:
    """Why a message in a thread is a matter of its own: a new subject, and surely another want."""
    if not history.other_subject or not history.intent or found.score < _SURE or wordless(history):
        return None
    if _little(understood, rulebook) or _asks_again(understood, rulebook):
        return None
    if any(found.intent == issue.intent for issue in _issues(history)):
        return None
    return f"another subject, and it wants something else: {found.intent}, not {history.intent}"


def _given(scan: Scan, rulebook: Rulebook, earlier: Earlier) -> str | None:
    """Why a message answers what we asked about an open request, although nothing leads there."""
    others = earlier.other_names or not earlier.wrote
    items = () if others else given_barely(scan, _open(earlier.history), rulebook)
    return f"it gives what we asked for, {', '.join(items)}, and says nothing else" if items else None


def _open(history: History) -> tuple[Question, ...]:
    """Our questions that nobody has answered yet."""
    lists = [issue.completeness for issue in _issues(history) if issue.completeness]
    given = history.given | {item.id for one in lists for item in one.items if item.present}
    return tuple(question for question in history.questions if question.item not in given)


def _same(understood: Understood, found: Issue, rulebook: Rulebook, earlier: Earlier) -> str | None:
    """Why a message is about an open request that nothing leads to but its sender."""
    if not earlier.recent:
        return None
    if _asks_again(understood, rulebook):
        return "it asks what became of an open request"
    if earlier.other_names or not earlier.wrote:
        return None
    issues = _issues(earlier.history)
    alike = any((found.intent, found.group) == (issue.intent, issue.group) for issue in issues)
    if alike and (earlier.alike >= _SOME or _little(understood, rulebook)):
        return f"it wants the same as an open request, with {earlier.alike:.0%} of the words in common"
    if earlier.same_subject and (alike or found.score < _SURE or _little(understood, rulebook)):
        return "it has the subject of an open request and wants nothing else for sure"
    if earlier.alike >= _MOST:
        return f"it says the same as an open request, with {earlier.alike:.0%} of the words in common"
    return None


def _issues(history: History) -> tuple[Issue, ...]:
    return history.issues or (Issue(history.intent or "", history.group or ""),)


def _asks_again(understood: Understood, rulebook: Rulebook) -> bool:
    return says(understood.message.newest, "asks-again", rulebook.words) is not None


def _little(understood: Understood, rulebook: Rulebook) -> bool:
    return len(without(understood.message.newest, "polite", rulebook.words).split()) <= _FEW
