"""What a mail may cost: checked on the raw bytes, before any parser sees them.

The standard library's parser needs minutes for a 10 MB mail made of empty parts and overflows its stack on a thousand
nested ones. Everything here is linear in the size of the mail.
"""

from __future__ import annotations

from dataclasses import dataclass

from plugin.understand.patterns import bytes_pattern

__all__ = ["LIMITS", "Limits", "too_complex"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds; what lies above is read as headers and the beginning of the text, and marked "too-complex"."""

    size: int = 40 * 1024 * 1024  #: bytes of the whole mail
    header_section: int = 128 * 1024  #: bytes
    header_value: int = 20 * 1024  #: bytes; the rest of a longer value is not read
    parts: int = 500
    nesting: int = 50  #: multiparts and attached mails inside one another
    work: int = 100 * 1024 * 1024  #: size times nesting: every line is held against every open boundary
    parser: int = 2 * 1024 * 1024  #: bytes that mail-parser gets to see; larger mails go to the standard library
    addresses: int = 500  #: of one address header
    text: int = 1024 * 1024  #: characters of text, bytes of HTML that are read
    raw_text: int = 64 * 1024  #: bytes shown of a mail that cannot be parsed


LIMITS = Limits()

_NEST = bytes_pattern(rb"(?im)^content-type[ \t]*:[ \t\r\n]*(?:multipart/|message/rfc822|message/global)")
_BOUNDARY = bytes_pattern(rb"""(?i)\bboundary(?:\*0?\*?)?[ \t]*=[ \t]*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))""")
_MARK = bytes_pattern(
    rb"""(?im)^--([^\r\n]{0,220})|^content-type[ \t]*:[ \t\r\n]*(message/(?:rfc822|global)|multipart/[^\r\n]*"""
    rb"""(?:\r?\n[ \t][^\r\n]*){0,4})"""
)


def too_complex(raw: bytes, header_end: int, limits: Limits = LIMITS) -> str | None:
    """Why this mail must not be handed to a parser, or None. `header_end` is where its body begins."""
    if len(raw) > limits.size:
        return f"larger than {limits.size} bytes"
    if header_end > limits.header_section:
        return f"header section larger than {limits.header_section} bytes"
    dashes = raw.count(b"\n--")
    nests = sum(1 for _ in zip(range(limits.nesting + 1), _NEST.finditer(raw), strict=False))
    if dashes <= limits.parts and nests * len(raw) <= limits.work and nests <= limits.nesting:
        return None
    parts, nesting = _shape(raw, limits)
    if parts > limits.parts:
        return f"more than {limits.parts} parts"
    if nesting > limits.nesting:
        return f"nested more than {limits.nesting} deep"
    if nesting * len(raw) > limits.work:
        return f"nested {nesting} deep with {len(raw)} bytes"
    return None


def _shape(raw: bytes, limits: Limits) -> tuple[int, int]:
    """Parts and greatest nesting, as far as either limit; a line counts only if it is a declared boundary."""
    declared = {(m[1] or m[2]).strip() for m, _ in zip(_BOUNDARY.finditer(raw), range(10_000), strict=False)}
    parts = deepest = 0
    open_: list[bytes] = []
    for match in _MARK.finditer(raw):
        if match[2] is not None:
            inner = _BOUNDARY.search(match[2])
            open_.append((inner[1] or inner[2]).strip() if inner else b"")
            deepest = max(deepest, len(open_))
        else:
            line = match[1].rstrip()
            name = line if line in declared else line.removesuffix(b"--")
            if name not in declared:
                continue
            parts += 1
            while open_ and open_[-1] != name and name in open_:
                open_.pop()
            if line != name and open_ and open_[-1] == name:
                open_.pop()
        if parts > limits.parts or deepest > limits.nesting:
            break
    return parts, deepest
