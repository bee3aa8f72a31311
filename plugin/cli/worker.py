"""`antesala worker`: a worker in a process of its own."""

from __future__ import annotations

import click

from plugin.cli._serve import Service


@click.command("worker", short_help="Only a worker: decide and act.")
def command() -> None:
    """Only a worker: decides and acts. On PostgreSQL as many as there is work for, on any hosts."""
    Service(("worker",)).serve()
