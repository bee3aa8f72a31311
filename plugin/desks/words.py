"""What the files of the desks share about texts: HTML to plain text, two texts that are the same, files, headers."""

from __future__ import annotations

import mimetypes
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from unicodedata import normalize

from plugin.act.outcome import Outcome, State
from plugin.desks.protocol import DeskError
from plugin.model import Attachment
from plugin.understand.addresses import valid_email
from plugin.understand.charset import clean
from plugin.understand.files import describe
from plugin.understand.html import render
from plugin.understand.newest import plain_lines, whole_text
from plugin.understand.newest.lines import QUOTE

_MAX_HEADERS = 64 * 1024  #: characters of a mail's header that are looked at


def outcome(state: State, error: str, *, wait: float | None = None, fault: bool = False) -> DeskError:
    """A DeskError; `error` is a word of ours, never of the desk's."""
    return DeskError(Outcome(state, error=error, wait=wait, fault=fault))


def plain(html: str) -> str:
    """HTML as a reader would see it; what it marks as quoted keeps a `>`, so that it is not read as newly written."""
    texts = [
        f"> {line.text}" if line.hint == QUOTE and line.text[:1] != ">" else line.text for line in render(html).lines
    ]
    return whole_text(plain_lines("\n".join(texts)))


def harmless(text: str) -> str:
    """The text with every sign of a template tag taken apart, for desks that fill in agents' texts: a customer's words
    may be in ours. The end of a tag too, since a desk may wrap it."""
    signs = ("{{", "{%", "{#", "%}", "}}")
    return "".join(c + " " if c + after in signs else c for c, after in zip(text, text[1:] + ".", strict=True))


def same_words(one: str, other: str) -> bool:
    """Is `other` in `one`, whatever a desk did to blanks, marks and markup? Letters and digits count, in order."""
    return bool(_bare(other)) and _bare(other) in _bare(one)


def equal_words(one: str, other: str) -> bool:
    """Nothing but `other` in `one`, in the same sense."""
    return bool(_bare(other)) and _bare(one) == _bare(other)


def file_of(name: str, content_type: str, size: int) -> Attachment:
    """A file that was not fetched, by what the desk says of it."""
    kind = content_type or mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"
    return replace(describe(b"", kind.lower(), name, inline=False), size=size)


def base64_of(text: str) -> str:
    """A file of ours in JSON."""
    return b64encode(text.encode("utf-8")).decode("ascii")


def ascii_name(name: str) -> str:
    """A file's name without accents, for desks that spoil them."""
    return normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")


def email_of(text: str | None) -> str:
    """The address, lower-cased; "" if it is none."""
    return valid_email(text or "") or ""


def headers_of(text: str) -> Iterator[tuple[str, str]]:
    """Header fields of a mail as text: lower-cased names and decoded values."""
    for name, value in message_from_string(text[:_MAX_HEADERS].strip() + "\n\n").items():
        folded = " ".join(clean(str(value)).split())
        try:
            yield name.lower(), str(make_header(decode_header(folded)))
        except (HeaderParseError, ValueError, LookupError):
            yield name.lower(), folded


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum()).casefold()
