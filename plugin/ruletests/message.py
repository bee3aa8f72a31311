"""A case's message as the mail that a customer would have sent, read the way every mail is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from mimetypes import guess_type
from typing import Any

from plugin.model import History, Message
from plugin.rulebook import Case
from plugin.understand.mail import read_mail

#: When a case takes place that does not say: a Wednesday morning.
USUAL_NOW = datetime.fromisoformat("2026-11-18T10:24:00+01:00")
SENDER = "Customer <customer@customer.example>"
RECIPIENT = "support@desk.example"


class CaseError(ValueError):
    """A case that cannot be run; the text says which part and what to write instead."""


def read_case(case: Case) -> tuple[Message, History, datetime]:
    """The message, what was known before, and the time."""
    now = _time(case.raw.get("now"))
    return read_mail(_mail(case, now), now), history(case.raw.get("history") or {}), now


def _mail(case: Case, now: datetime) -> bytes:
    given = case.message
    mail = EmailMessage(policy=SMTP)
    mail["From"] = str(given.get("from", SENDER))
    mail["To"] = str(given.get("to", RECIPIENT))
    mail["Subject"] = " ".join(str(given.get("subject", "")).split())
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{case.id}@customer.example>"
    for name, value in (given.get("headers") or {}).items():
        del mail[name]
        mail[name] = str(value)
    mail.set_content(str(given.get("body", "")))
    for name in given.get("attachments") or ():
        main, _, sub = (guess_type(str(name))[0] or "application/octet-stream").partition("/")
        mail.add_attachment(b"\0", maintype=main, subtype=sub, filename=str(name))
    return mail.as_bytes()


def history(given: Mapping[str, Any]) -> History:
    """A History from its fields; lists become sets."""
    fields = History.__dataclass_fields__
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise CaseError(f"history has no '{unknown[0]}'; it may have {', '.join(sorted(fields))}")
    values: dict[str, Any] = {n: frozenset(v) if isinstance(v, list) else v for n, v in given.items()}
    return History(**values)


def _time(given: object) -> datetime:
    if given is None:
        return USUAL_NOW
    try:
        found = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError as fault:
        raise CaseError(f"now: '{given}' is not a time; write it like 2026-11-18T10:24+01:00") from fault
    if found.tzinfo is None:
        raise CaseError(f"now: '{given}' has no time zone; write it like 2026-11-18T10:24+01:00")
    return found
