"""What the pages and the terminal call what happened."""

from datetime import UTC, datetime

import pytest

from plugin.store.reading import Entry
from plugin.web.words import became, what

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "state", "text", "wanted"),
    [
        ("message", "", "", ""),
        ("reply", "done", "250", "sent"),
        ("reply", "done", "dry run", "not sent: dry run"),
        ("reply", "done", "not sent: mode note", "not sent: mode note"),
        ("reply", "done", "not sent: an agent has answered", "not sent: an agent has answered"),
        ("reply", "cancelled", "answered before it was asked", "not sent: answered before it was asked"),
        ("reply", "ready", "ConnectError", "to be done"),
        ("reply", "dead", "RcptTo 550", "set aside"),
        ("webhook", "done", "200", "delivered"),
        ("webhook", "done", "dry run", "not delivered: dry run"),
        ("desk", "done", "ticket 7", "done"),
        ("due", "done", "nobody picked it up", ""),
        ("due", "cancelled", "the person was forgotten", "not done: the person was forgotten"),
    ],
)
def test_what_became_of_it(kind, state, text, wanted):
    assert became(Entry(AT, kind, 1, 2, state, text)) == wanted


def test_a_reminder_is_called_one():
    assert what(Entry(AT, "reply", 1, 2, "done", "250")) == "Our answer"
    assert what(Entry(AT, "reply", 1, 2, "done", "250", reminder="Esperamos su respuesta.")) == "Our reminder"
