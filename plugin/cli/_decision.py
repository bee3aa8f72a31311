"""A decision for people: what it is, what is missing, the answer, and the words that each finding rests on."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.cli._common import plain
from plugin.model import Decision, Evidence, Item, Message, Step

_QUOTE = 70
_MOST = 6  #: pieces of evidence on one line
_LABEL = 12


def for_people(name: str, message: Message, decision: Decision) -> str:
    """The text that `antesala triage` prints for one mail, with an empty line after it."""
    sender = message.sender.email if message.sender else "no valid sender"
    lines = [
        f"== {name}",
        _row("from", f"{plain(sender)}: {plain(message.subject) or '(no subject)'}"),
        _row("language", decision.language),
        *_issues(decision),
        _row("group", decision.group + (f", copied to {', '.join(decision.copies)}" if decision.copies else "")),
        _row("channel", decision.channel),
        _row("priority", decision.priority),
        _row("tags", ", ".join(decision.tags) or "none"),
        _row("flags", ", ".join(decision.flags) or "none"),
        _row("complete", f"{decision.completeness.score} of 100"),
        *(_item(item) for item in decision.completeness.items),
        *_why(decision.trail),
        *_reply(decision),
    ]
    return "\n".join(lines) + "\n"


def _issues(decision: Decision) -> list[str]:
    rows = []
    for number, issue in enumerate(decision.issues):
        words = _words(issue.evidence)
        text = f"{issue.intent} ({round(100 * issue.score)} % sure){f': {words}' if words else ''}"
        rows.append(_row("intent" if number == 0 else "and also", text))
    return rows


def _item(item: Item) -> str:
    mark = "present" if item.present else "missing"
    words = _words(item.evidence)
    return f"  {mark:<8} {item.id}{f': {words}' if words else ''}"


def _why(trail: Iterable[Step]) -> list[str]:
    """The rules that decided where it goes and what is said, with their places."""
    rows = []
    for step in trail:
        if step.matched and step.place and step.stage in ("channel", "route", "reply", "flag"):
            trial = " (trial, not applied)" if step.trial else ""
            words = _words(step.evidence)
            text = f"{step.rule}{trial}, {step.place}: {plain(step.because)}{f': {words}' if words else ''}"
            rows.append(_row(step.stage, text))
    return [_row("because", ""), *(f"  {row}" for row in rows)] if rows else []


def _reply(decision: Decision) -> list[str]:
    if decision.suppressed:
        return [_row("reply", f"none: {decision.suppressed}")]
    if decision.reply is None:
        return [_row("reply", f"none: {decision.no_reply or 'not needed'}")]
    reply = decision.reply
    asks = f", asks for {', '.join(reply.asks)}" if reply.asks else ""
    return [_row("reply", f"in {reply.language}{asks}"), _bar(f"{reply.subject}\n\n{reply.text.strip()}")]


def _bar(text: str) -> str:
    return "\n".join(f"  | {plain(line)}".rstrip() for line in text.splitlines())


def _words(evidence: Iterable[Evidence]) -> str:
    parts = []
    for found in evidence:
        text = " ".join(plain(found.text).split())
        text = text if len(text) <= _QUOTE else text[: _QUOTE - 1] + "…"
        parts.append(f"“{text}”" + (f" ({found.note})" if found.note else ""))
    parts = list(dict.fromkeys(parts))
    return ", ".join(parts[:_MOST]) + (f" and {len(parts) - _MOST} more" if len(parts) > _MOST else "")


def _row(label: str, text: str) -> str:
    return f"{label:<{_LABEL}} {text}".rstrip()
