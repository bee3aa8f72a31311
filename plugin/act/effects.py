"""What follows from a decision: a pure list of effects, each with a key that makes it happen once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from plugin.act.ids import message_id
from plugin.act.message import note_mail, reply_mail
from plugin.decision_json import to_json
from plugin.model import Decision, Effect, Message
from plugin.settings import Settings
from plugin.understand.mask import mask


def effects(decision: Decision, message: Message, inbound_id: int, settings: Settings) -> tuple[Effect, ...]:
    """Everything that is to be done about a message, the desk first: a ticket needs no reply, a reply a ticket.

    The bytes of mails of ours are in the payloads: whatever happens, a second try sends the same mail.
    """
    at = decision.decided_at or message.received_at
    found = [*_desk(decision, message, inbound_id, settings)]
    if decision.reply and message.sender:
        key = f"reply:{inbound_id}:{'ask' if decision.reply.asks else 'say'}"
        own_id = message_id(settings, key, message.id, at.isoformat())
        to = message.sender.email
        mail = reply_mail(settings, decision.reply, message, to, own_id, at)
        found.append(Effect(key, "reply", {"to": to, "message_id": own_id, "mail": mail}))
    if settings.hook_url:
        payload = {"body": event(decision, message, inbound_id)}
        found.append(Effect(f"webhook:{inbound_id}", "webhook", payload))
    return tuple(found)


def event(decision: Decision, message: Message, inbound_id: int) -> dict[str, Any]:
    """The outgoing webhook's body, but for the request's number: see `schemas/hook.schema.json`."""
    at = (decision.decided_at or message.received_at).astimezone(UTC)
    return {
        "type": "decision.made",
        "timestamp": at.isoformat().replace("+00:00", "Z"),
        "data": {
            "inbound": inbound_id,
            "source": message.source,
            "ticket": message.ticket,
            "requester": message.sender.email if message.sender else None,
            "decision": to_json(decision, trail=False),
        },
    }


def address_of(settings: Settings, group: str) -> str:
    """Where the mail gateway sends what is for a group; "" if the settings name no address."""
    return settings.gateway_addresses.get(group) or settings.gateway_addresses.get("*") or ""


def envelope_sender(settings: Settings) -> str:
    """The envelope sender of our mails: the null sender unless a bounce address is set (RFC 3834 section 3.3)."""
    return settings.bounce_address


def _desk(decision: Decision, message: Message, inbound_id: int, settings: Settings) -> Iterator[Effect]:
    if settings.desk != "gateway":
        yield Effect(f"desk:{inbound_id}", "desk", {})
        return
    values = {
        "Group": decision.group,
        "Tags": ", ".join(decision.tags),
        "Priority": decision.priority,
        "Score": str(decision.completeness.score),
        "Intent": decision.intent,
        "Channel": decision.channel,
    }
    as_part = settings.gateway_note == "part"
    part = {"note": decision.note} if as_part else {}
    told: set[str] = set()
    for group in dict.fromkeys((decision.group, *decision.copies)):
        to = address_of(settings, group)
        if to not in told:  # groups may share a mailbox: it gets the mail once
            yield Effect(f"gateway:{inbound_id}:{group}", "gateway", {"to": to, "headers": values, **part})
        told.add(to)
    if not as_part:
        yield _note(decision, message, inbound_id, settings)


def _note(decision: Decision, message: Message, inbound_id: int, settings: Settings) -> Effect:
    key = f"gateway-note:{inbound_id}"
    at = decision.decided_at or message.received_at
    own_id = message_id(settings, key, message.id, at.isoformat())
    to = address_of(settings, decision.group)
    subject = decision.reply.subject if decision.reply else mask(message.subject)
    mail = note_mail(
        settings, note=decision.note, subject=f"[note] {subject}", to=to, own_id=own_id, about=message, at=at
    )
    return Effect(key, "gateway", {"to": to, "message_id": own_id, "mail": mail})
