"""The placeholders of reply texts: `${name}`, from this list and no other. Texts are no templates beyond that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugin.rulebook.node import Node
from plugin.rulebook.problems import Problem
from plugin.rulebook.schema import meant

#: Every placeholder and what stands in its place.
PLACEHOLDERS = {
    "name": "the customer's first name, if it is one that the pack knows",
    "topic": "what the request is about",
    "team": "the group that takes it",
    "issue": "one of several issues",
    "question": "a question about one of several issues",
    "title": "title of a help page",
    "link": "address of a page",
    "number": "number of the request",
    "count": "how many there are",
    "desk": "name of the desk",
    "hours": "opening hours in words",
    "times": "hours of a day in words",
    "days": "days of the week in words",
    "open_until": "when it closes today",
    "next_open": "when it opens next",
    "place": "place that the times are those of",
    "date": "a date",
    "day": "a day",
    "month": "a month",
    "hour": "hours of a time",
    "minute": "minutes of a time",
    "from": "beginning of an interval",
    "until": "end of an interval",
    "first": "first of several",
    "last": "last of several",
}
_FOREIGN = re.compile(r"\{\{|\{%|%\(|(?<!\$)\{[A-Za-z_0-9.]*\}")
_DOLLAR = re.compile(r"\$(?:\$|\{([^}]*)\}|(\w*))")


def problems(text: Node, name: str) -> Iterator[Problem]:
    """What is wrong with the placeholders of a reply text."""
    value = str(text.value)
    for found in _DOLLAR.finditer(value):
        if found.group() == "$$" or found.group(1) in PLACEHOLDERS:
            continue
        written = found.group(1) if found.group(1) is not None else found.group(2)
        if found.group(1) is None:
            hint = f"write ${{{written}}}" if written in PLACEHOLDERS else "write $$ for a dollar sign"
        else:
            hint = meant(written, PLACEHOLDERS) or "there are " + ", ".join(PLACEHOLDERS)
        said = f"the text '{name}' uses {found.group()[:60]}, which does not exist"
        yield Problem(text.place, "error", "unknown-placeholder", said, hint)
    for found in _FOREIGN.finditer(value):
        said = f"the text '{name}' holds {found.group()[:60]}, but replies are no templates"
        yield Problem(text.place, "error", "unknown-placeholder", said, "placeholders are written ${name}")
