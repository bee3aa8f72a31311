"""Numbers about the work: how much waits, how long, and what needs a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from plugin.store import stops
from plugin.store.engine import clock
from plugin.store.stops import Stop
from plugin.store.tables import job


@dataclass(frozen=True, slots=True)
class Health:
    """`colour` is green, amber or red; `reasons` says why, a sentence each."""

    states: Mapping[str, Mapping[str, int]]  #: kind -> state -> jobs; those that are done are left out
    ready: int  #: jobs that are due
    oldest_ready_seconds: float  #: how long the oldest due job has waited
    set_aside: int
    uncertain: int
    lapses: int  #: leases that ran out, over all jobs that are kept
    stops: tuple[Stop, ...]
    colour: str
    reasons: tuple[str, ...]


LATE = 120.0  #: a due job that waits longer than this, seconds, is a sign that nobody works


def health(conn: sa.Connection) -> Health:
    """Everything that is wrong, and the figures to see it coming."""
    now = clock(conn)
    # Jobs that are over are many; only the open ones and those that need a person are counted.
    open_states = ("ready", "running", "sending", "dead", "uncertain", "held")
    count = sa.select(job.c.kind, job.c.state, sa.func.count())
    rows = conn.execute(count.where(job.c.state.in_(open_states)).group_by(job.c.kind, job.c.state)).all()
    states: dict[str, dict[str, int]] = {}
    for kind, state, number in rows:
        states.setdefault(kind, {})[state] = number
    # A literal, so that the index on the few rows is used.
    lapsed = conn.execute(
        sa.select(sa.func.coalesce(sa.func.sum(job.c.lapses), 0)).where(sa.text("lapses > 0"))
    ).scalar_one()
    stopped = tuple(stops.active(conn, now).values())
    names = {stop.name for stop in stopped}
    due = (job.c.state == "ready") & (job.c.run_at <= now) & job.c.kind.not_in(names)
    waiting, oldest = conn.execute(sa.select(sa.func.count(), sa.func.min(job.c.run_at)).where(due)).one()
    age = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    aside, doubt = (sum(by.get(state, 0) for by in states.values()) for state in ("dead", "uncertain"))
    reasons = _reasons(age, aside, doubt, stopped)
    return Health(
        states=states,
        ready=waiting,
        oldest_ready_seconds=age,
        set_aside=aside,
        uncertain=doubt,
        lapses=lapsed,
        stops=stopped,
        colour=max((colour for colour, _ in reasons), key=("green", "amber", "red").index, default="green"),
        reasons=tuple(text for _, text in reasons),
    )


def _reasons(age: float, aside: int, doubt: int, stopped: tuple[Stop, ...]) -> list[tuple[str, str]]:
    found = []
    if age > LATE:
        found.append(("red", f"The oldest waiting job is {age:.0f} s old: does a worker run?"))
    if aside:
        found.append(("red", f"{aside} set aside: see `antesala show --failed`, then `antesala retry ID`."))
    if doubt:
        found.append(("amber", f"{doubt} in doubt, perhaps sent: see `antesala show --failed`, `antesala resolve ID`."))
    for stop in stopped:
        colour = "red" if stop.kind == "breaker" else "amber"
        found.append((colour, f"{stop.name} is stopped ({stop.kind}): {stop.reason}."))
    return found
