"""What is ours: addresses, Message-IDs and loop markers, so that we never answer ourselves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr

from plugin.settings import ImapMailbox, Settings


def _never(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Own:
    """Who we are. The two functions say whether a Message-ID, or the value of a loop marker, was signed by us."""

    addresses: frozenset[str] = frozenset()  #: as `plain_address` gives them
    is_own_message_id: Callable[[str], bool] = _never
    is_own_marker: Callable[[str], bool] = _never
    #: addresses of which one must stand in To, Cc or Delivered-To (RFC 5230 section 4.5); empty: not looked at
    recipients: frozenset[str] = frozenset()
    authserv_id: str = ""  #: whose Authentication-Results are believed (RFC 8601); empty: nobody's


def own(
    settings: Settings,
    *,
    is_own_message_id: Callable[[str], bool] = _never,
    is_own_marker: Callable[[str], bool] = _never,
) -> Own:
    """Everything that is ours by the settings.

    That we must be among the recipients is held only where ANTESALA_OWN_ADDRESSES is given: without it nobody can know
    all the aliases that lead into the mailbox.
    """
    given = {plain_address(address) for address in settings.own_addresses}
    users = {m.user for m in settings.mailboxes if isinstance(m, ImapMailbox) and "@" in m.user}
    users |= {parseaddr(settings.mail_from)[1], settings.bounce_address, *settings.gateway_addresses.values()}
    addresses = frozenset(given | {plain_address(address) for address in users if "@" in address})
    return Own(
        addresses=addresses,
        is_own_message_id=is_own_message_id,
        is_own_marker=is_own_marker,
        recipients=addresses if given else frozenset(),
        authserv_id=settings.authserv_id,
    )


def plain_address(email: str) -> str:
    """One spelling for an address: lower case, without +tag and trailing dot, the domain in its ASCII form."""
    local, _, domain = email.strip().strip("<>").lower().rpartition("@")
    domain = domain.rstrip(".")
    if not domain.isascii():
        with suppress(UnicodeError):  # a name that DNS cannot hold stays what it is
            domain = domain.encode("idna").decode("ascii")
    return f"{local.split('+', 1)[0] or local}@{domain}"
