"""Addresses, web addresses and signing secrets that a setting gives, looked at before anything rests on them."""

from __future__ import annotations

import binascii
import ipaddress
from base64 import b64decode
from collections.abc import Mapping
from email.utils import getaddresses
from typing import Any
from urllib.parse import SplitResult, urlsplit

from plugin.settings.reader import Reader
from plugin.settings.values import Secret, SettingsError

MAKE_SECRET = "make one with: echo whsec_$(head -c 32 /dev/urandom | base64)"  # noqa: S105


def sender(read: Reader, name: str, default: str) -> str:
    """One address, with or without a name: `Support <support@example.com>`."""
    text = read.text(name, default)
    found = getaddresses([text])
    if len(found) != 1 or not _is_address(found[0][1]) or not text.isprintable():
        raise SettingsError(f"ANTESALA_{name}: expected one mail address, e.g. Support <support@example.com>")
    return text


def bare(read: Reader, name: str) -> str:
    """One address alone as it stands in an envelope, or nothing."""
    text = read.text(name, "")
    if text and not (_is_address(text) and text.isascii()):
        raise SettingsError(f"ANTESALA_{name}: expected one mail address, e.g. archive@example.com")
    return text


def several(read: Reader, name: str) -> frozenset[str]:
    """Addresses in small letters, separated by blanks; commas do no harm."""
    found = read.text(name, "").replace(",", " ").split()
    if wrong := [text for text in found if not _is_address(text)]:
        raise SettingsError(f"ANTESALA_{name}: {wrong[0]} is not a mail address; separate them by blanks")
    return frozenset(text.lower() for text in found)


def by_group(read: Reader, name: str) -> Mapping[str, str]:
    """`group=address` pairs."""
    found = read.pairs(name)
    for group, address in found.items():
        if not _is_address(address):
            raise SettingsError(
                f"ANTESALA_{name}: {group}={address} has no mail address; write {group}=queue@example.com, "
                "and separate pairs by blanks"
            )
    return found


def webhook(read: Reader) -> Mapping[str, Any]:
    """Where every decision goes, and what signs it: both or neither, since nobody could tell who sent it."""
    url, secret = read.text("HOOK_URL", ""), read.text("HOOK_SECRET", "")
    parts = split(url)
    if url and (parts is None or parts.scheme not in ("http", "https")):
        raise SettingsError("ANTESALA_HOOK_URL: expected an address like https://example.com/antesala")
    if url and not secret:
        raise SettingsError(
            f"ANTESALA_HOOK_SECRET: needed with ANTESALA_HOOK_URL, whose receiver checks it; {MAKE_SECRET}"
        )
    if secret:
        signing_key(secret, "ANTESALA_HOOK_SECRET")
    return {"hook_url": url, "hook_secret": Secret(secret)}


def sentry(read: Reader) -> Secret:
    """`https://key@host/project`, as Sentry shows it."""
    text = read.text("SENTRY_DSN", "")
    parts = split(text)
    whole = parts and parts.scheme in ("http", "https") and parts.username and parts.path.rpartition("/")[2].isdigit()
    if text and not whole:
        raise SettingsError("ANTESALA_SENTRY_DSN: expected what Sentry shows as DSN, https://key@host/number")
    return Secret(text)


def signing_key(text: str, where: str) -> bytes:
    """The key in a `whsec_…` secret. Raises SettingsError, which never shows it."""
    try:
        key = b64decode(text.removeprefix("whsec_"), validate=True) if text.startswith("whsec_") else b""
    except (binascii.Error, ValueError):
        key = b""
    if not 24 <= len(key) <= 64:
        raise SettingsError(f"{where}: expected whsec_ and the base64 of 24 to 64 random bytes; {MAKE_SECRET}")
    return key


def split(text: str) -> SplitResult | None:
    """The parts of a web address that has a host; None for anything else."""
    try:
        parts = urlsplit(text)
        return parts if parts.hostname and parts.port != 0 else None  # port raises for what is no number
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Does what is sent there stay on this machine? A name that begins like such an address may lead anywhere."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    name, _, domain = text.partition("@")
    return bool(name and domain) and "@" not in domain and text.isprintable() and not set(text) & set(' <>,;"()')
