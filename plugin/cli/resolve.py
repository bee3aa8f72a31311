"""`antesala resolve`: a person says what becomes of a send that nobody knows about, or of what was set aside."""

from __future__ import annotations

import click

from plugin.cli._common import fail, settings, store

_SAID = {"sent": "counts as sent", "send": "is sent now", "leave": "is left undone; nobody is asked about it again"}


@click.command("resolve", short_help="Settle a send in doubt, or leave undone what was set aside.")
@click.argument("job_id", type=click.IntRange(1, 2**63 - 1), metavar="ID")
@click.argument("outcome", type=click.Choice([*_SAID]))
def command(job_id: int, outcome: str) -> None:
    """Settle an uncertain send: it was 'sent', or 'send' it now. Or 'leave' undone what was set aside.

    The connection broke after the mail was handed over and before the server answered, so it may
    or may not have been sent. Look in the Sent folder or the server's log first.
    """
    if not store(settings()).resolve(job_id, outcome):
        state = "set aside" if outcome == "leave" else "uncertain"
        fail(f"{job_id} is not {state}; 'antesala show --failed' lists what is")
    click.echo(f"{job_id} {_SAID[outcome]}.")
