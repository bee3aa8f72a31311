"""What is in the store, as the Message that it is."""

from __future__ import annotations

import json
from dataclasses import replace

from plugin.model import Message
from plugin.service.desk.message import desk_message
from plugin.store import Inbound
from plugin.understand.payload import read_payload
from plugin.understand.sandbox import Sandbox


def message_of(arrived: Inbound, sandbox: Sandbox) -> Message:
    """The message of an arrival whose bytes are still there; a mail is read in the sandbox.

    Raises ParseFailed if reading it took too much time or memory.
    """
    raw = arrived.raw or b""
    if arrived.source == "mail":
        return sandbox.read_mail(raw, arrived.received_at)
    if arrived.source == "desk":
        return desk_message(json.loads(raw), arrived.received_at)
    found = read_payload(json.loads(raw), arrived.received_at)
    return replace(found, source="form") if arrived.source == "form" else found
