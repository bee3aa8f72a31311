"""Antesala as a process, with a home of its own, and what its database says about how far it is."""

from __future__ import annotations

import base64
import os
import re
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from urllib.error import HTTPError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
#: Caps on automatic replies would end the run: a mailbox that answers twenty mails a second is broken.
_CAPS = re.compile(r"^(  (?:per_\w+|same_words_1h): )\d+", re.MULTILINE)
DESK = "support@desk.test"


def uncapped(folder: Path) -> None:
    """A copy of the default rules without a limit to automatic answers."""
    shutil.copytree(ROOT / "rules", folder)
    desk = folder / "desk.yaml"
    desk.write_text(_CAPS.sub(r"\g<1>1000000", desk.read_text("utf-8")), "utf-8")


class Antesala:
    """`antesala run`, ready when the constructor returns; SQLite, matching by words and by meaning, default rules."""

    def __init__(self, home: Path, port: int, smtp: int, mailbox: str = "", cache: Path | None = None) -> None:
        self.home, self.port = home, port
        self.secret = secrets.token_bytes(32)
        uncapped(home / "rules")
        if cache is not None and cache.is_dir():
            shutil.copytree(cache, home / "cache")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTESALA_")}
        self._environment = kept | {
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": str(ROOT),
            "ANTESALA_HOME": str(home),
            "ANTESALA_DATABASE_URL": f"sqlite:///{home}/antesala.db",
            "ANTESALA_RULES": str(home / "rules"),
            "ANTESALA_MAILBOXES": mailbox,
            "ANTESALA_SMTP_URL": f"smtp+plain://127.0.0.1:{smtp}",
            "ANTESALA_MAIL_FROM": f"Support <{DESK}>",
            "ANTESALA_WEBHOOK_SECRETS": "whsec_" + base64.b64encode(self.secret).decode(),
            "ANTESALA_LISTEN_PORT": str(port),
        }
        self._log = (home / "log").open("ab")
        command = [sys.executable, "-c", "from plugin.cli import main; main()", "run"]
        self._process = subprocess.Popen(
            command, cwd=home, env=self._environment, stdout=self._log, stderr=self._log, start_new_session=True
        )
        self._wait_ready()

    def _wait_ready(self) -> None:
        until = time.monotonic() + 600
        while time.monotonic() < until:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    break
            except HTTPError:  # it answers; how it is does not matter yet
                break
            except OSError:
                if self._process.poll() is not None:
                    raise RuntimeError((self.home / "log").read_text("utf-8", "replace")[-2000:]) from None
                time.sleep(0.2)
        time.sleep(5)  # what the worker loads beside it

    def count(self, what: str) -> int:
        """How many rows a condition holds for, e.g. `job where state = 'done'`."""
        with sqlite3.connect(f"file:{self.home}/antesala.db?mode=ro", uri=True, timeout=30) as conn:
            return int(conn.execute(f"SELECT count(*) FROM {what}").fetchone()[0])

    def idle(self) -> bool:
        """Whether nothing is left to do now."""
        return not self.count("job WHERE state IN ('ready', 'running', 'sending') AND kind != 'due'")

    def seconds_of_cpu(self) -> float:
        """Processor time of the process and its children so far."""
        total = 0
        for pid in [self._process.pid, *_children(self._process.pid)]:
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """Stop it; by force after twenty seconds."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        self._log.close()

    def __enter__(self) -> Antesala:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_children(int(child))]
    return found
