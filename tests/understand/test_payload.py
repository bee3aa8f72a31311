"""A webhook's payload becomes the same Message that a mail would."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from plugin.understand.own import Own
from plugin.understand.payload import read_payload
from plugin.understand.understand import understand

NOW = datetime(2026, 11, 18, 9, 24, tzinfo=UTC)
LEAST: dict[str, Any] = {"from": "Ana Ruiz <Ana@Casa.example>", "text": "Hola"}


def test_all_that_a_payload_may_hold() -> None:
    """Every field arrives where a mail's would."""
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    message = read_payload(
        LEAST
        | {
            "subject": "Una\tfactura",
            "date": "2026-11-18T10:20:00+01:00",
            "message_id": "<a@b>",
            "in_reply_to": "<c@d>",
            "ticket": "4711",
            "language": "es",
            "attachments": [{"name": "../x.png", "content": b64encode(picture).decode()}, {"name": "l.csv", "size": 7}],
        },
        NOW,
    )
    assert message.sender is not None
    assert (message.sender.email, message.sender.name) == ("ana@casa.example", "Ana Ruiz")
    assert (message.source, message.id, message.subject) == ("webhook", "a@b", "Una factura")
    assert message.in_reply_to == ("c@d",)
    assert message.date == datetime(2026, 11, 18, 9, 20, tzinfo=UTC)
    assert (message.ticket, message.language) == ("4711", "es")
    assert [(a.name, a.kind, a.size) for a in message.attachments] == [("x.png", "image", 48), ("l.csv", "table", 7)]


def test_quoted_history_of_a_form_does_not_count() -> None:
    """A program that hands on whole mails as text is read like one."""
    message = read_payload(LEAST | {"text": "Sigue igual.\n\nOn Mon, Nov 2, 2026 Support wrote:\n> a refund"}, NOW)
    assert message.newest == "Sigue igual."


def test_the_same_payload_has_the_same_id() -> None:
    """Also when its keys come in another order; another text has another id."""
    one, other = read_payload(LEAST, NOW), read_payload(dict(reversed(LEAST.items())), NOW)
    assert one.id == other.id
    assert one.id != read_payload(LEAST | {"text": "Adiós"}, NOW).id


def test_a_date_of_tomorrow_is_kept_and_one_of_next_week_is_not() -> None:
    """Clocks differ, but not by that much."""
    assert read_payload(LEAST | {"date": "2026-11-19T00:00:00Z"}, NOW).date is not None
    assert read_payload(LEAST | {"date": "2026-11-25T00:00:00Z"}, NOW).date is None


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_date_that_is_outside_the_calendar_in_utc_is_none(date: str) -> None:
    assert read_payload(LEAST | {"date": date}, NOW).date is None


@pytest.mark.parametrize(("chosen", "told"), [("fr", "fr"), ("xx", "en"), (None, "en")])
def test_the_language_that_the_customer_chose(chosen: str | None, told: str) -> None:
    """It is taken where the desk knows it, and told from the text otherwise."""
    payload = LEAST | {"text": "My calendar does not sync since Monday."} | ({"language": chosen} if chosen else {})
    message = read_payload(payload, NOW)
    found = understand(message, own=Own(), languages=("es", "fr", "en"), fallback_language="es")
    assert found.language == told
