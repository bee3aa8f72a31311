"""Lanes: what of a request is done one after the other, on all hosts together."""

from __future__ import annotations

from plugin.model import Effect
from plugin.store.queue import Job

#: Kinds of effects that are done in the desk; a reply is one if its payload says so.
IN_DESK = frozenset({"desk", "append", "note", "link", "child"})


def lane(effect: Effect, number: int) -> str:
    """All that the ticket of a request gets in the desk is one lane; else what is of a kind."""
    in_desk = effect.kind in IN_DESK or effect.payload.get("via") == "desk"
    return f"{'desk' if in_desk else effect.kind}:{number}"


def beside(claimed: Job) -> frozenset[str]:
    """The kinds that may have waited for the lane of a job."""
    return IN_DESK | {"reply", "fetch"} if (claimed.lane or "").startswith("desk:") else frozenset({claimed.kind})
