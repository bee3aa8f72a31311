"""The order of the looks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from plugin.service.doctor import here, mail, people
from plugin.service.doctor.findings import Finding, Look, careful
from plugin.settings import Settings


def rounds(settings: Settings) -> Iterator[Finding]:
    """Every look, one after the other; each takes a minute at most."""
    for name, look in _looks(settings):
        yield careful(name, look)


def _looks(settings: Settings) -> Iterator[tuple[str, Look]]:
    for box in settings.mailboxes:
        yield f"mailbox {box.name}", partial(mail.mailbox, box, settings)
    yield "smtp", partial(mail.smtp, settings)
    if settings.smtp.scheme != "maildir":
        yield "sent mail", partial(mail.sent, settings)
    for name, look in (
        ("desk", here.desk),
        ("clock", here.clock),
        ("disk", here.disk),
        ("store", here.store),
        ("rulebook", here.rulebook),
        (people.NAME, people.told),
    ):
        yield name, partial(look, settings)
