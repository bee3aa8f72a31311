"""`antesala mailbox`: the mailboxes in a process of their own."""

from __future__ import annotations

import click

from plugin.cli._serve import Service


@click.command("mailbox", short_help="Only the mailboxes: take what arrives into the store.")
def command() -> None:
    """Only the mailboxes: takes what arrives into the store, where the workers find it."""
    Service(("mailboxes",)).serve()
