"""Examples of the rulebook as messages, so that learning sees them exactly as deciding sees mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from plugin.model import Attachment, Message, Place, Understood
from plugin.rulebook import Example, Rulebook, Scan, Sentence, scan
from plugin.understand.facts import facts

_THEN = datetime(2000, 11, 18, tzinfo=UTC)  # late in the year, so that dates in examples lie behind
_KINDS = {
    "png": "image", "jpg": "image", "jpeg": "image", "gif": "image", "webp": "image", "heic": "image",
    "mp4": "video", "mov": "video", "webm": "video", "mp3": "audio", "pdf": "document", "docx": "document",
    "csv": "table", "xlsx": "table", "xls": "table", "txt": "text", "zip": "archive", "ics": "calendar",
}  # fmt: skip


def labels_of(example: Example) -> tuple[tuple[str, str], ...]:
    """Intent and group of each issue of an example; () if it has none."""
    if example.issues:
        return example.issues
    return ((example.intent, example.group or ""),) if example.intent else ()


def sources_of(book: Rulebook) -> tuple[Example | Sentence, ...]:
    """All that intents and groups are learned from, in a fixed order: labelled examples, then the sentences."""
    whole = (example for example in book.examples if labels_of(example))
    of_intents = (sentence for intent in book.intents.values() for sentence in intent.examples)
    of_groups = (sentence for group in book.groups.values() for sentence in group.examples)
    return (*whole, *of_intents, *of_groups)


class Reading:
    """The examples of a rulebook as its conditions see them, each read once for all that learns from them."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._seen: dict[Place, Scan] = {}

    def scan(self, example: Example) -> Scan:
        """The message of an example, looked through."""
        if example.place not in self._seen:
            self._seen[example.place] = scan(understood(example), self._book)
        return self._seen[example.place]


def understood(example: Example) -> Understood:
    """The message of an example, its language as the example says."""
    names = example.row.get("attachments")
    names = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return from_text(example.id, example.subject, example.body, example.language, names)


def from_text(identity: str, subject: str, body: str, language: str, names: Sequence[str] = ()) -> Understood:
    """A message that has only these; attachments are known by their names."""
    message = Message(
        source="mail",
        id=identity,
        sender=None,
        subject=subject,
        text=body,
        newest=body,
        received_at=_THEN,
        attachments=tuple(
            Attachment(name, _KINDS.get(name.rsplit(".", 1)[-1].lower(), "other"), "", 0, "") for name in names
        ),
    )
    return Understood(message, language, bool(language), facts(message, language))
