"""What Chatwoot sends and takes, as values: pure. https://developers.chatwoot.com/api-reference/introduction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin.desks.protocol import Delivery, Entry, HookEvent, Role, TicketNow
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
)
from plugin.desks.words import harmless
from plugin.model import Address, Priority

PRIORITY: Mapping[Priority, str] = {"low": "low", "normal": "medium", "high": "high", "urgent": "urgent"}
_INCOMING, _ACTIVITY = (0, "incoming"), (2, "activity")  #: a number in answers, a word in hooks


def ticket_of(
    conversation: Mapping[str, Any], messages: Sequence[Mapping[str, Any]], labels: frozenset[str], bot: str
) -> TicketNow:
    """A conversation out of its parts; `bot` is our own user id."""
    meta = mapping(conversation.get("meta"))
    contact = mapping(meta.get("sender"))
    customer = person(contact.get("email"), contact.get("name"))
    owner = word(mapping(meta.get("assignee")).get("id"))
    own_priority = word(conversation.get("priority"))
    return TicketNow(
        id=word(conversation.get("id")),
        number=word(conversation.get("id")),
        subject=_subject(conversation, messages),
        group=word(mapping(meta.get("team")).get("name")),
        priority=next((priority for priority, name in PRIORITY.items() if name == own_priority), None),
        tags=labels,
        requester=customer,
        entries=tuple(_entry(message, customer, bot) for message in sorted(messages, key=number_of)),
        open=word(conversation.get("status")) != "resolved",
        version=word(conversation.get("updated_at")),
        owner="" if owner == bot else owner,
    )


def message_payload(text: str, *, private: bool) -> Mapping[str, Any]:
    """A message of ours. `private` is always said: left out, the customer gets it. Chatwoot runs Liquid over it."""
    return {"content": harmless(text), "message_type": "outgoing", "private": private, "content_type": "text"}


def number_of(message: Mapping[str, Any]) -> int:
    """A message's id, which grows."""
    number = message.get("id")
    return number if isinstance(number, int) else 0


def events(delivery: Delivery) -> tuple[HookEvent, ...]:
    """The conversation that a hook is about. `X-Chatwoot-Delivery` is the same on every try of one delivery."""
    body = hook_json(delivery)
    kind = word(body.get("event"))
    if kind.startswith("message_"):
        ticket = hook_ticket(mapping(body.get("conversation")).get("id"))
    elif kind.startswith("conversation_") and not kind.startswith("conversation_typing_"):
        ticket = hook_ticket(body.get("id") or mapping(body.get("conversation")).get("id"))
    else:  # contacts, the widget, inboxes, somebody who types
        return ()
    number = delivery.headers.get("x-chatwoot-delivery", "").strip()
    return (HookEvent(ticket, f"delivery-{number[:64]}" if number.isascii() and number else body_digest(delivery)),)


def _subject(conversation: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> str:
    told = word(mapping(conversation.get("additional_attributes")).get("mail_subject"))
    return told or next((found for message in messages if (found := word(_mail(message).get("subject")))), "")


def _entry(message: Mapping[str, Any], customer: Address | None, bot: str) -> Entry:
    author = _author(message, bot)
    mail = _mail(message)
    return Entry(
        id=word(message.get("id")),
        author=author,
        public=message.get("private") is not True and message.get("message_type") not in _ACTIVITY,
        text=tidy(message.get("content")),
        at=instant(message.get("created_at")),
        sender=_writer(mail, customer) if author == "customer" else None,
        message_id=bare_id(mail.get("message_id") or _source_id(message)),
        in_reply_to=bare_id(mail.get("in_reply_to")),
        attachments=tuple(
            file(word(kept.get("data_url")).rpartition("/")[2], _type(kept), kept.get("file_size"))
            for kept in listed(message.get("attachments"))
        ),
        by=word(mapping(message.get("sender")).get("id")),
    )


def _author(message: Mapping[str, Any], bot: str) -> Role:
    if message.get("message_type") in _INCOMING:
        return "customer"
    sender = mapping(message.get("sender"))
    if bot and word(sender.get("id")) == bot and word(sender.get("type")).lower() in ("user", ""):
        return "bot"
    if message.get("message_type") in _ACTIVITY or not sender:
        return "system"
    return "agent" if word(sender.get("type")).lower() in ("user", "") else "system"


def _mail(message: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(mapping(message.get("content_attributes")).get("email"))


def _source_id(message: Mapping[str, Any]) -> str:
    found = word(message.get("source_id"))
    return found if "@" in found else ""  # of other channels it is another number


def _writer(mail: Mapping[str, Any], customer: Address | None) -> Address | None:
    """Who wrote the mail, which need not be who began the conversation."""
    said = mail.get("from")
    found = person(said[0]) if isinstance(said, list) and said else person(said)
    return found if found and (customer is None or found.email != customer.email) else customer


def _type(kept: Mapping[str, Any]) -> str:
    kind = word(kept.get("file_type"))
    return f"{kind}/*" if kind in ("image", "video", "audio") else ""
