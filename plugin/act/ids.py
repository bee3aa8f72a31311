"""Our Message-IDs and loop markers: always the same for the same reply, and only ours to make.

They are signed with the key of `keys.py`, so that every instance with that key knows them again,
without asking any database, and nobody can make one up to get into a conversation.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import partial

from plugin.act.keys import signing_key
from plugin.settings import Settings
from plugin.understand.own import Own, own

MARKER = "X-Antesala-Loop"
_LENGTH = 24  #: hex digits: 96 bits


def message_id(settings: Settings, *what: str) -> str:
    """A Message-ID without brackets: the same for the same `what`, for ever."""
    name = hashlib.sha256("\0".join(what).encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
    return f"{name}.{_sign(signing_key(settings), 'id', name)}@{settings.message_id_domain}"


def is_own_message_id(candidate: str, settings: Settings) -> bool:
    """Did we, or an instance with our key, make this Message-ID? The domain does not matter."""
    return _our_id(signing_key(settings), candidate)


def marker(settings: Settings, own_id: str) -> str:
    """The value of the loop marker of a mail of ours."""
    name = own_id.partition(".")[0]
    return f"{name}; {_sign(signing_key(settings), 'loop', name)}"


def is_own_marker(candidate: str, settings: Settings) -> bool:
    """Was this loop marker signed with our key?"""
    return _our_marker(signing_key(settings), candidate)


def whose(settings: Settings) -> Own:
    """Everything that is ours, for `triage()`: addresses, Message-IDs and loop markers. It can be handed to judges."""
    key = signing_key(settings)
    return own(settings, is_own_message_id=partial(_our_id, key), is_own_marker=partial(_our_marker, key))


def _our_id(key: bytes, candidate: str) -> bool:
    name, _, signature = candidate.strip().strip("<>").partition("@")[0].partition(".")
    return _same(signature, _sign(key, "id", name))


def _our_marker(key: bytes, candidate: str) -> bool:
    name, _, signature = candidate.partition(";")
    return _same(signature.strip(), _sign(key, "loop", name.strip()))


def _sign(key: bytes, use: str, name: str) -> str:
    text = f"{use}:{name}".encode("utf-8", "surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:_LENGTH]


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode("ascii"))
