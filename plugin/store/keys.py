"""What makes two arrivals the same: the Message-ID of a mail, the id of a webhook, else the bytes."""

from __future__ import annotations

import hashlib
import json

from plugin.model import Arrival
from plugin.store.people import mail_id

_HEADER_BYTES = 256 * 1024  #: a Message-ID further down than this is not looked for


def source_key(arrival: Arrival) -> str:
    """The key under which an arrival is kept once, however often and by whatever way it comes.

    A mail has one key by IMAP and by webhook. Ids are hashed: they are the sender's words.
    """
    if arrival.source == "mail":
        found = message_id(arrival.raw)
        return f"mail:{mail_id(found)}" if found else f"raw:{digest(arrival.raw)}"
    if found := _message_id_of_payload(arrival.raw):
        return f"mail:{mail_id(found)}"
    own = hashlib.sha256(arrival.key.encode("utf-8", "surrogatepass")).hexdigest() if arrival.key else ""
    return f"{arrival.source}:{own}" if own else f"raw:{digest(arrival.raw)}"


def message_id(raw: bytes) -> str:
    """The Message-ID of a mail's header without brackets and blanks; "" if it has none.

    Reads bytes, not the parsed mail: this must work for every mail that can be stored.
    """
    header, _, _ = _split(raw)
    lines = header[:_HEADER_BYTES].split(b"\n")
    for number, line in enumerate(lines):
        name, colon, value = line.partition(b":")
        if not colon or name.strip().lower() != b"message-id":
            continue
        for more in lines[number + 1 :]:
            if not more.startswith((b" ", b"\t")):
                break
            value += more
        return b"".join(value.split()).strip(b"<>").decode("latin-1")
    return ""


def digest(data: bytes) -> str:
    """sha256, hex."""
    return hashlib.sha256(data).hexdigest()


def body_digest(raw: bytes) -> str:
    """sha256 of what follows the header. Line ends do not count, since servers change them; nor does the
    header, since every way that a mail takes adds to it."""
    _, _, body = _split(raw)
    return digest(body.replace(b"\r\n", b"\n").strip())


def _split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    ends = [(at, mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
    return raw.partition(min(ends)[1]) if ends else (raw, b"", b"")


def _message_id_of_payload(raw: bytes) -> str:
    try:
        payload = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    found = payload.get("message_id") if isinstance(payload, dict) else None
    return "".join(found.split()).strip("<>") if isinstance(found, str) else ""
