"""Holds what is to be seen against what a step expects; each difference with its file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any, Protocol

from conversations import mails
from conversations.script import Step
from plugin.rulebook.node import Node

LISTS = ("tags", "flags", "missing", "asked", "given", "copies", "linked")
TEXTS = ("note", "subject")


class Sight(Protocol):
    """What can be seen after a step."""

    mails: list[EmailMessage]  #: that went out in this step
    step: Step
    jobs: dict[str, int]
    tickets: int

    @property
    def decision(self) -> Any | None: ...
    def ticket(self, number: int | None) -> Any | None: ...
    def asks(self, ours: EmailMessage) -> list[str]: ...


def differences(step: Step, seen: Sight) -> Iterator[str]:
    """Sentences: `file:line: what: expected …, got …`."""
    expect = step.expect
    if expect is None:
        return
    for key, node in expect.items():
        yield from (f"{place}: {said}" for place, said in _CHECKS[key](node, seen))


Found = Iterator[tuple[object, str]]


def _reply(node: Node, seen: Sight) -> Found:
    """The one mail that went out, or none."""
    if node.value in ("none", None):
        for one in seen.mails:
            yield node.place, f"reply: expected none, got one to {one['X-Envelope-To']}:\n{mails.plain(one)}"
        return
    if len(seen.mails) != 1:
        to = [str(one["X-Envelope-To"]) for one in seen.mails]
        why = seen.decision
        told = f" (suppressed: {why.suppressed}, no_reply: {why.no_reply})" if why and not to else ""
        yield node.place, f"reply: expected one, got {len(to)} {to}{told}"
        return
    yield from _mail(node, seen.mails[0], seen, mails.sender(seen.step) if seen.step.says("from") else None)


def _replies(node: Node, seen: Sight) -> Found:
    """Several mails; each is looked for by its address."""
    left = list(seen.mails)
    for entry in node.each():
        found = next((one for one in left if one["X-Envelope-To"] == entry.text("to")), None)
        if found is None:
            got = [str(one["X-Envelope-To"]) for one in left]
            yield entry.place, f"replies: expected one to {entry.text('to')}, got {got}"
            continue
        left.remove(found)
        yield from _mail(entry, found, seen, None)
    for one in left:
        yield node.place, f"replies: one more went to {one['X-Envelope-To']}:\n{mails.plain(one)}"


def _mail(node: Node, one: EmailMessage, seen: Sight, to: str | None) -> Found:
    text = mails.plain(one)
    got: dict[str, Any] = {
        "to": str(one["X-Envelope-To"]),
        "language": _language(one),
        "asks": seen.asks(one),
        "subject": str(one["Subject"]),
        "files": [str(part.get_filename()) for part in one.iter_attachments()],
    }
    if to is not None and "to" not in node and got["to"] != to:
        yield node.place, f"reply: expected it to {to}, got it to {got['to']}"
    for key, child in node.items():
        if key == "contains":
            yield from _contains("reply", child, text)
        elif key == "lacks":
            yield from _lacks("reply", child, text + (_html(one) if one.is_multipart() else ""))
        elif key in ("asks", "files"):
            yield from _same(f"reply.{key}", child, list(child.plain() or []), got[key], in_order=True)
        elif key in got:
            yield from _same(f"reply.{key}", child, child.plain(), got[key])
        else:
            yield node.key_place(key), f"reply.{key}: not known; there are contains, lacks, {', '.join(got)}"


def _decision(node: Node, seen: Sight) -> Found:
    """Fields of the decision about the last message."""
    for key, child in node.items():
        yield from _same(f"decision.{key}", child, child.plain(), getattr(seen.decision, key, "(no such field)"))


def _ticket(node: Node, seen: Sight) -> Found:
    """Fields of a ticket."""
    number = node.get("number")
    ticket = seen.ticket(int(number.plain()) if number else None)
    if ticket is None:
        yield node.place, "ticket: there is none"
        return
    if number and (mine := seen.ticket(None)) and seen.step.says("from") and mine.number != ticket.number:
        yield number.place, f"ticket.number: expected {ticket.number}, the message went to {mine.number}"
    for key, child in node.items():
        got = getattr(ticket, key.replace("-", "_"), "(no such field)")
        if key in LISTS:
            yield from _list(f"ticket.{key}", child, [*got])
        elif key in TEXTS and isinstance(child.value, dict):
            yield from _text(f"ticket.{key}", child, got)
        elif key == "score" and isinstance(child.value, dict):
            yield from _range(child, got)
        elif key != "number":
            yield from _same(f"ticket.{key}", child, child.plain(), got)


def _tickets(node: Node, seen: Sight) -> Found:
    yield from _same("tickets", node, node.plain(), seen.tickets)


def _jobs(node: Node, seen: Sight) -> Found:
    for kind, child in node.items():
        yield from _same(f"jobs.{kind}", child, child.plain(), seen.jobs.get(kind, 0))


def _told(node: Node, seen: Sight) -> Found:
    """Notifications that went out in this step, as texts."""
    told = "\n".join(getattr(seen, "told", ()))
    if node.value in ("none", None):
        if told:
            yield node.place, f"told: expected nothing, got:\n{told}"
        return
    yield from _text("told", node, told)


def _text(name: str, node: Node, got: str) -> Found:
    for key, child in node.items():
        check = {"contains": _contains, "lacks": _lacks}[key]
        yield from check(name, child, got)


def _contains(name: str, node: Node, got: str) -> Found:
    for entry in node.each():
        if _flat(str(entry.value)) not in _flat(got):
            yield entry.place, f"{name} should contain “{entry.value}”; it is:\n{got}"


def _lacks(name: str, node: Node, got: str) -> Found:
    for entry in node.each():
        if _flat(str(entry.value)) in _flat(got):
            yield entry.place, f"{name} should not contain “{entry.value}”; it is:\n{got}"


def _list(name: str, node: Node, got: list[str]) -> Found:
    """A list: exactly these in any order. A mapping: `has` and `lacks`."""
    if not isinstance(node.value, dict):
        yield from _same(name, node, list(node.plain() or []), got)
        return
    for entry in node.children("has"):
        if entry.value not in got:
            yield entry.place, f"{name}: expected {entry.value} among {got}"
    for entry in node.children("lacks"):
        if entry.value in got:
            yield entry.place, f"{name}: expected no {entry.value} among {got}"


def _range(node: Node, got: int) -> Found:
    for key, child in node.items():
        limit = int(child.plain())
        if not {"at-least": got >= limit, "below": got < limit}[key]:
            yield child.place, f"ticket.score: expected {key} {limit}, got {got}"


def _same(name: str, node: Node, expected: Any, got: Any, *, in_order: bool = False) -> Found:
    expected = None if expected == "none" else expected
    if isinstance(expected, list) and isinstance(got, list | tuple) and not in_order:
        expected, got = sorted(expected), sorted(got)
    if expected != got:
        yield node.place, f"{name}: expected {expected}, got {got}"


def _language(one: EmailMessage) -> str:
    return str(one["Content-Language"] or "") or _html(one).partition('lang="')[2][:2]


def _html(one: EmailMessage) -> str:
    part = one.get_body(("html",))
    return str(part.get_content()) if part else ""


def _flat(text: str) -> str:
    return " ".join(text.split()).lower()


_CHECKS: dict[str, Callable[[Node, Any], Found]] = {
    "reply": _reply,
    "replies": _replies,
    "decision": _decision,
    "ticket": _ticket,
    "tickets": _tickets,
    "jobs": _jobs,
    "told": _told,
    "mails": lambda node, seen: _same("mails", node, node.plain(), len(seen.mails)),
    "stopped": lambda node, seen: _same("stopped", node, list(node.plain() or []), seen.stopped),
}
