"""`antesala send`: hand a mail to the running Antesala, as if it had just arrived."""

from __future__ import annotations

import os
import secrets
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from plugin.cli._common import called, fail, page, settings
from plugin.cli._mails import BadFile, find, read
from plugin.settings import FolderMailbox, Settings


@click.command("send", short_help="Hand a mail to the running Antesala, as if it had arrived.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--again", is_flag=True, help="As a new mail, with a Message-ID of its own, even if it was sent before.")
def command(files: tuple[str, ...], again: bool) -> None:
    """Hand mails to the running Antesala, through the folder that it watches.

    FILE is a mail (.eml), an mbox, a folder, or - for standard input. The same mail is taken only
    once; with --again it is a new one.
    """
    given = settings()
    inbox = _inbox(given)
    failed = sent = 0
    for mail in find(files):
        try:
            if isinstance(mail, BadFile):
                raise mail
            raw = read(mail, given.max_message_bytes)
            deliver(inbox, _as_new(raw) if again else raw)
            click.echo(f"{mail.name} is in {inbox}.")
            sent += 1
        except BadFile as error:
            click.echo(f"antesala: {error}", err=True)
            failed += 1
    if sent:
        _where_to_look(given)
    if failed:
        raise SystemExit(1)


def deliver(inbox: Path, raw: bytes) -> Path:
    """Put a mail into a Maildir, whole or not at all (https://cr.yp.to/proto/maildir.html)."""
    name = f"{time.time():.6f}.{os.getpid()}_{secrets.token_hex(6)}.{socket.gethostname().replace('/', '_')}"
    draft, final = inbox / "tmp" / name, inbox / "new" / name
    try:
        for part in ("tmp", "new", "cur"):
            (inbox / part).mkdir(parents=True, exist_ok=True)
        with draft.open("xb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(final)
    except OSError as error:
        fail(f"{inbox} cannot be written: {error.strerror}")
    return final


def _inbox(given: Settings) -> Path:
    """The first folder that is read; mail to an IMAP mailbox goes the way of all mail."""
    folders = [mailbox.path for mailbox in given.mailboxes if isinstance(mailbox, FolderMailbox)]
    if not folders:
        fail("this installation reads IMAP and no folder (ANTESALA_MAILBOXES); send the mail to that mailbox", 2)
    return folders[0]


def _as_new(raw: bytes) -> bytes:
    """The mail under another Message-ID."""
    head, gap, body = raw.partition(b"\n\n") if b"\r\n\r\n" not in raw else raw.partition(b"\r\n\r\n")
    lines, skipping = [], False
    for line in head.splitlines(keepends=True):
        skipping = line[:1] in (b" ", b"\t") if skipping else False
        skipping = skipping or line.lower().startswith(b"message-id:")
        if not skipping:
            lines.append(line)
    line_end = b"\r\n" if b"\r\n" in head else b"\n"
    new_id = f"Message-ID: <{secrets.token_hex(12)}@again.localhost>".encode()
    return new_id + line_end + b"".join(lines) + gap + body


def _where_to_look(given: Settings) -> None:
    try:
        with urllib.request.urlopen(f"{page(given)}readyz", timeout=2):  # noqa: S310 - http, as `page` says
            pass
    except urllib.error.HTTPError:
        pass  # it runs; its health page says what is wrong
    except OSError:
        click.echo(f"Antesala does not seem to run here; the mail waits. Start it with: {called()} run")
        return
    click.echo(f"The ticket: {page(given)}  or: {called()} show")
    if given.smtp.scheme == "maildir" and not given.dry_run:
        click.echo(f"The answer: {given.smtp.maildir}/new")
