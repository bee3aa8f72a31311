"""What desks send as JSON, as our values. Pure. Whatever is missing or odd becomes the empty value, never an error."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from plugin.desks.protocol import Changed, Delivery
from plugin.desks.words import file_of, outcome
from plugin.model import Address, Attachment
from plugin.understand.addresses import one_sender, valid_email
from plugin.understand.charset import clean
from plugin.understand.newest import plain_lines, whole_text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ticket_number(ticket: str) -> str:
    """The ticket as part of an address. Raises DeskError for what is no whole number: it must not lead elsewhere."""
    if not (ticket.isascii() and ticket.isdigit() and len(ticket) < 20):
        raise outcome("dead", "TicketOdd")
    return ticket


def made(answer: httpx.Response, *path: str) -> str:
    """The id of what a call made, at `path` in the answer. Raises DeskError: it was made, and nobody knows what."""
    try:
        value: Any = answer.json()
    except ValueError:
        value = None
    for name in path:
        value = mapping(value).get(name)
    if found := word(value):
        return found
    raise outcome("uncertain", "AnswerStrange")


def hook_json(delivery: Delivery) -> Mapping[str, Any]:
    """The object that a hook carries. Raises ValueError, whose text quotes nothing."""
    try:
        value = json.loads(delivery.body)
    except (ValueError, RecursionError):
        raise ValueError("The body is not JSON: choose JSON in the desk's webhook.") from None
    if not isinstance(value, Mapping):
        raise ValueError("The body is no JSON object: use the one in docs/desks.")
    return value


def hook_ticket(value: Any) -> str:
    """The ticket that a hook names. Raises ValueError where it names none."""
    found = word(value)
    if not (found.isascii() and found.isdigit() and len(found) < 20):
        raise ValueError("The body names no ticket: use the body that stands in docs/desks.")
    return found


def body_digest(delivery: Delivery) -> str:
    """Tells one body from another, for desks that give deliveries no id."""
    return f"body-{hashlib.sha256(delivery.body).hexdigest()[:32]}"


def mapping(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> Sequence[Mapping[str, Any]]:
    """The objects of a list."""
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def word(value: Any) -> str:
    """Text as it is, a number in digits, anything else as nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def words(value: Any) -> frozenset[str]:
    """The texts of a list, such as tags."""
    return frozenset(filter(None, map(word, value))) if isinstance(value, list) else frozenset()


def instant(value: Any) -> datetime:
    """A moment from ISO 8601 or seconds since 1970; 1970 itself where it is neither."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError):
        return EPOCH
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def stamp(at: datetime) -> str:
    """A moment as all desks read it: 2026-11-21T23:48:56Z, rounded down to seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def person(email: Any, name: Any = "") -> Address | None:
    """An address with its name, if it is one."""
    found = valid_email(word(email))
    return Address(found, " ".join(clean(word(name)).split())[:200]) if found else None


def sender(header: Any) -> Address | None:
    """The one mailbox of a From field."""
    return one_sender([word(header).encode("utf-8", "replace")])[0]


def bare_id(value: Any) -> str:
    """A Message-ID without brackets."""
    return word(value).strip("<> \t")[:998]


def tidy(text: Any) -> str:
    """Plain text as it was written, without what no reader sees."""
    return whole_text(plain_lines(clean(word(text))))


def file(name: Any, content_type: Any, size: Any) -> Attachment:
    """A file that the desk keeps; its bytes are not fetched."""
    digits = word(size)
    return file_of(word(name), word(content_type), int(digits) if digits.isdigit() and len(digits) < 15 else 0)


def changes(
    page: Callable[[datetime, int], Sequence[Changed]], moment: datetime, *, full: int, most: int = 100
) -> Iterator[Changed]:
    """All of a list that a desk sorts by time of change, oldest first, and gives in pages of `full` entries.

    Pages are not simply counted up: while they are read, tickets change and move to the end, and what
    stood behind them slips onto the page before. So reading goes on from the last time that was seen,
    and pages count only within one second. May repeat, does not miss. `most` is the desk's last page.
    """
    number = 1
    while True:
        found = page(moment, number)
        yield from found
        if len(found) < full:
            return
        latest = max(change.at for change in found).replace(microsecond=0)
        moment, number = (latest, 1) if latest > moment else (moment, number + 1)
        if number > most:  # more changes within one second than the desk lists at all
            moment, number = moment + timedelta(seconds=1), 1
