"""Mail bytes to a Message: never an exception, never a lost text.

mail-parser reads the MIME tree; the header section is mended before it sees the bytes, and what it raises on is read by
the standard library, then as headers and raw text with the defect "needs-a-human".
"""

from __future__ import annotations

import email
import hashlib
import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import mailparser
import re2

from plugin.model import Attachment, Message
from plugin.understand.addresses import mailboxes, one_sender
from plugin.understand.charset import clean, decode
from plugin.understand.headers import Section, decode_value, split_headers
from plugin.understand.html import render
from plugin.understand.limits import LIMITS, Limits, too_complex
from plugin.understand.newest import Line, newest_text, plain_lines, whole_text
from plugin.understand.parts import Block, Tree, walk

__all__ = ["attachment_bytes", "message_id", "read_mail", "sent_at"]

# mail-parser logs what customers wrote.
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)

_ID = re2.compile(r"<([^<>\s]{1,998})>")
_MAX_IDS = 100
_ADDRESS_HEADERS = frozenset(("from", "to", "cc", "bcc", "reply-to", "sender", "return-path", "resent-from"))
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def read_mail(raw: bytes, received_at: datetime, limits: Limits = LIMITS) -> Message:
    """Everything about a mail that can be told without rules. Any bytes give a Message; `defects` says what was wrong.

    `received_at` is the server's INTERNALDATE, aware; a sender's date more than a day later is dropped.
    """
    section = split_headers(raw, limits)
    reason = "the header section has no end" if section.cut else too_complex(raw, section.end, limits)
    defects = dict.fromkeys(section.defects)
    if not section.fields:
        defects["needs-a-human"] = None
    tree: Tree | None = None
    if reason:
        defects["too-complex"] = None
    else:
        tree = _tree(section.as_bytes() + raw[section.end :], limits, defects)
    if tree is None:
        defects["needs-a-human"] = None
        tree = Tree([Block(plain=_raw_text(raw, section, limits))])
    return _message(raw, section, tree, received_at, limits, defects)


def _tree(mended: bytes, limits: Limits, defects: dict[str, None]) -> Tree | None:
    """The parts, by mail-parser, else by the standard library, else None."""
    # mail-parser also decodes every file as text; above some size that costs seconds and gives nothing
    for parse in (_by_mail_parser, _by_standard_library)[len(mended) > limits.parser :]:
        try:
            return parse(mended)
        except (Exception, RecursionError, MemoryError):
            defects["mime-broken"] = None
    return None


def _by_mail_parser(mended: bytes) -> Tree:
    parsed = mailparser.parse_from_bytes(mended)
    tree = walk(parsed.message)
    if not tree.blocks and not tree.attachments:
        # it also looks for text behind a boundary that never came
        tree.blocks.extend(Block(plain=clean(text)) for text in (*parsed.text_plain, *parsed.text_not_managed))
    return tree


def _by_standard_library(mended: bytes) -> Tree:
    return walk(email.message_from_bytes(mended))


def _raw_text(raw: bytes, section: Section, limits: Limits) -> str:
    """The beginning of the body as it is; of the whole mail where no body can be told apart."""
    start = section.end if section.fields and not section.cut else 0
    return clean(decode(raw[start : start + limits.raw_text])[0])


def _message(
    raw: bytes, section: Section, tree: Tree, received_at: datetime, limits: Limits, defects: dict[str, None]
) -> Message:
    sender, trouble = one_sender(section.raw("from"))
    lines = _lines(tree, limits, defects)
    subjects = section.raw("subject")
    defects.update(dict.fromkeys(trouble))
    defects.update(tree.defects)
    if len(section.raw("message-id")) > 1:
        defects["message-id-repeated"] = None
    return Message(
        source="mail",
        id=message_id(raw, section),
        sender=sender,
        subject=decode_value(subjects[0], tree.charset)[:2000] if subjects else "",
        text=whole_text(lines),
        newest=newest_text(lines),
        received_at=received_at,
        date=_believable(section, received_at),
        to=mailboxes(section.raw("to"), limits),
        cc=mailboxes(section.raw("cc"), limits),
        reply_to=mailboxes(section.raw("reply-to"), limits),
        in_reply_to=_ids(section.raw("in-reply-to")),
        references=_ids(section.raw("references")),
        attachments=tuple(tree.attachments),
        headers=tuple((name.lower(), decode_value(value, tree.charset)) for name, value in section.fields),
        structure=tuple(tree.structure),
        defects=tuple(defects),
    )


def _lines(tree: Tree, limits: Limits, defects: dict[str, None]) -> list[Line]:
    """All text of the mail as lines; of two versions of the same text the HTML, which tells more about quotes."""
    lines: list[Line] = []
    seen: set[str] = set()
    for block in tree.blocks:
        found = _block_lines(block, limits, defects)
        key = "".join("".join(line.text.split()) for line in found)
        if not key or key in seen:
            continue
        seen.add(key)
        if lines:
            lines.append(Line(""))
        lines.extend(found)
    return lines


def _block_lines(block: Block, limits: Limits, defects: dict[str, None]) -> list[Line]:
    if block.html is not None and (block.plain is None or len(block.html) <= limits.text):
        rendered = render(block.html, limits)
        letters = sum(len(line.text) for line in rendered.lines)
        # much shorter than its plain version, the HTML is a torn-off beginning or only pictures
        if block.plain is None or letters * 4 > len(block.plain):
            defects.update(rendered.defects)
            return rendered.lines
    text = block.plain or ""
    if len(text) > limits.text:
        defects["text-too-long"] = None
        text = text[: limits.text]
    return plain_lines(text)


def message_id(raw: bytes, section: Section | None = None) -> str:
    """The Message-ID without brackets, as it is; where there is none, one made of the bytes."""
    section = section or split_headers(raw)
    for value in section.raw("message-id"):
        text = decode_value(value)
        match = _ID.search(text)
        found = match[1] if match else "".join(text.split()).strip("<>")
        if found:
            return found[:998]
    return f"{hashlib.sha256(raw).hexdigest()}@sha256.invalid"


def _ids(values: list[bytes]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in values:
        found.update(dict.fromkeys(match[1] for match in _ID.finditer(decode_value(value))))
    ids = list(found)
    return tuple(ids if len(ids) <= _MAX_IDS else [*ids[: _MAX_IDS // 2], *ids[-_MAX_IDS // 2 :]])


def sent_at(raw: bytes) -> datetime | None:
    """What the Date header says, in UTC, or None if it is missing or no date of a mail (before 1990, after 2100)."""
    date = _date(split_headers(raw))
    return date if date and date.year <= 2100 else None


def _believable(section: Section, received_at: datetime) -> datetime | None:
    date = _date(section)
    return date if date and date <= received_at + timedelta(days=1) else None


def _date(section: Section) -> datetime | None:
    for value in section.raw("date"):
        try:
            date = parsedate_to_datetime(decode_value(value)[:200])
            date = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if date >= _EARLIEST:
            return date
    return None


def attachment_bytes(raw: bytes, digest: str) -> bytes | None:
    """The decoded bytes of the attachment with this sha256, read again from the mail; None if it is not there."""
    section = split_headers(raw)
    if section.cut or too_complex(raw, section.end):
        return None
    found: list[bytes] = []

    def keep(attachment: Attachment, data: bytes) -> None:
        if attachment.digest == digest and not found:
            found.append(data)

    try:
        walk(email.message_from_bytes(section.as_bytes() + raw[section.end :]), keep)
    except (Exception, RecursionError, MemoryError):
        return found[0] if found else None
    return found[0] if found else None
