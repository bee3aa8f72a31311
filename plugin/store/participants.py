"""Who takes part in which request: whoever wrote, and whoever was in copy. Keyed hashes, as everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from plugin.store.engine import insert_new
from plugin.store.tables import decision, participant, request

_MOST = 200  #: people in one request


def join(conn: sa.Connection, number: int, persons: Iterable[str]) -> None:
    """Note that these people take part."""
    for person in list(persons)[:_MOST]:
        insert_new(conn, participant, {"person": person, "request": number})


def takes_part(conn: sa.Connection, number: int, person: str | None) -> bool:
    """Whether a person takes part in a request."""
    mine = (participant.c.request == number) & (participant.c.person == person)
    return person is not None and conn.execute(sa.select(participant.c.request).where(mine)).first() is not None


def lately(conn: sa.Connection, person: str, since: datetime, most: int) -> Sequence[Any]:
    """Requests with anything new since then that a person takes part in, with `wrote`: did they write about it?

    Those come first, then the newest: whoever writes can put anybody in copy.
    """
    return conn.execute(_LATELY, {"of_person": person, "since": since, "most": most}).all()


_theirs = sa.select(participant.c.request).where(participant.c.person == sa.bindparam("of_person"))
_since = request.c.updated_at >= sa.bindparam("since", type_=request.c.updated_at.type)
_wrote = sa.exists().where(decision.c.request == request.c.number, decision.c.person == sa.bindparam("of_person"))
_LATELY = (
    sa.select(request, _wrote.label("wrote"))
    .where(request.c.number.in_(_theirs), _since)
    .order_by(_wrote.desc(), request.c.updated_at.desc(), request.c.number.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)


def leave(conn: sa.Connection, person: str) -> None:
    """Take a person out of every request."""
    conn.execute(participant.delete().where(participant.c.person == person))


def close(conn: sa.Connection, numbers: Sequence[int] | sa.Select[Any]) -> None:
    """Take everybody out of these requests."""
    conn.execute(participant.delete().where(participant.c.request.in_(numbers)))
