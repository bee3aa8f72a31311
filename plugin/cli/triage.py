"""`antesala triage`: what would be decided about mails, without doing any of it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plugin.cli._common import quiet_pipe, rulebook, settings, whose
from plugin.cli._mails import BadFile, Mail, some
from plugin.cli._opened import moment, opened
from plugin.cli._progress import progress

if TYPE_CHECKING:
    from plugin.model import Decision, Message
    from plugin.rulebook import Rulebook
    from plugin.settings import Settings
    from plugin.understand.own import Own


@click.command("triage", short_help="Say what would be decided about mails; nothing is sent.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line (schemas/decision.schema.json).")
@click.option("--now", metavar="TIME", help="Decide as of this time, e.g. 2026-11-21T09:30+01:00, not the mail's date.")
@click.option("--rules", type=click.Path(path_type=Path), help="Another rulebook than ANTESALA_RULES.")
def command(files: tuple[str, ...], as_json: bool, now: str | None, rules: Path | None) -> None:
    """Say what would be decided about mails. Nothing is stored or sent.

    FILE is a mail (.eml), an mbox, a folder or Maildir, or - for standard input. Each mail is
    decided as of its own date and without any history, so the same file always gives the same
    result.
    """
    at = moment(now) if now else None
    given = settings()
    mails = some(files)
    book, ours = rulebook(given, rules), whose(given)
    failed = 0
    with quiet_pipe(), progress("Triage", len(mails), beside_results=True) as advance:
        for mail in mails:
            try:
                if isinstance(mail, BadFile):
                    raise mail
                click.echo(_line(mail, given, book, ours, at, as_json))
            except BadFile as error:
                click.echo(f"antesala: {error}", err=True)
                failed += 1
            advance()
    if failed:
        raise SystemExit(1)


def _line(mail: Mail, given: Settings, book: Rulebook, ours: Own, at: datetime | None, as_json: bool) -> str:
    message, decision = _decide(mail, given, book, ours, at)
    if as_json:
        from plugin.decision_json import to_json

        return json.dumps(to_json(decision, mail.name), ensure_ascii=False)
    from plugin.cli._decision import for_people

    return for_people(mail.name, message, decision)


def _decide(mail: Mail, given: Settings, book: Rulebook, ours: Own, at: datetime | None) -> tuple[Message, Decision]:
    from plugin.model import History
    from plugin.pipeline import triage

    message, now = opened(mail, given, at)
    try:
        return message, triage(message, book, History(), now, own=ours)
    except Exception as error:
        raise BadFile(
            f"{mail.name}: it could not be decided ({error.__class__.__name__}); please report it with the mail"
        ) from error
