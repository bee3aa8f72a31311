"""The bytes of a reply and of a note, written once and kept: a second try sends the very same mail.

RFC 3834 section 3.1: one recipient, `Auto-Submitted`, `In-Reply-To`, `References`. Nothing of a
stranger's text gets into a header except the subject, on one line, and Message-IDs that look like such.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from plugin.act.ids import MARKER, is_own_message_id, marker
from plugin.model import Message, Reply
from plugin.settings import Settings

__all__ = ["is_own_message_id", "note_mail", "reply_mail"]

CRLF = "\r\n"
SUBJECT_CHARS = 200
REFERENCES = 21  #: the first one and the last twenty
_REFERENCES_BYTES = 7000
#: 7-bit only: nothing on the way has reason to change it, and what was signed or stored stays the same.
_POLICY = SMTP.clone(cte_type="7bit", max_line_length=78)
_SYNTHETIC = ".invalid"  #: ids that `understand` made for mails without one; nobody else knows them
_ID = re.compile(r"[!-;=?-~]{1,240}@[!-;=?-~]{1,240}")


def reply_mail(settings: Settings, reply: Reply, message: Message, to: str, own_id: str, at: datetime) -> str:
    """The public answer to `message`, as ASCII text with CRLF line ends."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = settings.mail_from
    mail["Date"] = format_datetime(at)
    mail["Content-Language"] = reply.language
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail[MARKER] = marker(settings, own_id)
    mail.set_content(reply.text, cte="quoted-printable")
    mail.add_alternative(_page(reply), subtype="html", cte="quoted-printable")
    for name, text in reply.files:
        mail.add_attachment(text, filename=name, cte="quoted-printable")
    before = (*message.references, *message.in_reply_to)
    return address_line("To", to) + subject_line(reply.subject) + _written(mail, own_id, message.id, before)


def note_mail(
    settings: Settings,
    *,
    note: str,
    subject: str,
    to: str,
    own_id: str,
    about: str,
    at: datetime,
    before: Sequence[str] = (),
) -> str:
    """The internal note as a mail to the desk, in the thread of the Message-ID that it is `about`."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = settings.mail_from
    mail["Date"] = format_datetime(at)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail[MARKER] = marker(settings, own_id)
    mail.set_content(note, cte="quoted-printable")
    return address_line("To", to) + subject_line(subject) + _written(mail, own_id, about, before)


def subject_line(text: str) -> str:
    """The Subject header. Not left to EmailMessage: it decodes what looks like an encoded word, line breaks
    and all, and then writes them out as they are."""
    text = one_line(text)
    charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
    return f"Subject: {Header(text, charset, maxlinelen=76, header_name='Subject').encode(linesep=CRLF)}{CRLF}"


def address_line(name: str, email: str) -> str:
    """A header of one address, without the name that its owner gave himself; ASCII or question marks."""
    plain = "".join(c for c in email if c.isprintable() and c not in " <>,;").encode("ascii", "replace")
    return f"{name}: {plain.decode('ascii')}{CRLF}"


def one_line(text: str) -> str:
    """A subject that cannot start another header or turn the line around; at most 200 characters."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    kept = " ".join(kept.split())
    return kept if len(kept) <= SUBJECT_CHARS else kept[: SUBJECT_CHARS - 1].rstrip() + "…"


def is_id(text: str) -> bool:
    """Can it stand in a header as a Message-ID?"""
    return _ID.fullmatch(text) is not None and not text.endswith(_SYNTHETIC)


def references(answered: str, before: Sequence[str]) -> tuple[str, ...]:
    """The References of an answer (RFC 5322 section 3.6.4), trimmed: the first id and the last twenty."""
    ids = [i for i in dict.fromkeys((*before, answered)) if is_id(i)]
    if answered in ids:
        ids.remove(answered)
        ids.append(answered)
    if len(ids) > REFERENCES:
        ids = [ids[0], *ids[-(REFERENCES - 1) :]]
    while len(ids) > 1 and sum(len(i) + 5 for i in ids) > _REFERENCES_BYTES:
        del ids[1 if len(ids) > 2 else 0]
    return tuple(ids)


def _written(mail: EmailMessage, own_id: str, answered: str, before: Sequence[str]) -> str:
    inner = [part for part in mail.walk() if part.is_multipart()]
    for number, part in enumerate(inner):  # not by chance: the bytes are always the same
        part.set_boundary(f"=_{own_id.partition('.')[0]}" + (f"_{number}" if number else ""))
    # Message-IDs are written here: the library breaks long ones into encoded words.
    head = [f"Message-ID: <{own_id}>"]
    if is_id(answered):
        head.append(f"In-Reply-To: <{answered}>")
    if ids := references(answered, before):
        head.append("References: " + f"{CRLF} ".join(f"<{i}>" for i in ids))
    return CRLF.join(head) + CRLF + mail.as_bytes().decode("ascii")


def _page(reply: Reply) -> str:
    body = reply.html or "".join(
        f"<p>{'<br>'.join(escape(p).splitlines())}</p>\n" for p in reply.text.split("\n\n") if p
    )
    return f'<!DOCTYPE html>\n<html lang="{escape(reply.language)}"><body>\n{body}</body></html>\n'
