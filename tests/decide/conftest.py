"""The default pack, and messages and assessments to decide about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from plugin.decide.gallery import OPEN as NOW
from plugin.model import Address, Message, Understood
from plugin.rulebook import Rulebook, load

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """Not learned from: nothing here assesses."""
    return load(RULES)


@pytest.fixture
def understood() -> Callable[..., Understood]:
    def make(
        language: str = "es",
        *,
        name: str = "Ana",
        subject: str = "Calendario",
        text: str = "",
        automatic: str | None = None,
        sender: Address | None = None,
        sure: bool = True,
        date: datetime = NOW,
        in_reply_to: tuple[str, ...] = (),
        ticket: str | None = None,
    ) -> Understood:
        message = Message(
            source="mail",
            id="1@guest.example",
            sender=sender or Address("ana@guest.example", name),
            subject=subject,
            text=text,
            newest=text,
            received_at=date,
            date=date,
            in_reply_to=in_reply_to,
            ticket=ticket,
        )
        return Understood(message, language, sure, automatic=automatic)

    return make
