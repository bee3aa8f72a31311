"""How far each mailbox has been read. Losing this costs a rescan, never a mail."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from plugin.store.engine import clock, insert_new
from plugin.store.tables import cursor as table


@dataclass(frozen=True, slots=True)
class Cursor:
    """UIDs up to `last_uid` are stored, as long as the folder's UIDVALIDITY (RFC 3501 2.3.1.1) is this."""

    mailbox: str
    uidvalidity: int
    last_uid: int


def cursor(conn: sa.Connection, mailbox: str) -> Cursor | None:
    """Where reading goes on; None for a mailbox that was never read."""
    row = conn.execute(sa.select(table).where(table.c.mailbox == mailbox[:400])).first()
    return Cursor(mailbox, row.uidvalidity, row.last_uid) if row else None


def advance(conn: sa.Connection, mailbox: str, uidvalidity: int, last_uid: int) -> None:
    """Everything up to `last_uid` is stored. Never goes back, unless the UIDVALIDITY is another."""
    values = {"uidvalidity": uidvalidity, "last_uid": last_uid, "updated_at": clock(conn)}
    if insert_new(conn, table, {"mailbox": mailbox[:400], **values}) is not None:
        return
    further = sa.or_(table.c.uidvalidity != uidvalidity, table.c.last_uid < last_uid)
    conn.execute(table.update().where(table.c.mailbox == mailbox[:400], further).values(**values))
