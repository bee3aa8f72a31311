"""What a customer wrote, made fit to be kept beside the raw bytes: secrets out, wherever they are repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from operator import is_
from typing import Any

from plugin.model import Message
from plugin.understand.facts.found import LIMIT, Text
from plugin.understand.facts.secrets import SECRET, secrets
from plugin.understand.mask import mask

_REMOVED = "[removed]"


@lru_cache(maxsize=8)
def scrubber(message: Message) -> Callable[[str], str]:
    """A function that masks a text about this message.

    A secret is told by the words around it ("password: …"), which a quotation of it may lack; so
    what was found in the whole message is taken out of every part of it as well. A message is scrubbed more than once,
    when it is decided and when that is kept, mostly of the same texts.
    """
    known = sorted(_secrets(message), key=len, reverse=True)

    @lru_cache(maxsize=512)
    def clean(text: str) -> str:
        masked = mask(text)
        for secret in known:
            masked = masked.replace(secret, _REMOVED)
        # NUL cannot be stored in PostgreSQL, and lone surrogates nowhere.
        masked = masked.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
        return text if masked == text else masked

    return clean


def _secrets(message: Message) -> set[str]:
    found = set()
    for whole in {message.subject, message.text, message.newest}:
        for start in range(0, len(whole), LIMIT):
            piece = whole[start : start + LIMIT]
            spans = [fact.evidence for fact in secrets(Text(piece)) if fact.kind in SECRET]
            found |= {piece[span.start : span.end] for span in spans}
    return {secret for secret in found if len(secret) >= 4}


def cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    """The same value with `clean` applied to every text in it; what holds nothing to take out is not made anew."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        entries = tuple([cleaned(entry, clean) for entry in value])
        return value if all(map(is_, entries, value)) else entries
    changed = {}
    for name in _names(value.__class__):
        old = getattr(value, name)
        new = cleaned(old, clean)
        if new is not old:
            changed[name] = new
    return replace(value, **changed) if changed else value


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a class of data; other classes have none."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
