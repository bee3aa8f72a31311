"""What a customer sends in a step: the bytes of a mail, or the payload of a form or desk."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from mimetypes import guess_type
from typing import Any

from conversations.script import Script, ScriptError, Step

DESK = "support@desk.test"
#: The first bytes by which files of a kind are known.
CONTENT = {
    "image/png": b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
    "image/jpeg": b"\xff\xd8\xff\xe0" + b"\0" * 64,
    "application/pdf": b"%PDF-1.4\n%%EOF\n",
    "text/csv": b"listing,price\nVilla Azul,120\n",
}


def message_id(script: Script, step: Step) -> str:
    """Of the message of a step, without brackets."""
    turn = f".{step.turn}" if step.turn else ""
    return f"{script.name}.{step.number}{turn}@customer.test"


def mail(script: Script, step: Step, now: datetime, ours: EmailMessage | None, desk: str = DESK) -> bytes:
    """The mail of a step; `ours` is the last one that its sender got."""
    made = EmailMessage(policy=SMTP)
    made["From"] = step.says("from")
    made["To"] = step.says("to") or desk
    if cc := step.says("cc"):
        made["Cc"] = cc
    made["Subject"] = _subject(step, ours)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{message_id(script, step)}>"
    if answered := _answered(script, step, ours):
        made["In-Reply-To"] = made["References"] = answered
    for name, value in (step.says("headers") or {}).items():
        del made[name]
        made[name] = str(value)
    made.set_content(text(step, ours))
    if html := step.says("html"):
        made.add_alternative(html, subtype="html")
    for name, content_type, data in attachments(step):
        main, _, sub = content_type.partition("/")
        made.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def payload(script: Script, step: Step) -> bytes:
    """The same as a form or a desk hands it in."""
    values: dict[str, Any] = {
        "from": step.says("from"),
        "subject": step.says("subject") or "",
        "text": text(step, None),
    }
    values |= {key: str(step.says(key)) for key in ("ticket", "language") if step.says(key)}
    if files := [{"name": name, "content_type": kind} for name, kind, _ in attachments(step)]:
        values["attachments"] = files
    return json.dumps(values).encode()


def sender(step: Step) -> str:
    """The bare address."""
    return parseaddr(step.says("from"))[1].lower()


def plain(ours: EmailMessage) -> str:
    """The text of one of our mails."""
    part = ours.get_body(("plain",))
    return part.get_content().replace("\r\n", "\n") if part else ""


def text(step: Step, ours: EmailMessage | None) -> str:
    """What is written, with our mail quoted as mail programs do."""
    written = step.says("text") or ""
    quoted = ours is not None and step.says("replies-to") == "ours"
    if inline := step.says("inline"):
        if ours is None:
            raise ScriptError(f"{step.place}: inline answers need a mail of ours before")
        return _inline(ours, inline, written)
    if not quoted or step.says("quote") == "none":
        return written
    assert ours is not None
    below = "\n".join(f"> {line}".rstrip() for line in plain(ours).splitlines())
    return f"{written}\n\n{_intro(ours)}\n{below}\n"


def attachments(step: Step) -> list[tuple[str, str, bytes]]:
    """Name, type and bytes of each file."""
    found = []
    for given in step.says("attachments") or ():
        name = given if isinstance(given, str) else given["name"]
        kind = guess_type(name)[0] or "application/octet-stream"
        data = CONTENT.get(kind, b"\0") if isinstance(given, str) else str(given["text"]).encode()
        found.append((name, kind, data))
    return found


def _subject(step: Step, ours: EmailMessage | None) -> str:
    given = step.says("subject")
    if given is not None or ours is None:
        return given or ""
    subject = str(ours["Subject"])
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _answered(script: Script, step: Step, ours: EmailMessage | None) -> str:
    what = step.says("replies-to")
    if what is None:
        return ""
    if what == "ours":
        if ours is None:
            raise ScriptError(f"{step.place}: there is no mail of ours to reply to yet")
        return str(ours["Message-ID"])
    return f"<{message_id(script, script.steps[int(what) - 1])}>"


def _intro(ours: EmailMessage) -> str:
    """As many mail programs write it."""
    return f"On {ours['Date']}, Support <{DESK}> wrote:"


def _inline(ours: EmailMessage, answers: list[str], above: str) -> str:
    """Our mail quoted, each answer below its question; None leaves a question without one."""
    lines = [above, "", _intro(ours)] if above else [_intro(ours)]
    for line in plain(ours).splitlines():
        lines.append(f"> {line}".rstrip())
        number = re.match(r"([0-9]+)\. ", line)
        if number and int(number[1]) <= len(answers) and answers[int(number[1]) - 1]:
            lines += [str(answers[int(number[1]) - 1]), ""]
    return "\n".join(lines) + "\n"
