"""Mails in and out of real desks."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from servers.smtp import SmtpServer

from plugin.desks.words import plain

SUPPORT = "support@desk.test"


def mail(sender: str, subject: str, text: str, message_id: str = "") -> bytes:
    """What a customer's program would send."""
    made = EmailMessage(policy=policy.SMTP)
    made["From"] = f"Ana Casa <{sender}>"
    made["To"] = SUPPORT
    made["Subject"] = subject or "(sin asunto)"
    made["Date"] = format_datetime(datetime.now(UTC))
    made["Message-ID"] = f"<{message_id}>" if message_id else make_msgid(domain="casa.example")
    made.set_content(text)
    return made.as_bytes()


def files_received(server: SmtpServer, recipient: str, mark: str) -> list[tuple[str, str]]:
    """Names and texts of the files in such mails."""
    mails = [
        message_from_bytes(taken.data, policy=policy.default) for taken in server.mails if recipient in taken.recipients
    ]
    parts = [part for found in mails if mark in str(found["Subject"]) for part in found.walk()]
    return [(part.get_filename(), part.get_content().replace("\r\n", "\n")) for part in parts if part.get_filename()]


def received(server: SmtpServer, recipient: str, mark: str) -> list[str]:
    """Texts of the mails that the desk sent to somebody whose subject holds a mark, oldest first."""
    found = []
    for taken in list(server.mails):
        parsed = message_from_bytes(taken.data, policy=policy.default)
        if recipient in taken.recipients and mark in str(parsed["Subject"]):
            body = parsed.get_body(("plain", "html"))
            text = body.get_content() if body else ""
            found.append(plain(text) if body and body.get_content_type() == "text/html" else text)
    return found
