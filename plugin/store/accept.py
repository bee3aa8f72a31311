"""Intake: the bytes and the work on them in one transaction. What is committed here is never lost."""

from __future__ import annotations

import sqlalchemy as sa

from plugin.model import Arrival, Receipt
from plugin.store import queue
from plugin.store.engine import insert_new
from plugin.store.keys import BY_MAIL, body_digest, digest, source_key, words_digest
from plugin.store.tables import inbound

OTHER_BYTES = "same-id-other-bytes"
TAKEN_BEFORE = "taken-before"  #: the mailbox says so, but the store has forgotten it: it comes from a backup


def accept(conn: sa.Connection, arrival: Arrival) -> Receipt:
    """Keep an arrival and the job to triage it, once.

    What has the Message-ID of another but other words, or another sender, is something else: the sender chooses the id.
    """
    key = source_key(arrival)
    receipt = _keep(conn, arrival, key, None)
    if receipt.new or not key.startswith(BY_MAIL) or _same(conn, receipt.inbound_id, arrival):
        return receipt
    return _keep(conn, arrival, f"{key}:{words_digest(arrival.source, arrival.raw)[:32]}", OTHER_BYTES)


def _same(conn: sa.Connection, there: int, arrival: Arrival) -> bool:
    """Is an arrival what stands under its key? What came by another way says the same in another form."""
    columns = (inbound.c.source, inbound.c.body_digest, inbound.c.raw)
    row = conn.execute(sa.select(*columns).where(inbound.c.id == there)).one()
    if row.source != arrival.source:
        return True
    if row.raw is None:  # its retention is over
        return bool(row.body_digest == body_digest(arrival.raw))
    return words_digest(row.source, row.raw) == words_digest(arrival.source, arrival.raw)


def _keep(conn: sa.Connection, arrival: Arrival, key: str, flagged: str | None) -> Receipt:
    values = {
        "source_key": key,
        "source": arrival.source,
        "mailbox": arrival.mailbox,
        "received_at": arrival.received_at,
        "size": len(arrival.raw),
        "digest": digest(arrival.raw),
        "body_digest": body_digest(arrival.raw),
        "flagged": TAKEN_BEFORE if arrival.marked else flagged,
        "raw": arrival.raw,
    }
    new = insert_new(conn, inbound, values)
    if new is not None:
        queue.enqueue(conn, key=f"triage:{new}", kind="triage", inbound_id=new, max_attempts=queue.TRIES)
        return Receipt(new, new=True)
    there = sa.select(inbound.c.id).where(inbound.c.source_key == key)
    return Receipt(conn.execute(there).scalar_one(), new=False)
