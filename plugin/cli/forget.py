"""`antesala forget`: a person's data leaves, everywhere."""

from __future__ import annotations

import click

from plugin.cli._common import fail, settings, store


@click.command("forget", short_help="Remove a person's data for good.")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(address: str, yes: bool) -> None:
    """Remove everything about the person with this mail ADDRESS, and say what was removed.

    Mails, attachments, addresses, subjects, notes and answers go; what was decided stays, without
    anything that leads to the person. It cannot be undone. The mailbox and the desk are not touched.
    """
    if "@" not in address:
        fail(f"{address} is not a mail address", 2)
    if not yes:
        click.confirm(f"Remove everything about {address} for good?", abort=True)
    gone = store(settings()).forget(address.strip().lower())
    counts = {
        "messages": gone.messages,
        "tickets": gone.requests,
        "decisions": gone.decisions,
        "mails and other effects": gone.effects,
        "effects that were still to come": gone.called_off,
    }
    removed = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    click.echo(f"Removed: {removed}." if removed else "There was nothing about this address.")
