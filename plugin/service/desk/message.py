"""What a customer wrote in a ticket, as a Message; the other side of `fetch.arrival`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from plugin.model import Address, History, Message
from plugin.store import Inbound
from plugin.understand.payload import read_payload


def desk_message(payload: Mapping[str, Any], received_at: datetime) -> Message:
    """The message; with the headers of the mail that it was, where the desk keeps them."""
    found = read_payload(payload, received_at)
    sender = Address(found.sender.email, payload["name"]) if found.sender else None
    headers = tuple((name, value) for name, value in payload["headers"])
    number = payload.get("number") or None
    return replace(found, source="desk", sender=sender, headers=headers, ticket_number=number)


def before(history: History, arrived: Inbound) -> History:
    """The history, along with what the desk alone knew: that a person had answered already."""
    if arrived.source != "desk" or not json.loads(arrived.raw or b"{}").get("answered"):
        return history
    return replace(history, agent_replied=True)
