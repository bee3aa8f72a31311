"""`antesala show`: the tickets, one ticket, or what was set aside, in the terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click
from rich import box
from rich.table import Table
from rich.text import Text

from plugin.act.in_words import in_words
from plugin.cli._common import called, fail, out, plain, quiet_pipe, settings, short, store
from plugin.settings import EXAMPLES
from plugin.understand.language_names import language_name
from plugin.web import words

if TYPE_CHECKING:
    from plugin.store import Request, Store
    from plugin.store.reading import Entry


@click.command("show", short_help="Show the tickets, one ticket, or what was set aside.")
@click.argument("number", required=False, type=click.IntRange(1, 2**63 - 1))
@click.option("--failed", is_flag=True, help="What was set aside, and how to try it again.")
@click.option("--group", help="Only the tickets of this group.")
@click.option("--state", type=click.Choice([*words.STATES]), help="Only these.")
@click.option("--limit", type=click.IntRange(1, 1000), default=30, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(number: int | None, failed: bool, group: str | None, state: str | None, limit: int, as_json: bool) -> None:
    """Show the tickets, newest first, or one of them by its NUMBER."""
    opened = store(settings())
    with quiet_pipe():
        if failed:
            _failed(opened, as_json)
        elif number is not None:
            _ticket(opened, number, as_json)
        else:
            found = opened.requests(state=state, group=group, limit=limit)
            if (state or group) and not found and not as_json:
                fail("no ticket is like that; 'antesala show' lists them all")
            _tickets(found, as_json)


def _tickets(tickets: tuple[Request, ...], as_json: bool) -> None:
    if as_json:
        for ticket in tickets:
            click.echo(_json(asdict(ticket)))
        return
    if not tickets:
        click.echo(f"No tickets. Hand in a mail with: {called()} send {short(EXAMPLES / 'refund-es.eml')}")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), expand=out.is_terminal)
    table.add_column("#", justify="right")
    table.add_column("Subject", no_wrap=True, overflow="ellipsis", ratio=1, min_width=12)
    for heading in ("Group", "Channel", "Priority", "Complete", "State"):
        table.add_column(heading, no_wrap=True)
    for t in tickets:
        cells = (t.subject or "(no subject)", t.group, t.channel, t.priority, f"{t.score} %", t.state)
        table.add_row(str(t.number), *(Text(plain(cell)) for cell in cells))
    out.print(table, soft_wrap=False)


def _ticket(opened: Store, number: int, as_json: bool) -> None:
    ticket = opened.request(number)
    if ticket is None:
        fail(f"there is no ticket {number}; 'antesala show' lists them")
    timeline = opened.timeline(number)
    digest = _digest(opened, timeline)
    if as_json:
        click.echo(_json({**asdict(ticket), "rulebook": digest, "timeline": [asdict(entry) for entry in timeline]}))
        return
    who = f"{ticket.requester_name} <{ticket.requester}>" if ticket.requester_name else ticket.requester
    for label, text in (
        ("ticket", f"#{ticket.number} {ticket.subject}"),
        ("from", who or "no valid sender"),
        ("language", language_name(ticket.language)),
        ("intent", ticket.intent),
        ("group", ticket.group + (f", copied to {', '.join(ticket.copies)}" if ticket.copies else "")),
        ("channel", ticket.channel),
        ("priority", ticket.priority),
        ("tags", ", ".join(ticket.tags) or "none"),
        ("complete", f"{ticket.score} of 100"),
        ("missing", ", ".join(ticket.missing) or "nothing"),
        ("state", words.state(ticket.state)),
        ("rulebook", digest[:12] or "not known any more"),
    ):
        click.echo(f"{label:<10} {plain(text)}")
    click.echo(f"\nNote for the agent\n{_indented(ticket.note)}")
    for entry in timeline:
        if entry.kind == "reply" and entry.state == "uncertain":
            click.echo(f"  In doubt: the reply of {_time(entry.at)} may have been sent, or not; see show --failed.")
    click.echo("\nWhat happened")
    for entry in timeline:
        click.echo(f"  {_time(entry.at)}  {plain(_line(entry))}")
        decision = opened.decision(entry.inbound_id) if entry.kind in ("message", "reply") else None
        if entry.reminder is not None:
            click.echo(_indented(entry.reminder.strip(), "    | "))
        elif decision and entry.kind == "reply" and decision.reply:
            click.echo(_indented(f"{decision.reply.subject}\n\n{decision.reply.text.strip()}", "    | "))
        elif decision and entry.kind == "message" and not decision.reply:
            click.echo(f"    no answer: {decision.suppressed or decision.no_reply or 'not needed'}")


def _line(entry: Entry) -> str:
    """What happened, and the receipt or error where that says more."""
    what, became, text = words.what(entry), words.became(entry), entry.text
    if became and text and text not in became:
        return f"{what}: {became} ({text})"
    return f"{what}: {became or text}" if became or text else what


def _digest(opened: Store, timeline: Sequence[Entry]) -> str:
    """Of the rulebook that decided last."""
    for entry in reversed(timeline):
        if entry.kind == "message" and (decision := opened.decision(entry.inbound_id)):
            return decision.rulebook
    return ""


def _failed(opened: Store, as_json: bool) -> None:
    jobs = opened.failed()
    if as_json:
        for job in jobs:
            click.echo(_json(asdict(job)))
        return
    if not jobs:
        click.echo("Nothing is set aside.")
    for job in jobs:
        of = f"ticket #{job.request}" if job.request else f"message {job.inbound_id}"
        tries = f"{job.attempts} {'try' if job.attempts == 1 else 'tries'}"
        click.echo(
            f"{job.id}  {words.of_kind(job.kind)}, {of}: {words.stands(job.state)} after {tries}, {_time(job.at)}"
        )
        click.echo(_indented(f"{job.error}  {in_words(job.error)}".rstrip(), "    "))
        if job.state == "uncertain":
            sought = ", and is being looked for" if job.searched else ""
            click.echo(f"    it may have been sent{sought}: look, then: {called()} resolve {job.id} sent|send")
        else:
            click.echo(f"    try again: {called()} retry {job.id}; or never: {called()} resolve {job.id} leave")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda at: at.isoformat())


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _indented(text: str, margin: str = "  ") -> str:
    return "\n".join(margin + plain(line) for line in text.splitlines())
