"""Telling people who work here, outside the desk: one effect for each of them."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.decide.due import Telling
from plugin.model import Effect


def told(telling: Telling, inbound_id: int, ending: str) -> Iterator[Effect]:
    """An effect for each name; `ending` tells this time from others."""
    for name in telling.to:
        key = f"notify:{inbound_id}:{ending}:{name}"
        yield Effect(key, "notify", {"to": name, "title": telling.title, "body": telling.body})
