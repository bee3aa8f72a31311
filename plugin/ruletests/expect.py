"""What a case may expect, and how it is held against a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from plugin.model import Decision


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected."""

    key: str
    expected: object
    got: object


def _items(present: bool) -> Callable[[Decision], object]:
    return lambda decision: sorted(i.id for i in decision.completeness.items if i.present is present)


def _kind(decision: Decision) -> str:
    if decision.reply is None:
        return "none"
    return "asks" if decision.reply.asks else "confirms"


#: What each key of `expect` looks at.
READERS: Mapping[str, Callable[[Decision], object]] = {
    "language": lambda d: d.language,
    "intent": lambda d: d.intent,
    "group": lambda d: d.group,
    "channel": lambda d: d.channel,
    "priority": lambda d: d.priority,
    "issues": lambda d: sorted([i.intent, i.group] for i in d.issues),
    "score": lambda d: d.completeness.score,
    "present": _items(True),
    "missing": _items(False),
    "flags": lambda d: sorted(d.flags),
    "tags": lambda d: sorted(d.tags),
    "copies": lambda d: sorted(d.copies),
    "suppressed": lambda d: d.suppressed,
    "no_reply": lambda d: d.no_reply,
    "reply": _kind,
    "reply_language": lambda d: d.reply.language if d.reply else None,
    "asks": lambda d: list(d.reply.asks) if d.reply else [],
    "says": lambda d: d.reply.text if d.reply else "",
    "note": lambda d: d.note,
}
#: Lists of which the order says nothing.
_SETS = ("issues", "present", "missing", "flags", "copies")
#: Lists of which each entry must be there, among others.
_CONTAINED = ("tags", "says", "note")


def differences(expect: Mapping[str, Any], decision: Decision) -> tuple[Difference, ...]:
    """Everything that is not as expected, in the order of the case."""
    found = []
    for key, wanted in expect.items():
        got = READERS[key](decision)
        if not _agrees(key, wanted, got):
            found.append(Difference(key, wanted, got))
    return tuple(found)


def _agrees(key: str, wanted: Any, got: Any) -> bool:
    if key in _CONTAINED:
        return all(bool(entry in got) for entry in (wanted if isinstance(wanted, list) else [wanted]))
    if key in _SETS:
        return bool(sorted(wanted or []) == got)
    if key == "score" and isinstance(wanted, Mapping):
        return bool(wanted.get("at_least", 0) <= got and got < wanted.get("below", 101))
    return bool(wanted == got)
