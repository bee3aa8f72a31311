"""What is acknowledged is on the disk: seen in the system calls of the real processes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from house import ROOT, mail
from servers.dovecot import PASSWORD, Dovecot
from servers.ground import answers, free_port, program, wait_for
from servers.postgres import Postgres
from storm import SECRET, ask, payload

from plugin.settings import Secret, Settings
from plugin.store import open_store
from plugin.store.engine import writing

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

SYNC = re.compile(r"\b(?:fsync|fdatasync)\(\d+<[^>]*antesala\.db-wal>")
CALLS = "trace=fsync,fdatasync,sendto,recvfrom"
LEVELS = pytest.mark.parametrize(("level", "holds"), [("", True), ("OFF", False)], ids=["as it is", "synchronous=OFF"])


@contextmanager
def traced(home: Path, command: str, level: str, **settings: object) -> Iterator[Path]:
    """A process of Antesala under strace; the trace is complete when this is left."""
    trace = home / "trace"
    strace = [program("strace", "strace"), "-D", "-f", "-y", "-s", "200", "-e", CALLS, "-o", str(trace)]
    antesala = [sys.executable, str(Path(__file__).with_name("careless.py")), level]
    if not level:
        antesala = [str(Path(sys.executable).with_name("antesala"))]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANTESALA_")}
    environment |= {"PYTHONPATH": str(ROOT), "ANTESALA_DATABASE_URL": f"sqlite:///{home}/antesala.db"}
    environment |= {f"ANTESALA_{name}": str(value) for name, value in {"HOME": home, **settings}.items()}
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([*strace, *antesala, command], env=environment, cwd=home, stdout=log, stderr=log)
    try:
        yield trace
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    wait_for(lambda: f"{process.pid} +++ exited with" in trace.read_text(errors="replace"))


def syncs(trace: Path, since: str, until: str) -> list[int]:
    """How often the log of the database was forced to the disk between `since` and `until`, each time."""
    found: list[int] = []
    count: int | None = None
    for line in trace.read_text(errors="replace").splitlines():
        if "recvfrom(" in line or "sendto(" in line:
            if since in line and count is None:
                count = 0
            elif until in line and count is not None:
                found.append(count)
                count = None
        elif count is not None and SYNC.search(line):
            count += 1
    return found


@LEVELS
def test_mails_are_on_the_disk_before_they_are_marked(tmp_path: Path, level: str, holds: bool) -> None:
    with Dovecot() as dovecot:
        for number in range(5):
            dovecot.deliver("support@desk.test", mail(number))
        box = f"imap://support%40desk.test:{PASSWORD}@localhost:{dovecot.imap}/INBOX"
        with traced(tmp_path, "mailbox", level, MAILBOXES=box) as trace:
            wait_for(lambda: trace.exists() and "STORE" in trace.read_text(errors="replace"))
    (number,) = syncs(trace, "BODY.PEEK[]", "UID STORE")
    assert (number >= 5) is holds, "a commit for each"


@LEVELS
def test_webhooks_are_on_the_disk_before_they_are_acknowledged(tmp_path: Path, level: str, holds: bool) -> None:
    port = free_port()
    with traced(tmp_path, "web", level, WEBHOOK_SECRETS=SECRET, LISTEN_PORT=port) as trace:
        wait_for(lambda: answers(port))
        for number in range(5):
            assert ask(port, f"msg_{number}", payload(number)) is not None
    numbers = syncs(trace, "POST /v1/requests", "HTTP/1.1 202")
    assert len(numbers) == 5
    assert all(numbers) is holds


def test_postgresql_may_be_set_to_carelessness_and_we_are_not(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.database()
    store = open_store(Settings(home=tmp_path, database_url=Secret(url)))
    with writing(store.engine) as conn:
        conn.execute(sa.text(f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit = off"))
    store.close()
    store = open_store(Settings(home=tmp_path, database_url=Secret(url)))
    with store.engine.connect() as conn:
        assert conn.execute(sa.text("SHOW synchronous_commit")).scalar_one() == "on"
    store.close()
