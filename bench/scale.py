"""The plans of the hot queries on a full PostgreSQL: generates millions of rows, runs what runs for every message.

    python bench/scale.py [--rows 10000000] [--check]

Starts a PostgreSQL of its own, makes the schema with the migrations, generates that many requests, each with its
message, decision, job and thread, and half as many replies; then calls the functions of the store as the service does
and prints, for each, its statements with EXPLAIN ANALYZE. `--check` ends with 1 if one of them reads a large table from
end to end. Ten million rows take about 25 GB in the folder for temporary files, which are removed.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import sqlalchemy as sa  # noqa: E402
from servers.postgres import Postgres  # noqa: E402

from bench.lib import rows as filling  # noqa: E402
from plugin.model import Address, Arrival, Message  # noqa: E402
from plugin.settings import load  # noqa: E402
from plugin.store import accept, failed, health, known, leases, people, queue, requests, retention  # noqa: E402
from plugin.store.engine import connect  # noqa: E402
from plugin.store.migrate import migrate  # noqa: E402

LARGE = ("inbound", "job", "request", "decision", "sent", "thread", "participant")
_READS_ALL = re.compile(rf"(?:Parallel )?Seq Scan on ({'|'.join(LARGE)})\b")
KEY = b"0" * 32
MAILBOX = "support@desk.example"
KINDS = ("triage", "reply", "webhook")


@dataclass
class Plans:
    """What EXPLAIN said about the statements of one function."""

    lines: list[str]


@contextmanager
def explained(conn: sa.Connection) -> Iterator[Plans]:
    """Explains every statement before it runs. What writes is explained without running it twice."""
    plans = Plans([])

    def before(_: Any, __: Any, statement: str, parameters: Any, ___: Any, ____: bool) -> None:
        verb = statement.lstrip()[:6].upper()
        if verb not in ("SELECT", "UPDATE", "INSERT", "DELETE") or " FROM " not in f" {statement} ".replace("\n", " "):
            return
        analyze = "ANALYZE, TIMING OFF, " if verb == "SELECT" else ""
        with conn.connection.driver_connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN ({analyze}COSTS OFF) {statement}", parameters)
            said = [line for (line,) in cursor.fetchall()]
        plans.lines.append("  " + " ".join(statement.split())[:150])
        plans.lines += [f"      {line[:300]}" for line in said if not line.lstrip().startswith("Planning")]

    sa.event.listen(conn, "before_cursor_execute", before)
    try:
        yield plans
    finally:
        sa.event.remove(conn, "before_cursor_execute", before)


def hot(rows: int) -> dict[str, Callable[[sa.Connection], object]]:
    """What the service does for every message, every few seconds, or when a page is opened."""
    now = datetime.now(UTC)
    new = Message(
        "mail", "<new@casa.example>", Address("new@casa.example"), "Cobro doble", "…", "Me cobraron dos veces", now
    )
    some = filling.address(rows // 2)
    follow = replace(
        new, sender=Address(some), in_reply_to=("<nobody@casa.example>",), references=("<a@x>", "<b@x>"),
        subject=f"Re: [#{rows // 2}] Cobro", newest="Ticket #12 y #34, me cobraron dos veces",
    )  # fmt: skip
    mail = b"Message-ID: <fresh@casa.example>\r\nSubject: x\r\n\r\nHola\r\n"
    month = now - timedelta(days=90)
    return {
        "accept: keep a mail": lambda conn: accept.accept(conn, Arrival("mail", mail, now)),
        "waits: is there work?": lambda conn: queue.waits(conn, KINDS),
        "claim: the next job": lambda conn: queue.claim(conn, KINDS),
        "known: a new sender": lambda conn: known.known(conn, KEY, new, MAILBOX, now),
        "known: somebody who wrote before": lambda conn: known.known(conn, KEY, follow, MAILBOX, now),
        "sweep: leases that ran out": leases.sweep,
        "health: what waits": health.health,
        "list: newest requests": lambda conn: requests.listed(conn, state=None, group=None, before=None, limit=50),
        "list: of a group, a later page": lambda conn: requests.listed(
            conn, state=None, group="billing", before=rows // 2, limit=50
        ),
        "list: waiting in a group": lambda conn: requests.listed(
            conn, state="waiting", group="billing", before=None, limit=50
        ),
        "failed: what was set aside": lambda conn: failed.failed(conn, limit=500),
        "purge: one batch": lambda conn: retention.purge(conn, month),
        "forget: a person": lambda conn: retention.forget(conn, KEY, some),
    }


def main() -> int:
    """Fill, run, print; the statements that read a large table whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--check", action="store_true", help="exit 1 if a large table is read from end to end")
    given = parser.parse_args()
    bad = []
    with Postgres() as server:
        settings = load({"ANTESALA_DATABASE_URL": server.database(), "ANTESALA_HOME": str(server.home / "home")})
        engine = connect(settings.database_url.value)
        migrate(engine)
        filling.fill(engine, given.rows, people.keyed(KEY, f"mailbox:{MAILBOX}"))
        filling.known_as(engine, given.rows // 2, people.person(KEY, filling.address(given.rows // 2)))
        for name, work in hot(given.rows).items():
            for turn in ("warm up", "measure", "explain"):
                with engine.connect() as conn:
                    start = time.perf_counter()
                    if turn != "explain":
                        work(conn)
                        taken = 1000 * (time.perf_counter() - start)
                    else:
                        with explained(conn) as plans:
                            work(conn)
                        print("\n".join([f"\n{name}: {taken:.1f} ms", *plans.lines]), flush=True)
                        bad += [(name, table) for line in plans.lines for table in _READS_ALL.findall(line)]
                    conn.rollback()
        engine.dispose()
    for name, table in bad:
        print(f"READS ALL of {table}: {name}")
    return 1 if bad and given.check else 0


if __name__ == "__main__":
    sys.exit(main())
