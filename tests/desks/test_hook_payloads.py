"""What a hook says: a file in hooks/ is a body as the desk sends it, and the tickets that it is about."""

import json
from fnmatch import fnmatch
from pathlib import Path

import pytest

from plugin.desks.protocol import Delivery
from plugin.desks.registry import KINDS

FILES = sorted((Path(__file__).parent / "hooks").glob("*.json"))


def read(path):
    row = json.loads(path.read_text("utf-8"))
    headers = {name.lower(): value for name, value in row["headers"].items()}
    return row, Delivery(headers, row["body"].encode() * row.get("times", 1))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_hook_names_its_tickets(path):
    row, delivery = read(path)
    events = KINDS[row["desk"]].hook.events
    if "refused" in row:
        with pytest.raises(ValueError, match=row["refused"]) as caught:
            events(delivery)
        assert "secret" not in str(caught.value)
        assert caught.value.__cause__ is None
        return
    found = events(delivery)
    assert [event.ticket for event in found] == [ticket for ticket, _ in row["events"]]
    for event, (_, wanted) in zip(found, row["events"], strict=True):
        assert fnmatch(event.event, wanted)
        assert event.event.isascii()
        assert len(event.event) <= 80


@pytest.mark.parametrize("path", [path for path in FILES if read(path)[0].get("events")], ids=lambda path: path.stem)
def test_the_same_delivery_is_the_same_event(path):
    row, delivery = read(path)
    events = KINDS[row["desk"]].hook.events
    assert events(delivery) == events(delivery)


def test_two_changes_are_two_events_where_only_the_body_tells():
    for desk, bodies in {
        "zendesk": [b'{"ticket_id": 1, "changed": "10:00"}', b'{"ticket_id": 1, "changed": "10:01"}'],
        "freshdesk": [b'{"freshdesk_webhook": {"ticket_id": 1, "x": "a"}}', b'{"freshdesk_webhook": {"ticket_id": 1}}'],
    }.items():
        first, second = (KINDS[desk].hook.events(Delivery({}, body))[0] for body in bodies)
        assert first.ticket == second.ticket
        assert first.event != second.event
