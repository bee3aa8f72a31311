"""The mail gateway: for a desk that has a mailbox and nothing else.

The customer's mail is handed on as it came, so that the desk sees the customer as the requester,
with `X-Antesala-*` headers on top that the desk's own filters can sort by. Works on bytes: a mail
that no parser understands is handed on like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from plugin.act.message import address_line, is_id, subject_line
from plugin.model import Message

_POLICY = SMTP.clone(cte_type="7bit")
PREFIX = "X-Antesala-"
EFFECT = "X-Antesala-Effect"  #: holds our id of the sending, by which it is looked for
_OWN = PREFIX.lower().encode()
#: Fields that describe the body; they move with it when it becomes a part.
_BODY = (b"content-", b"mime-version")


def headers(values: Mapping[str, str]) -> bytes:
    """`X-Antesala-Group: billing` and so on; values are ours, but kept to printable ASCII all the same."""
    lines = []
    for name, value in values.items():
        clean = "".join(c for c in value if c.isascii() and c.isprintable())[:900]
        lines.append(f"{PREFIX}{name}: {clean}\r\n")
    return "".join(lines).encode("ascii")


def handed_on(raw: bytes, values: Mapping[str, str], note: str | None = None) -> bytes:
    """The customer's mail with our headers; the `note`, if any, as its first text part.

    Any `X-Antesala-` header that the customer sent is taken out: it would sort the ticket.
    """
    fields, body = _taken_apart(raw)
    kept = [field for field in fields if not field.lower().startswith(_OWN)]
    if note is None:
        return headers(values) + b"".join(kept) + b"\r\n" + body
    outer = [field for field in kept if not field.lower().startswith(_BODY)]
    inner = [field for field in kept if field.lower().startswith(b"content-")]
    boundary = b"=_antesala_" + hashlib.sha256(raw).hexdigest()[:40].encode()
    parts = [_note_part(note), b"".join(inner) + b"\r\n" + body]
    return b"".join(
        [
            headers(values),
            *outer,
            b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n',
            *(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts),
            b"--" + boundary + b"--\r\n",
        ]
    )


def composed(message: Message, to: str = "") -> bytes:
    """What came by webhook or form, as the mail that the customer would have written; `to` is an address of ours."""
    mail = EmailMessage(policy=_POLICY)
    mail["Date"] = format_datetime(message.received_at)
    mail.set_content(message.text, cte="quoted-printable")
    head = address_line("From", message.sender.email) if message.sender else ""
    head += f"To: {to}\r\n" if to else ""
    head += subject_line(message.subject)
    head += f"Message-ID: <{message.id}>\r\n" if is_id(message.id) else ""
    return head.encode("ascii") + mail.as_bytes()


def _note_part(note: str) -> bytes:
    part = EmailMessage(policy=_POLICY)
    part.set_content(note, cte="quoted-printable")
    del part["MIME-Version"]
    return part.as_bytes()


def _taken_apart(raw: bytes) -> tuple[list[bytes], bytes]:
    """Header fields, each with its folded lines and CRLF at the ends, and the body.

    A carriage return alone ends a line too: it becomes a line break on the way, and desks take it for one.
    """
    lines = raw.splitlines(keepends=True)
    fields: list[list[bytes]] = []
    for number, line in enumerate(lines):
        text = line.rstrip(b"\r\n")
        if not text:
            return [b"".join(field) for field in fields], b"".join(lines[number + 1 :])
        if text.startswith((b" ", b"\t")) and fields:
            fields[-1].append(text + b"\r\n")
        elif b":" in text:
            fields.append([text.lstrip() + b"\r\n"])  # a blank before it would make it part of a header of ours
        elif number == 0 and text.startswith(b"From "):
            continue  # the first line of a mail out of an mbox
        else:
            return [b"".join(field) for field in fields], b"".join(lines[number:])
    return [b"".join(field) for field in fields], b""
