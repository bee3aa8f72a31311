"""What makes two arrivals the same: the Message-ID of a mail, the id of a webhook, else the bytes."""

from __future__ import annotations

import hashlib
import json

from plugin.model import Arrival
from plugin.store.people import mail_id
from plugin.understand.mail import message_id


def source_key(arrival: Arrival) -> str:
    """The key under which an arrival is kept once, however often and by whatever way it comes.

    A mail has one key by IMAP and by webhook. Ids are hashed: they are the sender's words.
    """
    if arrival.source == "mail":
        return f"mail:{mail_id(message_id(arrival.raw))}"  # without an id, one made of the bytes
    if found := _message_id_of_payload(arrival.raw):
        return f"mail:{mail_id(found)}"
    own = hashlib.sha256(arrival.key.encode("utf-8", "surrogatepass")).hexdigest() if arrival.key else ""
    return f"{arrival.source}:{own}" if own else f"raw:{digest(arrival.raw)}"


def digest(data: bytes) -> str:
    """sha256, hex."""
    return hashlib.sha256(data).hexdigest()


def body_digest(raw: bytes) -> str:
    """sha256 of what follows the header. Line ends do not count, since servers change them; nor does the
    header, since every way that a mail takes adds to it."""
    ends = [(at, mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
    body = raw.partition(min(ends)[1])[2] if ends else b""
    return digest(body.replace(b"\r\n", b"\n").strip())


def _message_id_of_payload(raw: bytes) -> str:
    try:
        payload = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    found = payload.get("message_id") if isinstance(payload, dict) else None
    return "".join(found.split()).strip("<>") if isinstance(found, str) else ""
