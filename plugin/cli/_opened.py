"""A mail opened outside the service, and the time that it is decided as of: the same for the same file, always."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from plugin.cli._common import fail
from plugin.cli._mails import Mail, read
from plugin.model import Message
from plugin.settings import Settings
from plugin.understand.mail import read_mail

#: What time it is for a mail that says nothing about it: a Monday at noon, always the same.
NO_DATE = datetime(2000, 1, 3, 12, 0, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)  #: a date beyond this is not believed


def opened(mail: Mail, given: Settings, at: datetime | None) -> tuple[Message, datetime]:
    """The message as if it had just arrived, and the time it then is. Raises BadFile."""
    message = read_mail(read(mail, given.max_message_bytes), LATEST)
    now = at or message.date or _received(message)
    return replace(message, received_at=now), now


def moment(text: str) -> datetime:
    """The time that --now gives, in UTC; exit 2 with a sentence if it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        fail(f"--now: {text} is not a time; write it like 2026-11-21T09:30+01:00", 2)
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def _received(message: Message) -> datetime:
    """When the last mail server took it, for a mail without a date of its own."""
    for value in message.header("received"):
        try:
            found = parsedate_to_datetime(value.rpartition(";")[2].strip())
        except (ValueError, IndexError, TypeError):
            continue
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    return NO_DATE
