"""`antesala resume`: a person has looked; what was stopped goes on."""

from __future__ import annotations

import click

from plugin.cli._common import fail, settings, store


@click.command("resume", short_help="Let go on what was stopped; without a name, list it.")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Let something go on that a breaker or a pause has stopped; without NAME, list what is stopped."""
    opened = store(settings())
    if name is None:
        stopped = opened.breakers()
        for stop in stopped:
            click.echo(f"{stop.name}  {stop.kind} since {stop.at:%Y-%m-%d %H:%M} UTC: {stop.reason}")
        if not stopped:
            click.echo("Nothing is stopped.")
        return
    if not opened.resume(name):
        fail(f"nothing called {name} is stopped; 'antesala resume' lists what is")
    click.echo(f"{name} goes on.")
