"""A Message as JSON bytes and back, for the way out of the process that reads hostile mail."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from plugin.model import Address, Attachment, Message

__all__ = ["from_wire", "to_wire"]

_ADDRESSES = ("to", "cc", "reply_to")
_TEXTS = ("in_reply_to", "references", "structure", "defects")
_TIMES = ("received_at", "date")


def to_wire(message: Message) -> bytes:
    """JSON in UTF-8, without newlines: the fields by name, addresses and attachments as lists of theirs."""
    values = {field.name: getattr(message, field.name) for field in fields(message)}
    return json.dumps(values, ensure_ascii=False, default=_other).encode("utf-8", "replace")


def from_wire(data: bytes) -> Message:
    """The Message that `to_wire` wrote. ValueError, KeyError or TypeError if it is none."""
    # a child of a newer version may know more fields, one of an older version fewer
    names = {field.name for field in fields(Message)}
    values: dict[str, Any] = {name: value for name, value in json.loads(data).items() if name in names}
    values["sender"] = Address(*values["sender"]) if values["sender"] else None
    values["attachments"] = tuple(Attachment(*entry) for entry in values["attachments"])
    values["headers"] = tuple((name, value) for name, value in values["headers"])
    for name in _ADDRESSES:
        values[name] = tuple(Address(*entry) for entry in values[name])
    for name in _TEXTS:
        values[name] = tuple(values[name])
    for name in _TIMES:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return Message(**values)


def _other(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return [getattr(value, field.name) for field in fields(value)]
