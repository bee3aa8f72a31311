"""`antesala corrections`: what agents changed after us, why we had decided so, and what would teach it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from plugin.cli._common import fail, plain, quiet_pipe, settings, store

if TYPE_CHECKING:
    from plugin.model import Decision, Message
    from plugin.store import Store
    from plugin.store.desk import Correction

_LONGEST = 600  #: characters of an example that is offered


@click.command("corrections", short_help="List what agents changed after us, and what would teach it.")
@click.argument("ids", nargs=-1, type=click.IntRange(1, 2**63 - 1), metavar="[ID...]")
@click.option("--settle", is_flag=True, help="These are dealt with: list them no more.")
@click.option("--all", "everything", is_flag=True, help="List what is dealt with as well.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line each.")
def command(ids: tuple[int, ...], settle: bool, everything: bool, as_json: bool) -> None:
    """List the tickets that agents moved or tagged otherwise in the help desk, newest first.

    With IDs: those alone, each with the rule or example behind the decision, and an example that would teach the
    rulebook. Add it to a copy of the rules; 'antesala backtest --rules COPY' then says what
    it would change.
    """
    opened = store(settings())
    if settle:
        if not ids:
            fail("name what is dealt with: antesala corrections --settle ID...", 2)
        click.echo(f"{opened.desk.settle(ids)} dealt with.")
        return
    found = [one for one in opened.desk.corrections(settled=everything or bool(ids)) if not ids or one.id in ids]
    if ids and (missing := set(ids) - {one.id for one in found}):
        fail(f"there is no correction {min(missing)}; 'antesala corrections --all' lists them")
    with quiet_pipe():
        if not found and not as_json:
            click.echo("No agent has corrected anything.")
        for one in found:
            click.echo(_json(one) if as_json else plain(_line(one)))
            if ids and not as_json:
                _explain(opened, one)


def _line(one: Correction) -> str:
    change = one.change
    what = {
        "group": f"moved from {change.was} to {change.now}",
        "tag-added": f"tag {change.now} added",
        "tag-removed": f"tag {change.was} taken away",
    }[change.what]
    ticket = f", ticket {one.ticket}" if one.ticket else ""
    done = "  (dealt with)" if one.settled else ""
    return f"{one.id:>5}  {one.at:%Y-%m-%d %H:%M} UTC  request {one.request}{ticket}: {what}{done}"


def _json(one: Correction) -> str:
    values = {"id": one.id, "request": one.request, "ticket": one.ticket, "inbound": one.inbound_id}
    change = {"what": one.change.what, "was": one.change.was, "now": one.change.now}
    return json.dumps({**values, **change, "at": one.at.isoformat(), "settled": one.settled}, ensure_ascii=False)


def _explain(opened: Store, one: Correction) -> None:
    decision = opened.decision(one.inbound_id) if one.inbound_id is not None else None
    if decision is None:
        click.echo("       The decision is no longer stored.")
        return
    for line in _why(one, decision) or ["no rule is named in what is stored"]:
        click.echo(f"       because  {plain(line)}")
    message = _message(opened, one)
    if message is None:
        click.echo("       The message was deleted; there is nothing to make an example of.")
        return
    if example := _example(one, decision, message):
        click.echo("\n" + example)


def _why(one: Correction, decision: Decision) -> list[str]:
    """Rules of the trail that made what was corrected, with their places and the words that they rest on."""
    stages = ("intent", "group", "route") if one.change.what == "group" else ("tag", "flag", "intent", "route")
    steps = [s for s in decision.trail if s.stage in stages and s.matched and not s.trial]
    if one.change.what == "tag-removed":
        steps = [s for s in steps if one.change.was in (s.rule, s.rule.rpartition(".")[2])] or steps
    lines = []
    for step in steps:
        words = ", ".join(f"“{e.text}”{f' ({e.note})' if e.note else ''}" for e in step.evidence[:3] if e.text)
        lines.append(f"{step.stage} {step.rule} ({step.place or 'learned'})" + (f": {words}" if words else ""))
    return lines


def _message(opened: Store, one: Correction) -> Message | None:
    from plugin.service.arrived import message_of
    from plugin.understand.sandbox import Sandbox

    arrived = opened.inbound(one.inbound_id) if one.inbound_id is not None else None
    if arrived is None or arrived.raw is None:
        return None
    with Sandbox() as sandbox:
        return message_of(arrived, sandbox)


def _example(one: Correction, decision: Decision, message: Message) -> str:
    """YAML to paste, secrets masked; "" where the change teaches no example."""
    from plugin.understand.mask import mask

    subject, body = (" ".join(plain(mask(text)).split())[:_LONGEST] for text in (message.subject, message.newest))
    quoted = json.dumps(body, ensure_ascii=False)  # a JSON string is a YAML string
    if one.change.what == "group":
        said = {"lang": decision.language, "subject": subject, "body": body}
        row = {"id": f"correction-{one.id}", **said, "intent": decision.intent, "group": one.change.now}
        where = "# a line for examples/corrections.jsonl of the rules; an intent with a `group` of its own keeps that"
        return f"{where}\n{plain(json.dumps(row, ensure_ascii=False))}"
    if one.change.what == "tag-removed":
        return ""
    tag = plain(one.change.now)
    return (
        f"# routes.yaml or an intent: no rule sets the tag {tag}. A case for tests/, so that one will:\n"
        f"  - id: correction-{one.id}\n    message: {{body: {quoted}}}\n"
        f"    expect: {{intent: {decision.intent}, tags: [{tag}]}}\n"
    )
