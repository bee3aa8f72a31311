"""`antesala resolve`: a person says how a send ended whose outcome nobody knows."""

from __future__ import annotations

import click

from plugin.cli._common import fail, settings, store


@click.command("resolve", short_help="Settle a send whose outcome nobody knows.")
@click.argument("job_id", type=click.IntRange(1, 2**63 - 1), metavar="ID")
@click.argument("outcome", type=click.Choice(["sent", "send"]))
def command(job_id: int, outcome: str) -> None:
    """Settle an uncertain send: it was 'sent', or 'send' it now.

    The connection broke after the mail was handed over and before the server answered, so it may
    or may not have been sent. Look in the Sent folder or the server's log first.
    """
    if not store(settings()).resolve(job_id, outcome):
        fail(f"{job_id} is not uncertain; 'antesala show --failed' lists what is")
    click.echo(f"{job_id} counts as sent." if outcome == "sent" else f"{job_id} is sent now.")
