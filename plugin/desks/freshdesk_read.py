"""What Freshdesk sends and takes, as values: pure. https://developers.freshdesk.com/api/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from plugin.desks.protocol import Delivery, Entry, HookEvent, Role, TicketNow
from plugin.desks.reading import (
    body_digest,
    file,
    hook_json,
    hook_ticket,
    instant,
    listed,
    mapping,
    person,
    sender,
    tidy,
    word,
    words,
)
from plugin.desks.words import harmless, plain
from plugin.model import PRIORITIES, Address, Priority

CLOSED = (4, 5)  #: resolved, closed; other numbers are an account's own
OPENING = "opening"  #: id of the entry that is the ticket's own text
#: On tickets that we opened: Freshdesk does not tell who made a ticket. Never shown as a tag.
OURS = "opened-by-antesala"


def ticket_of(ticket: Mapping[str, Any], talk: Sequence[Mapping[str, Any]], group: str, bot: str) -> TicketNow:
    """A ticket out of its parts; `group` is the name of its group, `bot` our own agent id."""
    requester = mapping(ticket.get("requester"))
    customer = person(requester.get("email"), requester.get("name"))
    tags = tags_of(ticket)
    entries = [_entry(part, customer, word(ticket.get("requester_id")), bot) for part in sorted(talk, key=_order)]
    return TicketNow(
        id=word(ticket.get("id")),
        number=word(ticket.get("id")),
        subject=word(ticket.get("subject")),
        group=group,
        priority=priority_of(ticket.get("priority")),
        tags=tags - {OURS},
        requester=customer,
        entries=(_opening(ticket, customer, OURS in tags), *entries),
        open=ticket.get("status") not in CLOSED,
        version=word(ticket.get("updated_at")),
        owner="" if word(ticket.get("responder_id")) == bot else word(ticket.get("responder_id")),
    )


def tags_of(ticket: Mapping[str, Any]) -> frozenset[str]:
    """All tags, ours that no one is shown included."""
    return words(ticket.get("tags"))


def priority_of(number: Any) -> Priority | None:
    """1 is low, 4 is urgent."""
    return PRIORITIES[number - 1] if isinstance(number, int) and 1 <= number <= 4 else None


def priority_number(priority: Priority) -> int:
    """The other way round."""
    return PRIORITIES.index(priority) + 1


def html_of(text: str) -> str:
    """Plain text as HTML, which is all that Freshdesk takes, without anything that it could fill in."""
    return escape(harmless(text), quote=False).replace("\n", "<br>")


def note_payload(text: str) -> Mapping[str, Any]:
    """An internal note. `private` is said, and nobody is notified."""
    return {"body": html_of(text), "private": True}


def events(delivery: Delivery) -> tuple[HookEvent, ...]:
    """The ticket that an automation rule told about; Freshdesk wraps what was picked from its list of fields."""
    body = hook_json(delivery)
    found = mapping(body.get("freshdesk_webhook")) or body
    return (HookEvent(hook_ticket(found.get("ticket_id")), body_digest(delivery)),)


def _order(part: Mapping[str, Any]) -> tuple[Any, int]:
    number = word(part.get("id"))
    return instant(part.get("created_at")), int(number) if number.isdigit() else 0


def _opening(ticket: Mapping[str, Any], customer: Address | None, ours: bool) -> Entry:
    text = tidy(ticket.get("description_text")) or plain(word(ticket.get("description")))
    return Entry(
        id=OPENING,
        author="bot" if ours else "customer",
        public=True,
        text=text,
        at=instant(ticket.get("created_at")),
        sender=None if ours else customer,
        attachments=_files(ticket),
    )


def _entry(part: Mapping[str, Any], customer: Address | None, requester: str, bot: str) -> Entry:
    author = _author(part, bot)
    writer = customer if word(part.get("user_id")) == requester else sender(part.get("from_email"))
    return Entry(
        id=word(part.get("id")),
        author=author,
        public=part.get("private") is not True,
        text=tidy(part.get("body_text")) or plain(word(part.get("body"))),
        at=instant(part.get("created_at")),
        sender=(writer or customer) if author == "customer" else None,
        attachments=_files(part),
        by=word(part.get("user_id")),
    )


def _author(part: Mapping[str, Any], bot: str) -> Role:
    user = word(part.get("user_id"))
    if user and user == bot:
        return "bot"
    if part.get("incoming") is True:
        return "customer"
    return "agent" if user else "system"


def _files(holder: Mapping[str, Any]) -> Any:
    return tuple(
        file(kept.get("name"), kept.get("content_type"), kept.get("size")) for kept in listed(holder.get("attachments"))
    )
