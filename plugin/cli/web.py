"""`antesala web`: the web part in a process of its own."""

from __future__ import annotations

import click

from plugin.cli._serve import Service


@click.command("web", short_help="Only the web part: webhook, pages, health.")
def command() -> None:
    """Only the web part: webhook, pages, health. Beside `worker` and `mailbox` on the same database."""
    Service(("web",)).serve()
