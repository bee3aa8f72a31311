"""A whole installation under fault: database, mail server, rules, and worker processes to kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import format_datetime
from pathlib import Path

import sqlalchemy as sa
from servers.ground import alive, wait_for
from servers.smtp import SmtpServer, Taken

from plugin.model import Arrival, Receipt
from plugin.settings import Settings, load
from plugin.store import Store, open_store
from plugin.store.engine import reading
from plugin.store.tables import decision, inbound, job

ROOT = Path(__file__).resolve().parents[2]


def mail(number: int, text: str = "Quiero un reembolso, me han cobrado dos veces.") -> bytes:
    """A customer's mail that is answered with questions."""
    date = format_datetime(datetime.now(UTC))
    return (
        f"From: Ana <ana{number}@casa{number}.example>\r\nTo: support@acme.example\r\nSubject: Reembolso {number}\r\n"
        f"Date: {date}\r\nMessage-ID: <m{number}@casa.example>\r\n\r\n{text}\r\nCaso {number}.\r\n"
    ).encode()


@dataclass
class House:
    """Settings are ANTESALA_* variables; processes are forks of one zygote that has the rules in memory."""

    home: Path
    url: str
    rules: Path
    smtp: SmtpServer
    lease: float = 60.0
    more: dict[str, str] = field(default_factory=dict)
    pids: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.environment = {
            "ANTESALA_HOME": str(self.home),
            "ANTESALA_DATABASE_URL": self.url,
            "ANTESALA_RULES": str(self.rules),
            "ANTESALA_SMTP_URL": f"smtp+plain://127.0.0.1:{self.smtp.port}",
            "ANTESALA_MAIL_FROM": "Acme Support <support@acme.example>",
            "ANTESALA_MESSAGE_ID_DOMAIN": "acme.example",
            "ANTESALA_SIGNING_KEY": "a key for tests",
            **self.more,
        }
        self.settings: Settings = load(self.environment, None)
        self.store: Store = open_store(self.settings)
        program = [sys.executable, str(Path(__file__).with_name("zygote.py"))]
        paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        environment = {**os.environ, **self.environment, "PYTHONPATH": paths, "TEST_LEASE": str(self.lease)}
        self.log = (self.home / "zygote.log").open("ab")
        self.zygote = subprocess.Popen(
            program,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=environment,
            text=True,
            cwd=self.home,
        )
        assert self._answer() == "ready"

    def start(self, words: str = "worker") -> int:
        """Fork a process; its id."""
        assert self.zygote.stdin is not None
        print(words, file=self.zygote.stdin, flush=True)
        self.pids.append(int(self._answer()))
        return self.pids[-1]

    def orphans(self) -> list[int]:
        """Processes in this house whose parents were killed."""
        ours = {self.zygote.pid, *self.pids}
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and (entry / "cwd").readlink() == self.home:
                    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                    if int(entry.name) not in ours and parent not in ours and alive(int(entry.name)):
                        found.append(int(entry.name))
        return found

    def kill(self, pid: int, sig: int = signal.SIGKILL) -> None:
        """Signal a process and wait until it is gone."""
        if alive(pid):
            os.kill(pid, sig)
        wait_for(lambda: not alive(pid), message="the process did not end")

    def close(self) -> None:
        for pid in self.pids:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        assert self.zygote.stdin is not None
        self.zygote.stdin.close()
        self.zygote.wait(120)
        self.store.close()
        self.log.close()

    def accept(self, raw: bytes) -> Receipt:
        return self.store.accept(Arrival("mail", raw, datetime.now(UTC), "box"))

    def states(self) -> Counter[tuple[str, str]]:
        """How many jobs of each kind are in each state."""
        with reading(self.store.engine) as conn:
            rows = conn.execute(sa.select(job.c.kind, job.c.state, sa.func.count()).group_by(job.c.kind, job.c.state))
            return Counter({(kind, state): number for kind, state, number in rows})

    def settled(self) -> bool:
        """Is there nothing left that a worker would do? Deadlines of days ahead do not count."""
        return not any(
            state in ("ready", "running", "sending") and (kind, state) != ("due", "ready")
            for kind, state in self.states()
        )

    def count(self, table: sa.Table) -> int:
        with reading(self.store.engine) as conn:
            return int(conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())

    def arrivals(self) -> int:
        return self.count(inbound)

    def decisions(self) -> int:
        return self.count(decision)

    def too_late(self) -> int:
        """How many messages were too old for an answer when they were decided."""
        with reading(self.store.engine) as conn:
            return [row.payload["no_reply"] for row in conn.execute(sa.select(decision.c.payload))].count("too-old")

    def sent(self) -> Counter[str]:
        """How often the mail server has each mail of ours."""
        return Counter(message_id(taken) for taken in self.smtp.mails)

    def doubtful(self) -> set[str]:
        """Message-IDs of mails that nobody knows whether they were sent."""
        with reading(self.store.engine) as conn:
            rows = conn.execute(sa.select(job.c.message_id).where(job.c.state == "uncertain"))
            return {row.message_id for row in rows}

    def _answer(self) -> str:
        assert self.zygote.stdout is not None
        line = self.zygote.stdout.readline().strip()
        assert line, f"the zygote died: {(self.home / 'zygote.log').read_text()[-2000:]}"
        return line


def message_id(taken: Taken) -> str:
    return str(message_from_bytes(taken.data)["Message-ID"]).strip("<>")
