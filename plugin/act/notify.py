"""Telling people by whatever they use: mail, Slack, Teams and the rest, by the addresses that Apprise knows.

An address holds secrets: it stands in the settings alone, and nothing of it gets into a log, an outcome or an
exception. Once `commit` was called it may have been told, so what is not clearly a refusal is uncertain: nobody is
told twice without somebody wanting it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from plugin.act.outcome import Outcome

#: What Apprise logs of an answer that says no, or of a connection that there never was.
_STATUS = re.compile(r"\berror=([0-9]{3})\b")
_NEVER_THERE = (
    "Connection refused",
    "Name or service not known",
    "Temporary failure in name resolution",
    "No route to host",
    "Network is unreachable",
    "Failed to resolve",
)


def notify(address: str, title: str, body: str, commit: Callable[[], bool]) -> Outcome | None:
    """Tell the people behind one Apprise address. `commit` is asked right before; where it says no, nothing is done.

    Never raises.
    """
    with _Heard() as heard:
        try:
            service = service_of(address)
        except Exception as error:  # a plugin of Apprise that falls over at its own address
            return Outcome("dead", error=error.__class__.__name__)
        if service is None:
            return Outcome("dead", error="NotifyAddressUnreadable")
        if not commit():
            return None
        try:
            told = _everybody(service).notify(title=title, body=body, body_format="text")
        except Exception as error:
            return Outcome("uncertain", error=error.__class__.__name__)
    return Outcome("done", receipt="told") if told else heard.outcome()


def readable(address: str) -> bool:
    """Whether Apprise knows what to do with an address; nobody is told anything."""
    with _Heard():
        try:
            return service_of(address) is not None
        except Exception:
            return False


def service_of(address: str) -> Any | None:
    """The service that an address names; None if Apprise cannot read it."""
    import apprise  # takes a fifth of a second, and few processes ever tell anybody
    from apprise.plugins.email.base import NotifyEmail

    service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if isinstance(service, NotifyEmail):
        # No robot shall answer, and no Antesala take it for a customer's mail (RFC 3834 section 5).
        service.headers.setdefault("Auto-Submitted", "auto-generated")
    return service


def _everybody(service: Any) -> Any:
    """The one service as Apprise's own container: it turns plain text into what the service wants."""
    import apprise

    everybody = apprise.Apprise()
    everybody.add(service)
    return everybody


class _Heard(logging.Handler):
    """What Apprise and its HTTP library say meanwhile: they say why it failed in their logs alone.

    Those hold addresses, so nobody else hears them.
    """

    LOGS = ("apprise", "requests", "urllib3")

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []
        self._before: list[tuple[logging.Logger, int, bool]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())

    def __enter__(self) -> _Heard:
        for log in map(logging.getLogger, self.LOGS):
            self._before.append((log, log.level, log.propagate))
            log.addHandler(self)
            log.setLevel(logging.DEBUG)
            log.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        for log, level, propagate in self._before:
            log.removeHandler(self)
            log.setLevel(level)
            log.propagate = propagate

    def outcome(self) -> Outcome:
        """What the failure was."""
        for text in self.said:
            if status := _STATUS.search(text):
                error = f"Http {status.group(1)}"
                forever = status.group(1) in ("400", "401", "403", "404", "410")
                return Outcome("dead" if forever else "again", error=error)
            if any(sign in text for sign in _NEVER_THERE):
                return Outcome("again", error="NotifyUnreachable")
        return Outcome("uncertain", error="NotifyUnclear")
