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
    """What `plugin/service/health.py` makes sentences of."""

    states: Mapping[str, Mapping[str, int]]  #: kind -> state -> jobs; those that are done are left out
    ready: int  #: jobs that are due
    oldest_ready_seconds: float  #: how long the oldest due job has waited
    set_aside: int
    uncertain: int
    lapses: int  #: leases that ran out, over all jobs that are kept
    stops: tuple[Stop, ...]


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
    return Health(
        states=states,
        ready=waiting,
        oldest_ready_seconds=age,
        set_aside=aside,
        uncertain=doubt,
        lapses=lapsed,
        stops=stopped,
    )
