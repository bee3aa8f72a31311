"""What Zendesk sends, as values: pure.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/, .../tickets/ticket_comments/,
https://developer.zendesk.com/documentation/event-connectors/webhooks/webhook-event-types/
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import Any, Literal

from plugin.desks.protocol import Delivery, Entry, HookEvent, Opening, Role, TicketNow
from plugin.desks.reading import (
    bare_id,
    body_digest,
    file,
    hook_json,
    hook_ticket,
    instant,
    listed,
    mapping,
    person,
    tidy,
    word,
    words,
)
from plugin.desks.words import harmless
from plugin.model import PRIORITIES, Address

CLOSED = frozenset(("solved", "closed", "deleted"))
_MOVES: Mapping[str, Literal["group", "tags"]] = {"group_id": "group", "tags": "tags"}
MARK = "antesala-"  #: begins the `external_id` of tickets that we opened


def ticket_of(
    ticket: Mapping[str, Any],
    comments: Sequence[Mapping[str, Any]],
    users: Sequence[Mapping[str, Any]],
    groups: Sequence[Mapping[str, Any]],
    bot: str,
) -> TicketNow:
    """A ticket out of its parts; `bot` is our own user id."""
    people = {word(user.get("id")): user for user in users}
    named = {word(group.get("id")): word(group.get("name")) for group in groups}
    priority = word(ticket.get("priority"))
    opened_by_us = word(ticket.get("external_id")).startswith(MARK)
    entries = [_entry(comment, people, bot) for comment in sorted(comments, key=_order)]
    if opened_by_us and entries:  # Zendesk shows the first comment as the requester's
        entries[0] = _ours(entries[0])
    return TicketNow(
        id=word(ticket.get("id")),
        number=word(ticket.get("id")),
        subject=word(ticket.get("subject")),
        group=named.get(word(ticket.get("group_id")), ""),
        priority=next((known for known in PRIORITIES if known == priority), None),
        tags=words(ticket.get("tags")),
        requester=_person(people.get(word(ticket.get("requester_id")), {})),
        entries=tuple(entries),
        open=word(ticket.get("status")) not in CLOSED,
        version=word(ticket.get("updated_at")),
        owner="" if word(ticket.get("assignee_id")) == bot else word(ticket.get("assignee_id")),
    )


def last_movers(audits: Sequence[Mapping[str, Any]], bot: str) -> Mapping[Literal["group", "tags"], str]:
    """Out of a ticket's audits, oldest first. Triggers and automations stand in an audit of whoever set them off,
    each event with the rule that it came by."""
    found: dict[Literal["group", "tags"], str] = {}
    for audit in audits:
        author = word(audit.get("author_id"))
        for event in listed(audit.get("events")):
            what = _MOVES.get(word(event.get("field_name")))
            if what and word(event.get("type")) == "Change":
                rule = "rule" in (_via(event), _via(audit))
                found[what] = "" if rule or author == bot or not author.isdigit() else author
    return found


def _via(of: Mapping[str, Any]) -> str:
    return word(mapping(of.get("via")).get("channel"))


def external_id(opening: Opening) -> str:
    """The same for the same opening, so that a second try finds what the first one made."""
    told = opening.message_id or f"{opening.requester.email}\n{opening.subject}\n{opening.text}"
    return MARK + hashlib.sha256(f"{told}\n{opening.parent and opening.group}".encode()).hexdigest()[:40]


def comment_payload(text: str, *, public: bool) -> Mapping[str, Any]:
    """A comment. `public` is always said: left out, it is what the ticket's first comment was. Zendesk fills in
    placeholders."""
    return {"ticket": {"comment": {"body": harmless(text), "public": public}}}


def events(delivery: Delivery) -> tuple[HookEvent, ...]:
    """What an event subscription or a trigger of ours told.

    An event has an id, and its subject names what it is about; a trigger's body is what
    docs/desks/zendesk.md says: `ticket_id` and the time of the change.
    """
    if not delivery.body.strip():
        return ()
    body = hook_json(delivery)
    kind = word(body.get("type"))
    if not kind:
        return (HookEvent(hook_ticket(body.get("ticket_id")), body_digest(delivery)),)
    if ".ticket." not in f".{kind.rpartition(':')[2]}":
        return ()
    ticket = word(mapping(body.get("detail")).get("id")) or word(body.get("subject")).rpartition(":")[2]
    number = word(body.get("id"))
    return (
        HookEvent(
            hook_ticket(ticket), f"event-{number[:64]}" if number.isascii() and number else body_digest(delivery)
        ),
    )


def _order(comment: Mapping[str, Any]) -> tuple[Any, int]:
    number = word(comment.get("id"))
    return instant(comment.get("created_at")), int(number) if number.isdigit() else 0


def _entry(comment: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]], bot: str) -> Entry:
    number = word(comment.get("author_id"))
    user = people.get(number, {})
    via = mapping(comment.get("via"))
    author = _author(number, user, via, bot)
    system = mapping(mapping(comment.get("metadata")).get("system"))
    return Entry(
        id=word(comment.get("id")),
        author=author,
        public=comment.get("public") is not False,
        text=_text(comment, author),
        at=instant(comment.get("created_at")),
        sender=_writer(user, via) if author == "customer" else None,
        message_id=bare_id(system.get("message_id")),
        attachments=tuple(
            file(kept.get("file_name"), kept.get("content_type"), kept.get("size"))
            for kept in listed(comment.get("attachments"))
        ),
        by=number,
    )


def _text(comment: Mapping[str, Any], author: Role) -> str:
    """Our own as we sent it; anybody else's as a reader sees it, which Zendesk writes with entities."""
    read = word(comment.get("plain_body"))
    return tidy(comment.get("body")) if author == "bot" or not read else tidy(unescape(read))


def _author(number: str, user: Mapping[str, Any], via: Mapping[str, Any], bot: str) -> Role:
    if number == bot:
        return "bot"
    if not number.isdigit() or word(via.get("channel")) in ("system", "rule"):
        return "system"  # Zendesk's own author id is -1
    return "agent" if word(user.get("role")) in ("agent", "admin") else "customer"


def _writer(user: Mapping[str, Any], via: Mapping[str, Any]) -> Address | None:
    """The address a mail came from, which may be another of the same person's; else the person's own."""
    source = mapping(mapping(via.get("source")).get("from"))
    return person(source.get("address"), source.get("name")) or _person(user)


def _person(user: Mapping[str, Any]) -> Address | None:
    return person(user.get("email"), user.get("name"))


def _ours(entry: Entry) -> Entry:
    return replace(entry, author="bot", sender=None)
