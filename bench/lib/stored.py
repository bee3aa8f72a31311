"""What a message costs with so many requests stored: rows written directly, messages through the real worker code."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench.lib.running import uncapped
from plugin.assess.encoder import NoEncoder
from plugin.model import Arrival
from plugin.pipeline import load_rulebook
from plugin.service.triage_job import Triager
from plugin.settings import load
from plugin.store import Store, open_store, people
from plugin.store.tables import decision, inbound, job, participant, request, sent, thread

_SKIPPED = 20  #: messages that only warm up


@dataclass(frozen=True)
class Cost:
    """Processor time of a message, milliseconds."""

    store_ms: float  #: taking it in, claiming it, looking up what is known, keeping the decision
    all_ms: float  #: all of it in this process; mail is read and decided about in others, which know no database


def cost(path: Path, size: int, raws: list[bytes]) -> Cost:
    """Medians over the messages."""
    environment = {"ANTESALA_HOME": str(path.parent / "home"), "ANTESALA_DATABASE_URL": f"sqlite:///{path}"}
    settings = load(environment)
    store = open_store(settings)
    _fill(store, size)
    if not (path.parent / "rules").is_dir():
        uncapped(path.parent / "rules")
    rulebook = load_rulebook(path.parent / "rules", encoder=NoEncoder(), cache=path.parent / "cache")
    triager = Triager(store, settings, lambda: rulebook)
    alls, stores = [], []
    with _timed(store) as spent:
        for raw in raws:
            spent.clear()
            start = time.process_time()
            store.accept(Arrival("mail", raw, datetime.now(UTC)))
            claimed = store.claim(("triage",))
            assert claimed is not None
            triager.decide(claimed)
            alls.append(1000 * (time.process_time() - start))
            stores.append(1000 * sum(spent))
    triager.close()
    store.close()
    return Cost(median(stores[_SKIPPED:]), median(alls[_SKIPPED:]))


@contextmanager
def _timed(store: Store) -> Iterator[list[float]]:
    """Adds up the processor time of calls of the store."""
    spent: list[float] = []

    def timed(call: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*args: Any) -> Any:
            start = time.process_time()
            try:
                return call(*args)
            finally:
                spent.append(time.process_time() - start)

        return inner

    for name in ("accept", "claim", "inbound", "known", "record"):
        setattr(store, name, timed(getattr(store, name)))
    yield spent


def _fill(store: Store, size: int) -> None:
    """Requests with a message, a decision, two jobs, a reply and a thread each, spread over a year."""
    now = datetime.now(UTC)
    step = timedelta(days=365) / size
    box = people.keyed(store.key, f"mailbox:{store.mailbox}")
    for first in range(1, size + 1, 20_000):
        rows: dict[sa.Table, list[dict[str, Any]]] = {}
        for number in range(first, min(first + 20_000, size + 1)):
            at = now - (size - number) * step
            for table, row in _rows(store.key, box, number, at):
                rows.setdefault(table, []).append(row)
        with store.engine.begin() as conn:
            for table, values in rows.items():
                conn.execute(table.insert(), values)
    with store.engine.begin() as conn:
        conn.exec_driver_sql("ANALYZE")


def _rows(key: bytes, box: str, number: int, at: datetime) -> Iterator[tuple[sa.Table, dict[str, Any]]]:
    email = f"old{number % 5_003}@casa{number % 997}.example"
    person, domain = people.person(key, email), people.domain(key, email)
    yield inbound, {
        "id": number, "source_key": f"mail:old-{number}", "source": "mail", "mailbox": "old", "received_at": at,
        "size": 1000, "digest": f"{number:064x}", "body_digest": f"{number:064x}", "flagged": None, "raw": b"x" * 1000,
    }  # fmt: skip
    yield request, {
        "number": number, "state": "handed-over", "requester": email, "person": person, "language": "es",
        "subject": "Cobro", "intent": "refund", "group_id": "billing", "note": "x" * 500, "opened_at": at,
        "updated_at": at,
    }  # fmt: skip
    yield decision, {
        "inbound_id": number, "request": number, "decided_at": at, "person": person, "domain": domain,
        "fingerprint": people.fingerprint(key, str(number)), "payload": {"trail": ["x" * 4000]},
    }  # fmt: skip
    for kind in ("triage", "reply"):
        yield job, {
            "key": f"{kind}:old:{number}", "kind": kind, "inbound_id": number, "payload": {}, "state": "done",
            "run_at": at, "set_at": at, "max_attempts": 3, "created_at": at, "finished_at": at,
        }  # fmt: skip
    yield sent, {
        "job_key": f"reply:old:{number}", "inbound_id": number, "request": number, "person": person, "domain": domain,
        "mailbox": box, "queued_at": at,
    }  # fmt: skip
    yield thread, {"message_id": people.mail_id(f"<old-{number}@x>"), "request": number, "ours": False}
    yield participant, {"person": person, "request": number}
