"""`antesala replies`: read whole letters before customers do."""

from __future__ import annotations

from pathlib import Path

import click

from plugin.cli._common import quiet_pipe, rulebook, settings


@click.command("replies", short_help="Show the letters that a rulebook writes.")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--only", metavar="TEXT", help="Only letters whose title holds this, e.g. refund.")
@click.option("--language", metavar="XX", help="Only letters in this language.")
@click.option("--markdown", is_flag=True, help="All of them as a page.")
def command(folder: Path | None, only: str | None, language: str | None, markdown: bool) -> None:
    """Show the letters that a rulebook writes: for every intent and language, and the special cases."""
    from plugin.decide.gallery import as_markdown, samples

    book = rulebook(settings(), folder)
    with quiet_pipe():
        if markdown:
            click.echo(as_markdown(book), nl=False)
            return
        for sample in samples(book):
            if (only and only not in sample.title) or (language and language != sample.language):
                continue
            click.secho(f"{sample.title} ({sample.language})", bold=True)
            reply = sample.decision.reply
            click.echo(reply.text if reply else f"no reply: {sample.decision.no_reply}\n")
