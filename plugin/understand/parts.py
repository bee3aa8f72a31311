"""The parts of a parsed mail: which of them are its text, which are files.

An own walk over the tree, because a mail parser's lists mix them up: text of an attached mail becomes the customer's
text, an unnamed picture disappears, and broken parts raise out of the middle of a list.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from email.errors import InvalidBase64LengthDefect
from email.message import Message as Part

from plugin.model import Attachment
from plugin.understand.charset import clean, decode
from plugin.understand.files import describe
from plugin.understand.headers import decode_value, parameter

__all__ = ["Block", "Tree", "walk"]

_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))

_MAILS = ("message/rfc822", "message/global", "message/news")


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of the mail's text, in one or two versions of the same content."""

    plain: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Tree:
    """What a walk over the parts found."""

    blocks: list[Block] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    structure: list[str] = field(default_factory=list)
    defects: dict[str, None] = field(default_factory=dict)
    charset: str = ""  #: of the first text part, for headers with raw 8-bit bytes
    keep: Callable[[Attachment, bytes], None] | None = None  #: called with the bytes of every attachment


def walk(root: Part, keep: Callable[[Attachment, bytes], None] | None = None) -> Tree:
    """Read all parts in order. Attached mails are files and are not entered. Never raises on what a mail holds."""
    tree = Tree(keep=keep)
    _enter(root, tree, tree.blocks, related=False, root=True)
    if not tree.blocks and _content_type(root) in _MAILS and isinstance(root.get_payload(), list):
        _enter(root.get_payload()[0], tree, tree.blocks, related=False, root=True)  # type: ignore[arg-type, index]
    return tree


def _enter(part: Part, tree: Tree, blocks: list[Block], *, related: bool, root: bool = False) -> None:
    content_type = _content_type(part)
    tree.structure.append(_described(part, content_type))
    children = _children(part)
    if content_type in _MAILS or content_type.startswith("message/"):
        _attach(part, tree, content_type, _mail_bytes(part))
    elif children is not None:
        inner: list[Block] = []
        for child in children:
            _enter(child, tree, inner, related=content_type == "multipart/related")
        blocks.extend(_alternatives(inner) if content_type == "multipart/alternative" else inner)
    elif content_type.startswith("multipart/"):
        tree.defects["multipart-broken"] = None
        _text(part, tree, blocks, "text/plain")
    elif _is_text(part, content_type, root):
        _text(part, tree, blocks, content_type)
    else:
        _attach(part, tree, content_type, payload(part), related=related)
    if part.defects:
        tree.defects["mime-broken"] = None


def _alternatives(blocks: list[Block]) -> list[Block]:
    """The versions of a multipart/alternative as one block (RFC 2046, section 5.1.4)."""
    plain = [b.plain for b in blocks if b.plain is not None]
    html = [b.html for b in blocks if b.html is not None]
    if not plain and not html:
        return []
    return [Block("\n".join(plain) if plain else None, "\n".join(html) if html else None)]


def _is_text(part: Part, content_type: str, root: bool) -> bool:
    main, _, sub = content_type.partition("/")
    if main != "text" or sub in ("calendar", "csv", "vcard", "x-vcard", "directory", "rtf", "rfc822-headers"):
        return False
    if sub in ("x-amp-html", "watch-html", "x-watch-html"):
        return False
    return root or (_disposition(part) != "attachment" and not _filename(part))


def _text(part: Part, tree: Tree, blocks: list[Block], content_type: str) -> None:
    raw_type = _header(part, "content-type")
    charset = parameter(raw_type, "charset") or _rfc2231(parameter(raw_type, "charset*"))
    text, defect = decode(payload(part), charset or None)
    text = clean(text)
    if defect:
        tree.defects[defect] = None
    tree.charset = tree.charset or charset
    if content_type.endswith(("/html", "/xhtml", "/enriched", "/xml")):
        blocks.append(Block(html=text))
    else:
        if parameter(raw_type, "format").lower() == "flowed":
            text = _unflow(text, parameter(raw_type, "delsp").lower() == "yes")
        blocks.append(Block(plain=text))


def _unflow(text: str, delete_space: bool) -> str:
    """Join flowed lines (RFC 3676, section 4.2); quoted lines and the signature mark stay as they are."""
    out: list[str] = []
    joining = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        body = line[1:] if line.startswith(" ") else line
        flowed = body.endswith(" ") and body != "-- " and not quoted
        shown = (body[:-1] if delete_space else body) if flowed else body
        if joining and not quoted and body.strip() and body != "-- ":
            out[-1] += shown
        else:
            out.append(shown)
        joining = flowed and bool(body.strip())
    return "\n".join(out)


def _attach(part: Part, tree: Tree, content_type: str, data: bytes, *, related: bool = False) -> None:
    name = _filename(part)
    disposition = _disposition(part)
    inline = disposition != "attachment" and (disposition == "inline" or related or bool(_header(part, "content-id")))
    if content_type in _MAILS:
        inline = False
    attachment = describe(data, content_type, name, inline)
    tree.attachments.append(attachment)
    if tree.keep:
        tree.keep(attachment, data)


# --- reading a part, which may be broken in every way ------------------------------------------


def _header(part: Part, name: str) -> str:
    for key, value in part.raw_items():
        if key.lower() == name:
            return str(value).encode("utf-8", "surrogateescape").decode("latin-1").replace("\0", "")
    return ""


def _content_type(part: Part) -> str:
    try:
        value = part.get_content_type().lower()
    except Exception:
        return "application/octet-stream"
    return value if value.isascii() and value.isprintable() and len(value) <= 120 else "application/octet-stream"


def _described(part: Part, content_type: str) -> str:
    if content_type == "multipart/report" and (report := parameter(_header(part, "content-type"), "report-type")):
        return f"{content_type}; report-type={report.lower()[:60]}"
    return content_type


def _children(part: Part) -> list[Part] | None:
    found = part.get_payload()
    return [child for child in found if isinstance(child, Part)] if isinstance(found, list) else None


def _disposition(part: Part) -> str:
    return _header(part, "content-disposition").partition(";")[0].strip().lower()


def _filename(part: Part) -> str:
    try:
        name = part.get_filename() or ""
    except Exception:  # the standard library raises on mixed RFC 2231 parameters
        disposition, kind = _header(part, "content-disposition"), _header(part, "content-type")
        name = parameter(disposition, "filename") or _rfc2231(parameter(disposition, "filename*"))
        name = name or parameter(kind, "name")
    return decode_value(str(name).encode("utf-8", "surrogateescape"))


def _rfc2231(value: str) -> str:
    """The value of an extended parameter without its charset and language (RFC 2231, section 4)."""
    return value.rpartition("'")[2]


def payload(part: Part) -> bytes:
    """The decoded bytes of a leaf, as far as they can be decoded."""
    try:
        data = part.get_payload(decode=True)
    except Exception:
        data = None
    if isinstance(data, bytes) and not any(isinstance(d, InvalidBase64LengthDefect) for d in part.defects):
        return data
    raw = vars(part).get("_payload")
    if isinstance(data, bytes) and isinstance(raw, str):  # a mail that was cut off inside a character of base64
        letters = data.translate(None, _NOT_BASE64)
        return base64.b64decode(letters[: len(letters) // 4 * 4])
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def _mail_bytes(part: Part) -> bytes:
    """The bytes of an attached mail or report, as the parser can give them back."""
    children = _children(part)
    if children is None:
        return payload(part)
    try:
        return b"\n".join(child.as_bytes() for child in children)
    except Exception:
        return "\n".join(_rough(child) for child in children).encode("utf-8", "surrogateescape")


def _rough(part: Part) -> str:
    head = "\n".join(f"{name}: {value}" for name, value in part.raw_items())
    body = vars(part).get("_payload")
    return f"{head}\n\n{body if isinstance(body, str) else ''}"
