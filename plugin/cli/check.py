"""`antesala check`: every mistake of a rulebook, with its place and what to do."""

from __future__ import annotations

from pathlib import Path

import click

from plugin.cli._common import settings

FORMATS = ("text", "json", "github")


@click.command("check", short_help="Find every mistake in a rulebook.")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Exit 3 if there are warnings.")
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print.")
def command(folder: Path | None, strict: bool, style: str) -> None:
    """Check the rule files in FOLDER (default: the rulebook in force).

    Exit 0: good. 1: errors, or nothing to check. 3: warnings only, with --strict. Each [code] has a page in
    docs/problems/.
    """
    from plugin.decide.problems import problems
    from plugin.rulebook import check
    from plugin.rulebook.problems import FORMATS as PRINTERS

    if folder is None:
        given = settings()
        folder, cache = given.rules, given.home / "cache"
    else:
        cache = None
    report = check(folder, cache=cache, further=problems)
    click.echo(PRINTERS[style](report, folder))
    if report.errors:
        raise SystemExit(1)
    if report.warnings and strict:
        raise SystemExit(3)
