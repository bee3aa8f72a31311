"""A ticket's history in Request Tracker as entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from plugin.desks.protocol import Entry, Role
from plugin.desks.words import email_of, file_of, headers_of, plain
from plugin.model import Address, Priority
from plugin.understand.addresses import one_sender

_WRITTEN = ("Create", "Correspond", "Comment")
SYSTEM = ("RT_System", "Nobody")
User = Callable[[str], Mapping[str, Any]]


def entries(
    history: Sequence[Mapping[str, Any]], parts: Sequence[Mapping[str, Any]], me: str, user: User
) -> tuple[Entry, ...]:
    """What was written in a ticket. `history` and `parts` are transactions and pieces of mail, oldest first."""
    found = []
    for transaction in history:
        if transaction["Type"] in _WRITTEN:
            own = [part for part in parts if str(part["TransactionId"]) == str(transaction["id"])]
            found.append(_entry(transaction, own, me, user))
    return tuple(found)


def priority_of(number: Any, numbers: Mapping[Priority, int]) -> Priority | None:
    """The highest priority whose number is not above; None below the lowest."""
    try:
        value = int(number)
    except (TypeError, ValueError):
        return None
    return next((name for name, least in reversed(list(numbers.items())) if value >= least), None)


def requester(found: Mapping[str, Any], parts: Sequence[Mapping[str, Any]], user: User) -> Address | None:
    """The first requestor, with the name of the opening mail."""
    for one in found.get("Requestor") or ():
        email = _email(str(one["id"]), user)
        opening = _sender(dict(headers_of(parts[0].get("Headers") or ""))) if parts else None
        return opening if opening and opening.email == email else Address(email) if email else None
    return None


def _entry(transaction: Mapping[str, Any], parts: Sequence[Mapping[str, Any]], me: str, user: User) -> Entry:
    creator = str(transaction["Creator"]["id"])
    head = tuple(headers_of(parts[0].get("Headers") or "")) if parts else ()
    fields = dict(head)
    role = _role(creator, me, user)
    sender = _sender(fields) if role == "customer" else None
    email = _email(creator, user) if role == "customer" else ""
    return Entry(
        id=str(transaction["id"]),
        author=role,
        public=transaction["Type"] != "Comment",
        text=_text(parts),
        at=datetime.fromisoformat(transaction["Created"]),
        sender=sender if sender and sender.email == email else Address(email) if email else sender,
        message_id=fields.get("message-id", "").strip("<> "),
        in_reply_to=fields.get("in-reply-to", "").strip("<> "),
        headers=head,
        by=creator,
        attachments=tuple(
            file_of(part["Filename"], part["ContentType"], int(part.get("ContentLength") or 0))
            for part in parts
            if part.get("Filename")
        ),
    )


def _role(creator: str, me: str, user: User) -> Role:
    if creator == me:
        return "bot"
    if creator in SYSTEM:
        return "system"
    return "agent" if user(creator).get("Privileged") in (1, "1") else "customer"


def _email(name: str, user: User) -> str:
    """RT names people who only write mail by their address."""
    return email_of(user(name).get("EmailAddress")) or email_of(name)


def _sender(fields: Mapping[str, str]) -> Address | None:
    given = fields.get("from", "")
    return one_sender([given.encode()])[0] if given else None


def _text(parts: Sequence[Mapping[str, Any]]) -> str:
    """All plain parts; the HTML ones where there is nothing else."""
    bodies = [part for part in parts if not part.get("Filename") and part.get("Content")]
    texts = [part["Content"] for part in bodies if part["ContentType"] == "text/plain"]
    pages = [plain(part["Content"]) for part in bodies if part["ContentType"] == "text/html"]
    return "\n".join(texts or pages).replace("\r\n", "\n").strip()
