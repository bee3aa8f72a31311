"""`antesala backtest`: what a changed rulebook would have done with requests that are there already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plugin.cli._common import err, fail, quiet_pipe, rulebook, settings, store, whose
from plugin.cli._mails import BadFile, Mail, find
from plugin.cli._opened import opened
from plugin.cli._progress import progress

if TYPE_CHECKING:
    from plugin.backtest.compare import Past
    from plugin.settings import Settings
    from plugin.store import Store


class Days(click.ParamType[timedelta]):
    """`30d`: a number of days."""

    name = "days"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        text = str(value).strip().removesuffix("d")
        if not (text.isascii() and text.isdigit() and 0 < int(text) <= 36500):
            self.fail("expected a number of days, for example 30d", param, ctx)
        return timedelta(days=int(text))


class Percent(click.ParamType[float]):
    """`2%`: a share of all requests."""

    name = "percent"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            share = float(str(value).strip().removesuffix("%"))
        except ValueError:
            share = -1.0
        if not 0 <= share <= 100:
            self.fail("expected a percentage, for example 2%", param, ctx)
        return share / 100


@click.command("backtest", short_help="Say what another rulebook would decide differently.")
@click.argument("files", nargs=-1, metavar="[FILES...]")
@click.option("--rules", "new", required=True, type=click.Path(path_type=Path), help="The rulebook to try.")
@click.option("--against", type=click.Path(path_type=Path), help="What to hold it against, if not ANTESALA_RULES.")
@click.option("--since", type=Days(), default="30d", show_default=True, help="Stored requests of so many days.")
@click.option("--fail-over", type=Percent(), metavar="PERCENT", help="Exit 1 if more requests than this change.")
@click.option("--examples", type=click.IntRange(0), default=10, show_default=True, help="How many changes to show.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    files: tuple[str, ...],
    new: Path,
    against: Path | None,
    since: timedelta,
    fail_over: float | None,
    examples: int,
    form: str,
) -> None:
    """Decide about past requests under the rulebook in force and under another one, and say what differs.

    FILES are mails, folders or mbox files; without them the stored requests of --since are taken. Each
    request is decided as of its own time and without history. Nothing is stored or sent.
    """
    from plugin.backtest.compare import compare, totals
    from plugin.backtest.report import as_json, as_text

    given = settings()
    old_book, new_book, ours = rulebook(given, against), rulebook(given, new), whose(given)
    compared = []
    with _past(given, files, since) as (count, requests), progress("Backtest", count) as advance:
        for past in requests:
            compared.append(compare(past, old_book, new_book, ours))
            advance()
    total = totals(compared)
    if not total.requests:
        fail("there are no requests to try it on; name mails or folders, or raise --since")
    with quiet_pipe():
        click.echo(as_json(compared, total) if form == "json" else as_text(compared, total, examples))
    if fail_over is not None and total.share > fail_over:
        fail(f"{total.share:.1%} of the requests would be decided differently, more than {fail_over:.1%}")


@contextmanager
def _past(given: Settings, files: Sequence[str], since: timedelta) -> Iterator[tuple[int, Iterator[Past]]]:
    """How many requests there are, and the requests: those of the files, else the stored ones."""
    if files:
        mails = list(find(files))
        yield len(mails), _of_files(given, mails)
        return
    with closing(store(given)) as opened_store:
        ids = opened_store.since(datetime.now(UTC) - since)
        yield len(ids), _stored(opened_store, ids)


def _of_files(given: Settings, mails: Sequence[Mail | BadFile]) -> Iterator[Past]:
    from plugin.backtest.compare import Past

    for mail in mails:
        try:
            if isinstance(mail, BadFile):
                raise mail
            message, now = opened(mail, given, None)
        except BadFile as error:
            fail(str(error))
        yield Past(mail.name, message, now)


def _stored(opened_store: Store, ids: Sequence[int]) -> Iterator[Past]:
    from plugin.backtest.compare import Past
    from plugin.service.arrived import message_of
    from plugin.understand.sandbox import ParseFailed, Sandbox

    with closing(Sandbox()) as sandbox:
        for number in ids:
            arrived = opened_store.inbound(number)
            if arrived is None or arrived.raw is None:
                continue  # deleted by retention meanwhile
            name = f"ticket {arrived.request}" if arrived.request else f"message {arrived.id}"
            try:
                yield Past(name, message_of(arrived, sandbox), arrived.received_at)
            except ParseFailed:
                err.print(f"antesala: {name} is left out: it cannot be read within the limits")
