"""`antesala doctor`: looks at everything that Antesala depends on."""

from __future__ import annotations

import click

from plugin.cli._common import out, settings

SIGNS = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "failing": ("FAILS", "red")}


@click.command("doctor", short_help="Check mailbox, SMTP, desk, clock, disk, store and rulebook.")
def command() -> None:
    """Check mailboxes, SMTP, desk, clock, disk, store and rulebook.

    A line each, with the remedy for what fails. Nothing is sent and no mail is marked. Exit 0: all is well, or there
    are warnings only. 1: something fails.
    """
    from rich.markup import escape

    from plugin.service.doctor import rounds

    failed = False
    for finding in rounds(settings()):
        word, colour = SIGNS[finding.state]
        remedy = f" [bold]{escape(finding.remedy)}[/]" if finding.remedy else ""
        out.print(f"[{colour}]{word:8}[/]{escape(finding.name)}: {escape(finding.reason)}{remedy}")
        failed = failed or finding.state == "failing"
    if failed:
        raise SystemExit(1)
