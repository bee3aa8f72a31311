"""`antesala run`: everything in one process, on embedded defaults or whatever the settings say."""

from __future__ import annotations

import click

from plugin.cli._common import out
from plugin.cli._screen import screen
from plugin.cli._serve import Service


@click.command("run", short_help="Start everything: read mail, sort, answer, show the tickets.")
def command() -> None:
    """Read the mailboxes, sort what comes, answer, and show the tickets. Ctrl-C stops it.

    SIGHUP reads the rules again.
    """
    service = Service(("web", "worker", "mailboxes"))
    service.serve(lambda: out.print(screen(service)))
