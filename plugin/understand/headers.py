"""The header section, read from the raw bytes and mended, and header values as text.

The standard library ends the section at the first line that it does not understand; everything below, often From and
Auto-Submitted, would become body. Here such lines are mended first, and the mended section is what the parser gets.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import re2

from plugin.understand.charset import clean, decode
from plugin.understand.limits import LIMITS, Limits
from plugin.understand.patterns import bytes_pattern

__all__ = ["Section", "decode_value", "parameter", "split_headers"]

_NAME = bytes_pattern(rb"^([!-9;-~]{1,200})[ \t]*:")
#: A line of these names after a broken one shows that the section goes on.
_KNOWN = bytes_pattern(
    rb"(?i)^(?:from|to|cc|bcc|subject|date|sender|reply-to|message-id|in-reply-to|references|received|return-path|"
    rb"mime-version|content-[a-z-]{2,40}|x-[a-z0-9-]{2,80}|auto-submitted|precedence|list-[a-z-]{2,40}|"
    rb"dkim-signature|authentication-results|arc-[a-z-]{2,40}|user-agent|thread-[a-z-]{2,20}|importance|"
    rb"delivered-to)[ \t]*:"
)
#: What mail programs, exports and forwards put before the first header.
_PRELUDE = bytes_pattern(
    rb"(?i)^(?:\xef\xbb\xbf|[ \t]*\r?\n|\r\n?|>?From [^\r\n]*\r?\n|-{2,}[ \t]*original e?-?mail message[^\r\n]*\r?\n)"
)
_WORD = re2.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re2.compile(r"^[ \t\r\n]*$")
_MAX_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Section:
    """The header section of a mail."""

    fields: tuple[tuple[str, bytes], ...]  #: name as written, value unfolded
    end: int  #: where the body begins in the raw bytes
    defects: tuple[str, ...] = ()
    cut: bool = False  #: the section, or a value in it, was longer than the limit

    def raw(self, name: str) -> list[bytes]:
        """All values of a header in their order; `name` in lower case."""
        return [value for key, value in self.fields if key.lower() == name]

    def as_bytes(self) -> bytes:
        """The mended section as a parser wants it, with the empty line at its end."""
        return b"".join(b"%s: %s\r\n" % (name.encode("ascii"), value) for name, value in self.fields) + b"\r\n"


def split_headers(raw: bytes, limits: Limits = LIMITS) -> Section:
    """Read the header section; never raises. Reads at most `limits.header_section` bytes and says so."""
    start = _skip_prelude(raw)
    newline = b"\r" if b"\n" not in raw[: limits.header_section] and b"\r" in raw[:4096] else b"\n"
    defects = ["prelude"] if start else []
    fields: list[tuple[bytes, list[bytes]]] = []
    at = start
    stop = min(len(raw), start + limits.header_section)
    cut = False
    while True:
        if at >= len(raw):
            break
        if at >= stop:
            cut = True
            break
        end = raw.find(newline, at, stop)
        if end < 0:
            cut = stop < len(raw)
            end = stop
        line = raw[at:end]
        following = end + 1
        if not line.strip(b"\r\n"):
            at = following
            break
        match = _NAME.match(line)
        if line[:1] in b" \t" and fields:
            fields[-1][1].append(line)
        elif match:
            fields.append((match[1], [line[match.end() :]]))
        elif fields and _continues(raw, following):
            defects.append("header-broken")
            fields[-1][1].append(line)
        else:
            defects.append("headers-without-end")
            break
        at = following
    if not fields:
        return Section((), start, (*defects, "no-headers"), cut)
    values, long_ = _values(fields, limits)
    if long_:
        defects.append("header-too-long")
    return Section(values, min(at, len(raw)), tuple(dict.fromkeys(defects)), cut)


def _skip_prelude(raw: bytes) -> int:
    at = 0
    for _ in range(20):
        match = _PRELUDE.match(raw[at : at + 2000])
        if not match or not match.end():
            break
        at += match.end()
    return at


def _continues(raw: bytes, at: int) -> bool:
    """Whether one of the next three lines is a header that we know, before an empty line."""
    for line in raw[at : at + 3000].split(b"\n")[:3]:
        if not line.strip():
            return False
        if _KNOWN.match(line):
            return True
    return False


def _values(fields: list[tuple[bytes, list[bytes]]], limits: Limits) -> tuple[tuple[tuple[str, bytes], ...], bool]:
    out, long_ = [], False
    for name, lines in fields:
        value = b" ".join(line.strip(b" \t\r\n") for line in lines).strip()
        value = value.translate(_NO_BREAKS, b"\0")
        if len(value) > limits.header_value:
            value, long_ = value[: limits.header_value], True
        out.append((name.decode("ascii"), value))
    return tuple(out), long_


_NO_BREAKS = bytes.maketrans(b"\r\n\x0b\x0c", b"    ")


def decode_value(value: bytes, hint: str | None = None) -> str:
    """A header value as people read it: encoded words (RFC 2047) and raw 8-bit bytes decoded, one line, no controls.

    `hint` is the charset of the body, for raw 8-bit bytes. Linear, where the standard library
    is quadratic in the number of encoded words.
    """
    text, _ = decode(value, hint)
    if "=?" in text:
        text = _words(text)
    if not text.isprintable():
        text = clean(text)
        text = " ".join(text.split())
    return text.strip()


def _words(text: str) -> str:
    out: list[str] = []
    pending: list[bytes] = []  # bytes of adjacent words of one charset: senders split inside a character
    charset = ""
    last = 0
    for count, match in enumerate(_WORD.finditer(text)):
        if count >= _MAX_WORDS:
            break
        between = text[last : match.start()]
        named = match[1].partition("*")[0].lower()
        glued = count > 0 and _BETWEEN.match(between)
        if pending and not (glued and named == charset):
            out.append(decode(b"".join(pending), charset)[0])
            pending = []
        if not glued:
            out.append(between)
        pending.append(_word_bytes(match[2], match[3]))
        charset, last = named, match.end()
    if pending:
        out.append(decode(b"".join(pending), charset)[0])
    out.append(text[last:])
    return "".join(out)


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "bB":
        data = data.translate(None, b" \t\r\n").rstrip(b"=")
        data = data[: len(data) - 1] if len(data) % 4 == 1 else data
        try:
            return base64.b64decode(data + b"=" * (-len(data) % 4))
        except (binascii.Error, ValueError):
            return payload.encode("utf-8", "replace")
    return binascii.a2b_qp(data, header=True)


_PARAMETER = re2.compile(r"""(?i);\s*([a-z*0-9-]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))""")


def parameter(value: str, name: str) -> str:
    """A parameter of a structured header (`report-type` of a Content-Type), or the empty string."""
    for match in _PARAMETER.finditer(value[:2000]):
        if match[1].lower() == name:
            return str(match[2] if match[2] is not None else match[3])
    return ""
