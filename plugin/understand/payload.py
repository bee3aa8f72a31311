"""A checked webhook payload to a Message; what a payload may hold is in schemas/request.schema.json."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from plugin.model import Attachment, Message
from plugin.understand.addresses import one_sender
from plugin.understand.charset import clean
from plugin.understand.files import describe
from plugin.understand.newest import newest_text, plain_lines, whole_text


def read_payload(payload: Mapping[str, Any], received_at: datetime) -> Message:
    """What a customer wrote, as a form or another program gives it.

    The payload must be valid by the schema and hold no `raw` mail; `received_at` is aware.
    """
    sender, trouble = one_sender([payload["from"].encode()])
    lines = plain_lines(clean(payload["text"]))
    return Message(
        source="webhook",
        id=_id(payload.get("message_id", "")) or _made_up(payload),
        sender=sender,
        subject=" ".join(clean(payload.get("subject", "")).split()),
        text=whole_text(lines),
        newest=newest_text(lines),
        received_at=received_at,
        date=_date(payload.get("date"), received_at),
        in_reply_to=tuple(filter(None, [_id(payload.get("in_reply_to", ""))])),
        attachments=tuple(_attachment(entry) for entry in payload.get("attachments", ())),
        defects=trouble,
        ticket=payload.get("ticket"),
        language=payload.get("language"),
    )


def _id(text: str) -> str:
    return text.strip().strip("<>")


def _made_up(payload: Mapping[str, Any]) -> str:
    """The same for the same payload, however it was written down."""
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    return f"{hashlib.sha256(canonical.encode()).hexdigest()}@sha256.invalid"


def _date(text: str | None, received_at: datetime) -> datetime | None:
    """As written; nothing that lies more than a day ahead, or that UTC pushes out of the calendar."""
    if text is None:
        return None
    try:
        date = datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError:
        return None
    return date if date <= received_at + timedelta(days=1) else None


def _attachment(entry: Mapping[str, Any]) -> Attachment:
    data = b64decode(entry.get("content", ""))
    declared = entry.get("content_type") or mimetypes.guess_type(entry["name"], strict=False)[0]
    found = describe(data, (declared or "application/octet-stream").lower(), entry["name"], inline=False)
    return found if data else replace(found, size=entry.get("size", 0))
