"""Mail addresses out of headers: one strict reader, because a wrong one answers a stranger.

Lenient readers make one address of `alice@example.org)bob@example.com` or `support@ours.com@evil.com`; this one refuses
what has two meanings and mends only what has one (`Name x@y.com`, `"x@y.com"`, a dot at the end).
"""

from __future__ import annotations

import re2

from plugin.model import Address
from plugin.understand.headers import decode_value
from plugin.understand.limits import LIMITS, Limits

__all__ = ["mailboxes", "one_sender", "valid_email"]

_LOCAL = r"[\pL\pN!#$%&'*+/=?^_`{|}~-]+(?:\.+[\pL\pN!#$%&'*+/=?^_`{|}~-]+)*\.?"
_DOMAIN = r"(?:[\pL\pN](?:[\pL\pN_-]*[\pL\pN])?\.)+[\pL][\pL\pN-]*[\pL\pN]"
_EMAIL = re2.compile(f"^{_LOCAL}@{_DOMAIN}$")
_INSIDE = re2.compile(f"{_LOCAL}@{_DOMAIN}")
#: Names that no mail from outside can have (RFC 2606, RFC 6761, RFC 6762).
_NOWHERE = ("localhost", "localdomain", "local", "invalid")


def valid_email(text: str) -> str | None:
    """The address in lower case, with its domain in ASCII where that is possible, or None."""
    text = text.strip().rstrip(".")
    if len(text) > 320 or not _EMAIL.match(text):
        return None
    local, _, domain = text.rpartition("@")
    if domain.lower().rpartition(".")[2] in _NOWHERE:
        return None
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return f"{local}@{domain}".lower()


def mailboxes(values: list[bytes], limits: Limits = LIMITS) -> tuple[Address, ...]:
    """Every valid mailbox of some address headers, in order and each once; at most `limits.addresses`."""
    found: dict[str, Address] = {}
    for value in values:
        for entry in _entries(value, limits):
            address = _strict(entry) or _mended(entry)
            if address:
                found.setdefault(address.email, address)
            if len(found) >= limits.addresses:
                return tuple(found.values())
    return tuple(found.values())


def one_sender(values: list[bytes]) -> tuple[Address | None, tuple[str, ...]]:
    """The one mailbox that all From fields together name, and what was wrong with them.

    None where there is no mailbox, where there are two, or where one could be read in two ways.
    """
    if not values:
        return None, ("from-missing",)
    found: dict[str, Address] = {}
    defects = ["from-repeated"] if len(values) > 1 else []
    for value in values:
        for entry in _entries(value, LIMITS):
            address = _strict(entry)
            if address is None and "@" in _text(entry):
                address = _mended(entry)
                defects.append("from-malformed")
                if address is None:
                    return None, tuple(dict.fromkeys([*defects, "from-ambiguous"]))
            if address:
                found.setdefault(address.email, address)
    if len(found) == 1:
        return next(iter(found.values())), tuple(dict.fromkeys(defects))
    return None, (*dict.fromkeys(defects), "from-ambiguous" if found else "from-missing")


Entry = tuple[tuple[str, str], ...]  # pieces of one mailbox: kind (word, quoted, angle, comment) and text


def _entries(value: bytes, limits: Limits) -> list[Entry]:
    """Split a raw address list at its top-level commas, before encoded words are decoded (RFC 5322, section 3.4)."""
    text = value.decode("utf-8") if _is_utf8(value) else decode_value(value)
    entries: list[Entry] = []
    pieces: list[tuple[str, str]] = []
    at, word = 0, ""
    while at < len(text) and len(entries) < limits.addresses:
        char = text[at]
        if char in '"(<':
            word = _flush(pieces, word)
            kind = {'"': "quoted", "(": "comment", "<": "angle"}[char]
            inner, at = _enclosed(text, at, kind)
            pieces.append((kind, inner))
            continue
        if char in ",;":
            word = _flush(pieces, word)
            if char == "," and pieces and all(kind == "word" and "@" not in text for kind, text in pieces):
                pieces.append(("word", ","))  # a name with a bare comma goes on to its address
            elif pieces:
                entries.append(tuple(pieces))
                pieces = []
        elif char == ":" and not any(kind == "angle" for kind, _ in pieces) and "@" not in word and "=?" not in word:
            pieces, word = [], ""  # the name of a group
        else:
            word += char
        at += 1
    _flush(pieces, word)
    if pieces:
        entries.append(tuple(pieces))
    return entries


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _flush(pieces: list[tuple[str, str]], word: str) -> str:
    if word.strip():
        pieces.append(("word", word.strip()))
    return ""


def _enclosed(text: str, start: int, kind: str) -> tuple[str, int]:
    """The text inside quotes, brackets or (nested) parentheses and the place behind; unclosed goes to the end."""
    closing = {"quoted": '"', "comment": ")", "angle": ">"}[kind]
    depth, at, out = 1, start + 1, []
    while at < len(text):
        char = text[at]
        if char == "\\" and kind != "angle" and at + 1 < len(text):
            out.append(text[at + 1])
            at += 2
            continue
        if kind == "comment" and char == "(":
            depth += 1
        elif char == closing:
            depth -= 1
            if not depth:
                return "".join(out), at + 1
        out.append(char)
        at += 1
    return "".join(out), at


def _text(entry: Entry) -> str:
    return " ".join(text for _, text in entry)


def _strict(entry: Entry) -> Address | None:
    """`name <address>`, `address` or `address (name)`; nothing else."""
    angles = [text for kind, text in entry if kind == "angle"]
    words = [text for kind, text in entry if kind in ("word", "quoted")]
    if len(angles) == 1 and entry[-1][0] in ("angle", "comment"):
        email = valid_email(angles[0])
        named = [f"({text})" if kind == "comment" else text for kind, text in entry if kind != "angle"]
        return Address(email, _name(named)) if email else None
    kinds = [kind for kind, _ in entry if kind != "comment"]
    if kinds == ["word"] and (email := valid_email(words[0])):
        return Address(email, _name([text for kind, text in entry if kind == "comment"]))
    return None


def _mended(entry: Entry) -> Address | None:
    """The only thing in a malformed entry that looks like an address, if nothing else could be meant."""
    text = _text(entry)
    if text.count("@") != 1:
        # a name that repeats the address is no second meaning
        seen = {m[0].lower() for m in _INSIDE.finditer(text[:2000])}
        if len(seen) != 1 or text.lower().count(next(iter(seen))) != text.count("@"):
            return None
    match = _INSIDE.search(text)
    before = text[: match.start()] if match else ""
    after = text[match.end() :] if match else ""
    if not match or (after and after.lstrip(".").strip() and after[0] not in " >)\"'.") or before.endswith(("@", "\\")):
        return None
    email = valid_email(match[0])
    return Address(email, _name([before])) if email else None


def _name(words: list[str]) -> str:
    """The display name: encoded words decoded even inside quotes, which PHP mailers write; at most 200 characters."""
    text = decode_value(" ".join(words).replace(" ,", ",").encode("utf-8", "replace"))
    return " ".join(text.split()).strip("\"' <>")[:200]
