"""A message that gives what we asked for and says nothing else: "my order number is 12345".

Whoever answers by a new mail, with another subject and without our mail below it, is understood all the same. That is
taken for granted only where nothing else is said: names, numbers, dates and files that answer open questions, and
around them the small words of the pack's vocabulary `bare-answer`, politeness and the words of our questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from plugin.assess.said import without
from plugin.model import Evidence, Message, Question
from plugin.rulebook import Rulebook, Scan, holds
from plugin.understand.fold import fold

_LONGEST = 600  #: characters; who says more says something else too
_WORD = re.compile(r"\w+")


def given_barely(scan: Scan, questions: Sequence[Question], rulebook: Rulebook) -> tuple[str, ...]:
    """The items of open questions that a message gives, where it says nothing beside them."""
    message = scan.understood.message
    if not questions or "?" in message.newest or len(message.subject) + len(message.newest) > _LONGEST:
        return ()
    found = {q.item: holds(rulebook.items[q.item].found, scan, {}) for q in questions if q.item in rulebook.items}
    given = {item: outcome.evidence for item, outcome in found.items() if outcome.held}
    if not given:
        return ()
    facts = [fact.evidence for fact in scan.understood.facts if fact.kind != "name"]
    exact = [*facts, *(piece for pieces in given.values() for piece in pieces)]
    asked = {word for question in questions for word in _WORD.findall(fold(question.text))}
    left = _beside(message, exact)
    for vocabulary in ("polite", "does-not-have", "bare-answer"):
        left = without(left, vocabulary, rulebook.words)
    return tuple(given) if {*left.split()} <= asked | _signed(message) else ()


def _beside(message: Message, pieces: Iterable[Evidence]) -> str:
    """Subject and text without these pieces."""
    texts = {"subject": message.subject, "body": message.newest}
    for piece in pieces:
        if piece.where in texts and piece.end > piece.start:
            text = texts[piece.where]
            texts[piece.where] = text[: piece.start] + " " * (piece.end - piece.start) + text[piece.end :]
    return f"{texts['subject']}\n{texts['body']}"


def _signed(message: Message) -> set[str]:
    """The words of the sender's name, as people put it below."""
    return {*_WORD.findall(fold(message.sender.name))} if message.sender else set()
