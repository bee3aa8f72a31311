"""`antesala take`: somebody picks a request up, so that it is not escalated."""

from __future__ import annotations

import getpass

import click

from plugin.cli._common import fail, settings, store


@click.command("take", short_help="Pick a ticket up, so that it is not passed on.")
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@click.option("--by", metavar="NAME", help="Who takes it; by default the name of the user on this machine.")
def command(number: int, by: str | None) -> None:
    """Pick up request NUMBER: its group is not reminded of it any more, and nobody else gets it.

    Needed only for the ticket list here; a help desk tells by itself when an agent has taken a ticket.
    """
    opened = store(settings())
    if opened.take(number, by or _user()):
        click.echo(f"Request {number} is taken.")
        return
    found = opened.request(number)
    if found is None or found.taken_at is None:
        fail(f"there is no request {number}; 'antesala show' lists them")
    whom = f" by {found.taken_by}" if found.taken_by else ""
    fail(f"request {number} was taken{whom} at {found.taken_at:%Y-%m-%d %H:%M} UTC")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return ""
