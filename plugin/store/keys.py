"""What makes two arrivals the same: the Message-ID of a mail, the id of a webhook, else the bytes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from plugin.model import Arrival
from plugin.store.people import mail_id
from plugin.understand.addresses import one_sender
from plugin.understand.headers import split_headers
from plugin.understand.mail import message_id

BY_MAIL = "mail:"  #: begins the keys that are a Message-ID, which the sender chose


def source_key(arrival: Arrival) -> str:
    """The key under which an arrival is kept once, however often and by whatever way it comes.

    A mail has one key by IMAP and by webhook. Ids are hashed: they are the sender's words.
    """
    if arrival.source == "mail":
        return f"{BY_MAIL}{mail_id(message_id(arrival.raw))}"  # without an id, one made of the bytes
    if found := _message_id_of_payload(arrival.raw):
        return f"{BY_MAIL}{mail_id(found)}"
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


def words_digest(source: str, raw: bytes) -> str:
    """sha256 of what was written and by whom: the rest of a mail's header, and what else a webhook says of it, may be
    other ones each time it comes. What a desk keeps may be edited there and is the same all the same."""
    if source == "desk":
        return ""
    if source == "mail":
        section = split_headers(raw)
        sender, _ = one_sender(section.raw("from"))
        body = raw[section.end :].replace(b"\r\n", b"\n").strip() or b"".join(section.raw("subject"))
        return digest((sender.email if sender else "").encode("utf-8", "surrogatepass") + b"\n" + body)
    payload = _payload(raw)
    return digest(json.dumps([payload.get(name) for name in ("from", "subject", "text")]).encode())


def _message_id_of_payload(raw: bytes) -> str:
    found = _payload(raw).get("message_id")
    return "".join(found.split()).strip("<>") if isinstance(found, str) else ""


def _payload(raw: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}
