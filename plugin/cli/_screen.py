"""The one screen that `antesala run` prints when it is ready."""

from __future__ import annotations

from rich.panel import Panel
from rich.table import Table

from plugin.cli._common import called, page, short
from plugin.cli._serve import Service
from plugin.settings import EXAMPLES, FolderMailbox, Settings


def screen(service: Service) -> Panel:
    """What runs, where the page is, and how to feed it a mail."""
    given = service.settings
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="bold", no_wrap=True)
    rows.add_column(overflow="fold")
    port = service.server.port if service.server else given.listen_port
    rows.add_row("page", page(given, port))
    for mailbox in given.mailboxes:
        if isinstance(mailbox, FolderMailbox):
            rows.add_row("mail in", f"{mailbox.path} (a Maildir, or drop .eml files)")
        else:
            rows.add_row("mail in", mailbox.name)
    rows.add_row("mail out", _out(given))
    rows.add_row("desk", "the ticket list on the page" if given.desk == "builtin" else f"{given.desk}")
    rows.add_row("database", _database(given))
    if service.live is not None:
        rows.add_row(
            "rules",
            f"{short(given.rules)} (digest {service.live.current.digest[:12]}; a change counts once its cases pass)",
        )
    if given.dry_run:
        rows.add_row("dry run", "decides and records, sends nothing")
    if any(isinstance(mailbox, FolderMailbox) for mailbox in given.mailboxes):
        rows.add_row("", "")
        rows.add_row("try it", "in another terminal, in this folder:")
        rows.add_row("", f"{called()} send {short(EXAMPLES / 'refund-es.eml')}")
        rows.add_row("", f"{called()} show")
    return Panel(rows, title="Antesala is ready", subtitle="Ctrl-C stops it", expand=False, padding=(1, 2))


def _out(given: Settings) -> str:
    if given.smtp.scheme == "maildir":
        return f"{given.smtp.maildir} (a Maildir; nothing leaves this machine)"
    return f"{given.smtp.host}:{given.smtp.port}, from {given.mail_from}"


def _database(given: Settings) -> str:
    """Without user and password."""
    scheme, _, rest = given.database_url.value.partition("://")
    if scheme.startswith("sqlite"):
        return f"SQLite, {rest.lstrip('/') if not rest.startswith('//') else rest[1:]}"
    return f"PostgreSQL, {rest.rpartition('@')[2]}"
