"""Settings, messages and replies for tests of what goes out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from plugin.model import Address, Completeness, Decision, Issue, Item, Message, Reply
from plugin.settings import Secret, Settings, Smtp

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def settings(home: Path, **more: object) -> Settings:
    values: dict[str, object] = {
        "home": home,
        "database_url": Secret(f"sqlite:///{home}/antesala.db"),
        "smtp": Smtp(maildir=home / "outbox"),
        "mail_from": "Soporte Ácme <support@acme.example>",
        "message_id_domain": "acme.example",
        **more,
    }
    return Settings(**values)  # type: ignore[arg-type]


def message(**more: object) -> Message:
    values: dict[str, object] = {
        "source": "mail",
        "id": "one@casa.example",
        "sender": Address("ana@casa.example", "Ana"),
        "subject": "Reembolso",
        "text": "Quiero un reembolso",
        "newest": "Quiero un reembolso",
        "received_at": NOW,
        **more,
    }
    return Message(**values)  # type: ignore[arg-type]


def decision(**more: object) -> Decision:
    values: dict[str, object] = {
        "language": "es",
        "intent": "refund",
        "group": "billing",
        "channel": "ticket-only",
        "priority": "normal",
        "issues": (Issue("refund", "billing"),),
        "completeness": Completeness(50, (Item("amount", False, 1.0),)),
        "flags": (),
        "tags": ("refund", "vip"),
        "suppressed": None,
        "reply": Reply("es", "Re: Reembolso", "¿Cuánto?\n", ("amount",), "<p>¿Cuánto?</p>", kind="ask"),
        "no_reply": None,
        "note": "Quiere su dinero. Falta: amount",
        "decided_at": NOW,
        **more,
    }
    return Decision(**values)  # type: ignore[arg-type]
