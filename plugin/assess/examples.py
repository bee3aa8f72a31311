"""Examples of the rulebook as messages, so that learning sees them exactly as deciding sees mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from plugin.model import Attachment, Message, Understood
from plugin.rulebook import Example
from plugin.understand.facts import facts

_THEN = datetime(2000, 11, 18, tzinfo=UTC)  # late in the year, so that dates in examples lie behind
_KINDS = {
    "png": "image", "jpg": "image", "jpeg": "image", "gif": "image", "webp": "image", "heic": "image",
    "mp4": "video", "mov": "video", "webm": "video", "mp3": "audio", "pdf": "document", "docx": "document",
    "csv": "table", "xlsx": "table", "xls": "table", "txt": "text", "zip": "archive", "ics": "calendar",
}  # fmt: skip


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
