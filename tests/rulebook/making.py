"""Messages and matchers for the tests of the rulebook."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from plugin.model import Address, Attachment, Fact, Message, Place, Understood
from plugin.rulebook.matcher import Matcher
from plugin.rulebook.phrasebook import PhraseBook
from plugin.rulebook.regexes import Regexes

HERE = Path(__file__).parent
PLACE = Place("test.yaml", 1)


def understood(
    body: str = "",
    *,
    subject: str = "",
    lang: str = "en",
    sure: bool = True,
    facts: tuple[Fact, ...] = (),
    files: tuple[Attachment, ...] = (),
    sender: str = "ana@mail.casa.example",
) -> Understood:
    """A message as the rulebook gets it."""
    message = Message(
        source="mail",
        id="1@casa.example",
        sender=Address(sender),
        subject=subject,
        text=body,
        newest=body,
        received_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
        to=(Address("help@desk.example"),),
        attachments=files,
    )
    return Understood(message, lang, sure, facts)


def matcher(*phrases: tuple[str, str], known: frozenset[str] = frozenset()) -> Matcher:
    """A matcher of (phrase, language) pairs, numbered in order."""
    book = PhraseBook()
    for text, code in phrases:
        book.phrase(text, code, PLACE)
    return Matcher(book.phrases, Regexes(book.patterns), known)
