"""People as keyed hashes: enough to count what was sent to whom, not enough to write to them."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

from plugin.understand.own import plain_address

# Split at everything that is no letter: digits, marks and the order of words tell no two robot mails apart.
_NO_LETTER = re.compile(r"[\W\d_]+")
_REPLY_SIGNS = frozenset({"re", "aw", "sv", "rv", "fw", "fwd", "tr", "wg", "res", "enc", "antw", "r"})


def person(key: bytes, email: str) -> str:
    """The keyed hash of an address; case, a +tag and a trailing dot make no other person."""
    return keyed(key, f"person:{plain_address(email)}")


def domain(key: bytes, email: str) -> str:
    """The keyed hash of an address's domain."""
    return keyed(key, f"domain:{plain_address(email).rpartition('@')[2]}")


def mail_id(message_id: str) -> str:
    """The hash under which a Message-ID is kept; the angle brackets do not count."""
    return hashlib.sha256(message_id.strip().strip("<>").encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(key: bytes, text: str) -> str:
    """The same for messages of the same words, whatever their order, digits and marks."""
    words = sorted({word.lower() for word in _NO_LETTER.split(text[:20_000]) if word})
    return keyed(key, "words:" + " ".join(words))


def subject_key(key: bytes, subject: str) -> str | None:
    """The same for a subject and its `Re:` and `Fwd:`; None for an empty one."""
    rest = subject[:1000].strip()
    while True:
        sign, colon, after = rest.partition(":")
        if not colon or sign.strip().lower().split("[", 1)[0] not in _REPLY_SIGNS:
            break
        rest = after.strip()
    rest = " ".join(rest.lower().split())
    return keyed(key, "subject:" + rest) if rest else None


def people(key: bytes, emails: Iterable[str]) -> list[str]:
    """Hashes of many addresses, each once, in order."""
    return list(dict.fromkeys(person(key, email) for email in emails))


def keyed(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:40]
