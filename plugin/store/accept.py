"""Intake: the bytes and the work on them in one transaction. What is committed here is never lost."""

from __future__ import annotations

import sqlalchemy as sa

from plugin.model import Arrival, Receipt
from plugin.store import queue
from plugin.store.engine import insert_new
from plugin.store.keys import body_digest, digest, source_key
from plugin.store.tables import inbound

OTHER_BYTES = "same-id-other-bytes"


def accept(conn: sa.Connection, arrival: Arrival) -> Receipt:
    """Keep an arrival and the job to triage it, once.

    A mail with the id of another but with another text is another mail: the sender chooses the id.
    """
    key, body = source_key(arrival), body_digest(arrival.raw)
    receipt, stored = _keep(conn, arrival, key, body, None)
    if receipt.new or arrival.source != "mail" or stored in ("", body):
        return receipt
    return _keep(conn, arrival, f"{key}:{body[:32]}", body, OTHER_BYTES)[0]


def _keep(conn: sa.Connection, arrival: Arrival, key: str, body: str, flagged: str | None) -> tuple[Receipt, str]:
    """The receipt, and the body digest of the mail that stands under the key ("" if it was no mail)."""
    values = {
        "source_key": key,
        "source": arrival.source,
        "mailbox": arrival.mailbox,
        "received_at": arrival.received_at,
        "size": len(arrival.raw),
        "digest": digest(arrival.raw),
        "body_digest": body,
        "flagged": flagged,
        "raw": arrival.raw,
    }
    new = insert_new(conn, inbound, values)
    if new is not None:
        queue.enqueue(conn, key=f"triage:{new}", kind="triage", inbound_id=new, max_attempts=queue.TRIES)
        return Receipt(new, new=True), body
    there = sa.select(inbound.c.id, inbound.c.source, inbound.c.body_digest).where(inbound.c.source_key == key)
    row = conn.execute(there).one()
    return Receipt(row.id, new=False), row.body_digest if row.source == "mail" else ""
