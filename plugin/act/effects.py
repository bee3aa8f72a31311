"""What follows from a decision: a pure list of effects, each with a key that makes it happen once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from plugin.act.desk import answers_by_desk, further, later_effects, remote, remote_effects, with_files
from plugin.act.ids import message_id
from plugin.act.message import note_mail, reply_mail
from plugin.decision_json import to_json
from plugin.model import Decision, Effect, Message, Reply
from plugin.settings import Settings
from plugin.understand.mask import mask

IN_DOUBT = """The automatic reply to this customer is in doubt: it may have been sent, or not.

The mail server was cut off at the very end and did not confirm it, and it was not found afterwards.
It is not sent again by itself, so that nobody gets it twice. Look whether the customer has it, then:

    antesala resolve {job} sent    it was sent
    antesala resolve {job} send    send it now
"""


def effects(
    decision: Decision,
    message: Message,
    inbound_id: int,
    settings: Settings,
    can: frozenset[str] = frozenset(),
    ticket: str | None = None,
    shown: str | None = None,
) -> tuple[Effect, ...]:
    """Everything that is to be done about a message, the desk first: a ticket needs no reply, a reply a ticket.

    `can`: the abilities of the help desk, where there is one; `ticket`: the conversation's in that desk, `shown`: its
    number as people see it, where that is another.
    The bytes of mails of ours are in the payloads: whatever happens, a second try sends the same mail.
    """
    at = decision.decided_at or message.received_at
    found = [*desk_effects(decision, message, inbound_id, settings, can=can, ticket=ticket, shown=shown)]
    if decision.reply and message.sender:
        key = f"reply:{inbound_id}:{'ask' if decision.reply.asks else 'say'}"
        found.append(reply_effect(key, decision.reply, message, message.sender.email, settings, at, can))
    if settings.hook_url:
        payload = {"body": event(decision, message, inbound_id)}
        found.append(Effect(f"webhook:{inbound_id}", "webhook", payload))
    return tuple(found)


def reply_effect(
    key: str,
    reply: Reply,
    message: Message,
    to: str,
    settings: Settings,
    at: datetime,
    can: frozenset[str] = frozenset(),
) -> Effect:
    """A public answer to `message`, by the way that it came."""
    if remote(settings) and answers_by_desk(message, can):
        texts: dict[str, Any] = {"text": reply.text, "html": reply.html, "subject": reply.subject}
        if "files" in can:
            texts |= {"files": [list(file) for file in reply.files]}
        elif reply.files:
            texts |= {"text": with_files(reply.text, reply.files), "html": ""}
        return Effect(key, "reply", {"via": "desk", "looks": True, "ticket": message.ticket, "to": to, **texts})
    own_id = message_id(settings, key, message.id, at.isoformat())
    mail = reply_mail(settings, reply, message, to, own_id, at)
    return Effect(key, "reply", {"to": to, "message_id": own_id, "mail": mail})


def doubt_note(
    decision: Decision, inbound_id: int, job_id: int, reply_id: str, settings: Settings, can: frozenset[str]
) -> Effect | None:
    """Tells the agent, where there is a desk elsewhere, that nobody knows whether the customer has our reply.

    `can` is what that desk can do.
    """
    if "note" in can and settings.desk_mode != "shadow":
        return Effect(f"note:{inbound_id}:doubt", "note", {"looks": True, "text": IN_DOUBT.format(job=job_id)})
    if settings.desk != "gateway" or decision.reply is None:
        return None
    at = decision.decided_at or datetime.now(UTC)
    key = f"gateway-doubt:{inbound_id}"
    own_id = message_id(settings, key, reply_id, at.isoformat())
    to = address_of(settings, decision.group)
    note = IN_DOUBT.format(job=job_id)
    subject = f"[note] {decision.reply.subject}"
    mail = note_mail(settings, note=note, subject=subject, to=to, own_id=own_id, about=reply_id, at=at)
    return Effect(key, "gateway", {"to": to, "message_id": own_id, "mail": mail})


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


def opening_mail(message: Message, own_id: str, group: str, inbound_id: int, settings: Settings) -> Effect | None:
    """The customer's mail for a desk that opens tickets by mail alone, under an id that the desk keeps; None where the
    settings name no address. `own_id` is the mail's own Message-ID, if it has one."""
    to = address_of(settings, group)
    if not to:
        return None
    key = f"gateway:{inbound_id}:open"
    named = own_id or message_id(settings, key, message.id, message.received_at.isoformat())
    payload = {"to": to, "message_id": named, "headers": {"Group": group, "Effect": named}, "renamed": not own_id}
    return Effect(key, "gateway", payload)


def address_of(settings: Settings, group: str) -> str:
    """Where the mail gateway sends what is for a group; "" if the settings name no address."""
    return settings.gateway_addresses.get(group) or settings.gateway_addresses.get("*") or ""


def envelope_sender(settings: Settings) -> str:
    """The envelope sender of our mails: the null sender unless a bounce address is set (RFC 3834 section 3.3)."""
    return settings.bounce_address


def children(decision: Decision, inbound_id: int) -> Iterator[Effect]:
    """A ticket of its own in the built-in list for each want that another group sees to."""
    for number, issue in enumerate(further(decision), 1):
        checklist = issue.completeness
        payload = {
            "intent": issue.intent,
            "group": issue.group,
            "text": mask(issue.text),
            "tags": [issue.intent],
            "score": checklist.score if checklist else 100,
            "missing": list(checklist.missing) if checklist else [],
        }
        yield Effect(f"child:{inbound_id}:{number}", "child", payload)


def desk_effects(
    decision: Decision,
    message: Message | None,
    inbound_id: int,
    settings: Settings,
    *,
    ending: str = "",
    forward: bool = True,
    can: frozenset[str] = frozenset(),
    ticket: str | None = None,
    shown: str | None = None,
    news: str | None = None,
) -> Iterator[Effect]:
    """What brings a decision to the desk. `ending` tells a later time from the first; `forward`: the mail itself too.

    `message` is None where its bytes were deleted: then no mail can be handed on. `news`: all that is new in the
    note, for a desk that keeps the notes of earlier times.
    """
    if remote(settings):
        if ending:
            yield from later_effects(news or "", inbound_id, settings, can, ending)
        elif message is not None:
            yield from remote_effects(decision, message, inbound_id, settings, can, ticket, shown)
        return
    ending = f":{ending}" if ending else ""
    if settings.desk != "gateway":
        yield Effect(f"desk:{inbound_id}{ending}", "desk", {})
        if settings.desk_children and ticket is None and not ending:
            yield from children(decision, inbound_id)
        return
    if message is None:
        return
    values = {
        "Group": decision.group,
        "Tags": ", ".join(decision.tags),
        "Priority": decision.priority,
        "Score": str(decision.completeness.score),
        "Intent": decision.intent,
        "Channel": decision.channel,
    }
    at = decision.decided_at or message.received_at
    as_part = settings.gateway_note == "part"
    part = {"note": decision.note} if as_part else {}
    told: set[str] = set()
    for group in dict.fromkeys((decision.group, *decision.copies) if forward else ()):
        to = address_of(settings, group)
        if to not in told:  # groups may share a mailbox: it gets the mail once
            key = f"gateway:{inbound_id}:{group}{ending}"
            own_id = message_id(settings, key, message.id, at.isoformat())
            ours = {"to": to, "message_id": own_id, "headers": {**values, "Effect": own_id}}
            yield Effect(key, "gateway", {**ours, **part})
        told.add(to)
    if not (as_part and forward):
        yield _note(decision, message, inbound_id, settings, ending)


def _note(decision: Decision, message: Message, inbound_id: int, settings: Settings, ending: str) -> Effect:
    key = f"gateway-note:{inbound_id}{ending}"
    at = decision.decided_at or message.received_at
    own_id = message_id(settings, key, message.id, at.isoformat())
    to = address_of(settings, decision.group)
    subject = decision.reply.subject if decision.reply else mask(message.subject)
    mail = note_mail(
        settings,
        note=decision.note,
        subject=f"[note] {subject}",
        to=to,
        own_id=own_id,
        about=message.id,
        before=message.references,
        at=at,
    )
    return Effect(key, "gateway", {"to": to, "message_id": own_id, "mail": mail})
