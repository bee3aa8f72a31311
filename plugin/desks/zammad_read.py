"""What Zammad sends and takes, as values: pure.

https://docs.zammad.org/en/latest/api/ticket/articles.html, .../webhooks/payload.html; with `expand=true` Zammad adds
names to ids (`group`, `priority`, `state`, `sender`, `type`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    sender,
    tidy,
    word,
    words,
)
from plugin.desks.words import plain, same_words
from plugin.model import Address, Attachment, Priority

_ITSELF = 1  #: user id of Zammad itself, and of nobody
CLOSED = frozenset(("closed", "merged", "removed"))


def ticket_of(
    ticket: Mapping[str, Any],
    articles: Sequence[Mapping[str, Any]],
    tags: Mapping[str, Any],
    links: Mapping[str, Any],
    customer: Mapping[str, Any],
    bot: int,
    priorities: Mapping[Priority, str],
) -> TicketNow:
    """A ticket out of the five answers that hold its parts; `bot` is our own user id."""
    name = f"{word(customer.get('firstname'))} {word(customer.get('lastname'))}"
    requester = person(customer.get("email"), name)
    own_priority = word(ticket.get("priority"))
    return TicketNow(
        id=word(ticket.get("id")),
        number=word(ticket.get("number")),
        subject=word(ticket.get("title")),
        group=word(ticket.get("group")),
        priority=next((priority for priority, name in priorities.items() if name == own_priority), None),
        tags=words(tags.get("tags")),
        requester=requester,
        entries=tuple(_entry(article, requester, bot) for article in sorted(articles, key=_order)),
        open=word(ticket.get("state")).lower() not in CLOSED,
        version=word(ticket.get("updated_at")),
        owner=_owner(ticket, bot),
        links=frozenset(word(link.get("link_object_value")) for link in listed(links.get("links"))),
    )


def last_movers(log: Sequence[Mapping[str, Any]], bot: int) -> Mapping[Literal["group", "tags"], str]:
    """Out of a ticket's history, oldest first. Triggers and schedulers write as the user 1."""
    found: dict[Literal["group", "tags"], str] = {}
    for entry in log:
        who = "" if entry.get("created_by_id") in (_ITSELF, bot) else word(entry.get("created_by_id"))
        if entry.get("object") == "Ticket" and entry.get("attribute") == "group":
            found["group"] = who
        elif entry.get("attribute") == "tag" or entry.get("object") == "Tag":
            found["tags"] = who
    return found


def _owner(ticket: Mapping[str, Any], bot: int) -> str:
    """Nobody is the user 1."""
    owner = ticket.get("owner_id")
    return "" if owner in (None, _ITSELF, bot) else word(owner)


def opens_with(article: Mapping[str, Any], ticket: Mapping[str, Any], opening: Opening) -> bool:
    """Is this the first article of the ticket that was to be opened?"""
    if opening.message_id and bare_id(article.get("message_id")) == opening.message_id:
        return True
    same_title = word(ticket.get("title")) == (opening.subject.strip() or "-")
    return same_title and same_words(_text(article), opening.text)


def note_article(text: str) -> Mapping[str, Any]:
    """An internal note. Both flags: an article of type email would be mailed although it is internal."""
    return {"type": "note", "internal": True, "sender": "Agent", "body": text}


def events(delivery: Delivery) -> tuple[HookEvent, ...]:
    """The ticket that a trigger told about. `X-Zammad-Delivery` is the same on every try of one delivery."""
    body = hook_json(delivery)
    ticket = hook_ticket(mapping(body.get("ticket")).get("id") or body.get("ticket_id"))
    number = delivery.headers.get("x-zammad-delivery", "").strip()
    return (HookEvent(ticket, f"delivery-{number[:64]}" if number.isascii() and number else body_digest(delivery)),)


def quoted(text: str) -> str:
    """For a phrase in quotes of an Elasticsearch query string."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _order(article: Mapping[str, Any]) -> tuple[Any, int]:
    number = word(article.get("id"))
    return instant(article.get("created_at")), int(number) if number.isdigit() else 0


def _entry(article: Mapping[str, Any], requester: Address | None, bot: int) -> Entry:
    author = _author(article, bot)
    written_by = sender(article.get("from")) or requester
    return Entry(
        id=word(article.get("id")),
        author=author,
        public=article.get("internal") is not True,
        text=_text(article),
        at=instant(article.get("created_at")),
        sender=written_by if author == "customer" else None,
        message_id=bare_id(article.get("message_id")),
        in_reply_to=bare_id(article.get("in_reply_to")),
        headers=_headers(mapping(article.get("preferences"))),
        attachments=tuple(_file(kept) for kept in listed(article.get("attachments"))),
        by=word(article.get("created_by_id")),
    )


def _author(article: Mapping[str, Any], bot: int) -> Role:
    """By whose token it was written first: an article on behalf of a customer is ours all the same."""
    if bot and article.get("created_by_id") == bot:
        return "bot"
    match word(article.get("sender")):
        case "Customer":
            return "customer"
        case "Agent":
            return "agent"
        case _:
            return "system"


def _text(article: Mapping[str, Any]) -> str:
    html = word(article.get("content_type")).lower().startswith("text/html")
    return plain(word(article.get("body"))) if html else tidy(article.get("body"))


def _headers(preferences: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Zammad keeps of the headers only what it made of them: whether the mail was a machine's."""
    automatic = preferences.get("is-auto-response") is True
    return (("auto-submitted", "auto-replied"),) if automatic else ()


def _file(kept: Mapping[str, Any]) -> Attachment:
    said = mapping(kept.get("preferences"))
    return file(kept.get("filename"), said.get("Mime-Type") or said.get("Content-Type"), kept.get("size"))
