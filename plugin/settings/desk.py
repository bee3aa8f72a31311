"""How the help desk is reached, and how far Antesala may go in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from plugin.settings.checked import is_loopback
from plugin.settings.reader import Reader
from plugin.settings.values import DESK_MODES, DESKS, MIN_DESK_SECRET, SIGNATURES, Secret, SettingsError


def desk(read: Reader) -> Mapping[str, Any]:
    """The settings that begin with `desk`, as fields of Settings."""
    name = read.choice("DESK", "builtin", DESKS)
    remote = name not in ("builtin", "gateway")
    url, token = _url(read), Secret(read.text("DESK_TOKEN", ""))
    if remote and not (url and token):
        missing = "URL" if not url else "TOKEN"
        raise SettingsError(f"ANTESALA_DESK_{missing}: needed with ANTESALA_DESK={name}; see docs/desks/{name}.md")
    if name == "gateway" and not read.text("GATEWAY_ADDRESSES", ""):
        raise SettingsError(
            "ANTESALA_GATEWAY_ADDRESSES: needed with ANTESALA_DESK=gateway, e.g. *=support@desk.example.com; "
            "see docs/desks/mail-gateway.md"
        )
    return {
        "desk": name,
        "desk_url": url,
        "desk_token": token,
        "desk_user": read.text("DESK_USER", ""),
        "desk_secrets": _secrets(read),
        "desk_mode": read.choice("DESK_MODE", "note" if remote else "live", DESK_MODES),
        "desk_groups": names(read, "DESK_GROUPS"),
        "desk_options": _options(read),
        "desk_children": read.flag("DESK_CHILDREN", False),
        "desk_poll": read.number("DESK_POLL", 60, 5, 86400),
    }


def _options(read: Reader) -> Mapping[str, str]:
    found = names(read, "DESK_OPTIONS")
    scheme = found.get("signature", "")
    if scheme and scheme not in SIGNATURES:
        raise SettingsError(
            f"ANTESALA_DESK_OPTIONS: signature={scheme}: expected one of {', '.join(sorted(SIGNATURES))}"
        )
    return found


def names(read: Reader, name: str) -> Mapping[str, str]:
    """`billing=Billing, tech=Technical Support`: names of a desk may hold blanks."""
    out = {}
    for pair in filter(None, (part.strip() for part in read.text(name, "").replace("\n", ",").split(","))):
        key, sep, value = (part.strip() for part in pair.partition("="))
        if not (key and sep and value):
            raise SettingsError(f"ANTESALA_{name}: expected name=value pairs separated by commas")
        out[key] = value
    return out


def _url(read: Reader) -> str:
    text = read.text("DESK_URL", "")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("https", "http") or parts.query or parts.fragment or parts.username:
        raise SettingsError("ANTESALA_DESK_URL: expected an address like https://desk.example.com")
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError("ANTESALA_DESK_URL: http:// would send the token in clear; write https://")
    return text.rstrip("/")


def _secrets(read: Reader) -> tuple[Secret, ...]:
    given = read.lines("DESK_SECRETS")
    if any(len(secret) < MIN_DESK_SECRET for secret in given):
        raise SettingsError(f"ANTESALA_DESK_SECRETS: expected at least {MIN_DESK_SECRET} characters each")
    return tuple(Secret(secret) for secret in given)
