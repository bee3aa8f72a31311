"""`antesala test`: the admin's own cases, run by the real pipeline."""

from __future__ import annotations

import os
from pathlib import Path

import click

from plugin.cli._common import fail, rulebook, settings


@click.command("test", short_help="Run the cases of a rulebook.")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--only", metavar="TEXT", help="Only cases whose id or file holds this.")
@click.option("--coverage", is_flag=True, help="Name the rules that no case reaches.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
def command(folder: Path | None, only: str | None, coverage: bool, form: str) -> None:
    """Run the cases in tests/ of a rulebook.

    Each case is a message and what should be decided about it; the clock stands still. Exit code 0: all passed;
    1: a case failed, or there is none.
    """
    from plugin.ruletests.coverage import unreached
    from plugin.ruletests.report import as_github, as_json, as_text
    from plugin.ruletests.run import run

    given = settings()
    folder = folder or given.rules
    book = rulebook(given, folder)
    cases = [c for c in book.cases if not only or only in c.id or only in c.place.file]
    if not cases:
        fail(f"no cases found under {folder / 'tests'}" + (f" for '{only}'" if only else ""))
    results = run(book, cases)
    missed = unreached(book, results) if coverage else None
    if form == "json":
        click.echo(as_json(results, missed))
    elif form == "github":
        click.echo(as_github(results, missed, os.path.relpath(folder)))
    else:
        click.echo(as_text(results, missed))
    if not all(result.passed for result in results):
        raise SystemExit(1)
