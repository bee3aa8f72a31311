"""Answers that wait for the mailbox: how many, and what becomes of them when a person lets it go on."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from plugin.store.tables import job, sent

STALE = timedelta(hours=24)  #: an answer that waited longer would only confuse


def waiting(conn: sa.Connection) -> int:
    """Answers that are yet to be tried."""
    query = sa.select(sa.func.count()).select_from(job).where(job.c.kind == "reply", job.c.state == "ready")
    return conn.execute(query).scalar_one()


def go_on(conn: sa.Connection, now: datetime) -> None:
    """Spread the answers that wait from now on, each at its own pace; those that are too old are called off."""
    query = sa.select(job.c.id, job.c.key, job.c.payload, job.c.created_at)
    at = now
    for row in conn.execute(query.where(job.c.kind == "reply", job.c.state == "ready").order_by(job.c.id)).all():
        pace = row.payload.get("pace")
        if pace is None:
            continue
        if row.created_at < now - STALE:
            values = {"state": "cancelled", "receipt": "it waited too long for the mailbox", "finished_at": now}
            conn.execute(sent.delete().where(sent.c.job_key == row.key))
        else:
            values = {"run_at": at, "set_at": now}
            at += timedelta(seconds=pace)
        conn.execute(job.update().where(job.c.id == row.id).values(**values))
