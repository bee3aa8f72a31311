"""`antesala explain`: everything that was looked at to decide about a mail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plugin.cli._common import fail, quiet_pipe, rulebook, settings, whose
from plugin.cli._mails import BadFile, some

if TYPE_CHECKING:
    from plugin.model import Assessment, Understood
    from plugin.rulebook import Rulebook


@click.command("explain", short_help="Say why: every rule with file, line and words.")
@click.argument("files", nargs=-1, required=True, metavar="MAIL...")
@click.option(
    "--why-not", metavar="RULE", multiple=True, help="The condition of this rule that failed, and what it saw."
)
@click.option("--all", "everything", is_flag=True, help="Show what did not hold as well.")
@click.option("--json", "as_json", is_flag=True, help="The trail as JSON.")
@click.option("--now", metavar="TIME", help="Decide as of this time, not the mail's date.")
@click.option("--rules", type=click.Path(path_type=Path), help="Another rulebook than ANTESALA_RULES.")
def command(
    files: tuple[str, ...],
    why_not: tuple[str, ...],
    everything: bool,
    as_json: bool,
    now: str | None,
    rules: Path | None,
) -> None:
    """Say why a mail is decided as it is: what was read, and each rule with file, line and the words it rests on."""
    from plugin.cli._opened import moment, opened
    from plugin.cli._trail import trail
    from plugin.decide.decide import decide
    from plugin.decision_json import to_json
    from plugin.model import History
    from plugin.pipeline import look

    given = settings()
    mails = some(files)
    book, ours, at = rulebook(given, rules), whose(given), moment(now) if now else None
    with quiet_pipe():
        for mail in mails:
            if isinstance(mail, BadFile):
                fail(str(mail))
            try:
                message, time = opened(mail, given, at)
            except BadFile as fault:
                fail(str(fault))
            understood, assessment = look(message, book, History(), own=ours)
            decision = decide(understood, assessment, book, History(), time)
            if why_not:
                _why_not(why_not, understood, assessment, book)
            elif as_json:
                click.echo(json.dumps(to_json(decision, mail.name), ensure_ascii=False, indent=2))
            else:
                click.echo(trail(mail.name, understood, decision, everything))


def _why_not(names: tuple[str, ...], understood: Understood, assessment: Assessment, book: Rulebook) -> None:
    from plugin.ruletests.whynot import UnknownRule, why

    for name in names:
        try:
            found = why(name, understood, assessment, book)
        except UnknownRule as fault:
            fail(str(fault))
        for one in found:
            click.echo(f"{one.kind} {one.rule}  {one.place}  {'held' if one.held else 'did not hold'}: {one.because}")
