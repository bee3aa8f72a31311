"""A Message as JSON bytes and back, for the way out of the process that reads hostile mail."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from plugin.model import Address, Attachment, Message

__all__ = ["from_wire", "to_wire"]

_ADDRESSES = ("to", "cc", "reply_to")
_TEXTS = ("in_reply_to", "references", "structure", "defects")
_TIMES = ("received_at", "date")


def to_wire(message: Message) -> bytes:
    """JSON in UTF-8, without newlines; dataclasses as lists of their fields in order."""
    return json.dumps(_values(message), ensure_ascii=False, default=_other).encode("utf-8", "replace")


def from_wire(data: bytes) -> Message:
    """The Message that `to_wire` wrote. ValueError, KeyError or TypeError if it is none."""
    names = [field.name for field in fields(Message)]
    values: dict[str, Any] = dict(zip(names, json.loads(data), strict=True))
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


def _values(value: Any) -> Sequence[Any]:
    return [getattr(value, field.name) for field in fields(value)]


def _other(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else _values(value)
