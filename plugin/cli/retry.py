"""`antesala retry`: what was set aside is tried again."""

from __future__ import annotations

import click

from plugin.cli._common import fail, settings, store


@click.command("retry", short_help="Try again what was set aside.")
@click.argument("ids", nargs=-1, type=click.IntRange(1, 2**63 - 1), metavar="ID...")
@click.option("--all", "everything", is_flag=True, help="Everything that was set aside.")
def command(ids: tuple[int, ...], everything: bool) -> None:
    """Try again what was set aside; `antesala show --failed` lists it.

    A send whose outcome is not known is not tried again by this: see `antesala resolve`.
    """
    if bool(ids) == everything:
        fail("name what to retry, or say --all; 'antesala show --failed' lists what there is", 2)
    opened = store(settings())
    wanted = [job.id for job in opened.failed() if job.state == "dead"] if everything else list(ids)
    missed = 0
    for job_id in wanted:
        if opened.retry(job_id):
            click.echo(f"{job_id} is tried again; the running Antesala takes it up at once.")
        else:
            click.echo(f"antesala: {job_id} is not set aside; 'antesala show --failed' lists what is", err=True)
            missed += 1
    if not wanted:
        click.echo("Nothing is set aside.")
    if missed:
        raise SystemExit(1)
