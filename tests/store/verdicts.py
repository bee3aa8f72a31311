"""Messages, decisions and arrivals for tests of the store, in one line each."""

from __future__ import annotations

from datetime import UTC, datetime

from plugin.model import (
    Address,
    Arrival,
    Completeness,
    Decision,
    Effect,
    Evidence,
    Issue,
    Item,
    Message,
    Reply,
    Step,
)
from plugin.store import Job, Store, Verdict

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def mail(message_id: str = "one@casa.example", body: str = "Hello", extra: str = "") -> bytes:
    """The bytes of a small mail; no Message-ID where it is empty."""
    head = f"Message-ID: <{message_id}>\r\n" if message_id else ""
    return f"From: ana@casa.example\r\n{head}{extra}Subject: Refund\r\n\r\n{body}\r\n".encode()


def arrival(raw: bytes, source: str = "mail", key: str = "", mailbox: str = "box") -> Arrival:
    return Arrival(source, raw, NOW, mailbox, key)  # type: ignore[arg-type]


def message(message_id: str = "one@casa.example", text: str = "I want a refund", **more: object) -> Message:
    values: dict[str, object] = {
        "source": "mail",
        "id": message_id,
        "sender": Address("ana@casa.example", "Ana"),
        "subject": "Refund",
        "text": text,
        "newest": text,
        "received_at": NOW,
        **more,
    }
    return Message(**values)  # type: ignore[arg-type]


def decision(asks: tuple[str, ...] = ("date",), missing: tuple[str, ...] = ("date",), **more: object) -> Decision:
    items = (Item("amount", True, 1.0), *(Item(name, False, 1.0) for name in missing))
    values: dict[str, object] = {
        "language": "en",
        "intent": "refund",
        "group": "billing",
        "channel": "ticket-only",
        "priority": "normal",
        "issues": (Issue("refund", "billing", score=0.9, evidence=(Evidence("refund", "body", 9, 15),)),),
        "completeness": Completeness(50, items),
        "flags": (),
        "tags": ("refund",),
        "suppressed": None,
        "reply": Reply("en", "Re: Refund", "When was it?", asks) if asks else None,
        "no_reply": None,
        "note": "Wants money back.",
        "decided_at": NOW,
        "trail": (Step("intent", "refund", None, True, "the words say so"),),
        **more,
    }
    return Decision(**values)  # type: ignore[arg-type]


def reply_effect(inbound_id: int, to: str = "ana@casa.example") -> Effect:
    payload = {"to": to, "message_id": f"reply{inbound_id}@acme.example", "mail": "…"}
    return Effect(f"reply:{inbound_id}:ask", "reply", payload)


def take_in(store: Store, raw: bytes) -> Job:
    """Accept a mail and claim its triage."""
    store.accept(arrival(raw))
    job = store.claim(["triage"])
    assert job is not None
    return job


def decide(store: Store, job: Job, about: Message, made: Decision | None = None, now: datetime = NOW) -> int:
    """Keep a decision, with a reply if there is one; the number of the request."""
    made = made or decision()
    assert job.inbound_id is not None
    effects = (Effect(f"desk:{job.inbound_id}", "desk", {}),)
    if made.reply and about.sender:
        effects += (reply_effect(job.inbound_id, about.sender.email),)
    return store.record(job, Verdict(about, made, effects, store.known(about, now), now))
