"""Starts processes that tests kill: reads the rules once, then forks a process for each line on its input.

    worker | web | mailbox | run    the command of that name, as it is
    worker SEAM                     one that dies by SIGKILL the first time it comes to that seam (`seams.py`)
    web - NAME=VALUE ...            with ANTESALA_NAME set to a value of its own
    intake SEAM FOLDER              accepts every mail of a folder, one after the other

Each answer is the process's id. What is forked has everything in memory that a fresh process reads
from disk for seconds, so that hundreds can be started; from its settings on it does what any other does.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from seams import arm

from plugin.cli import _serve, main
from plugin.model import Arrival
from plugin.pipeline import load_rulebook
from plugin.rulebook import Rulebook
from plugin.service import housekeeping
from plugin.service import worker as _worker  # noqa: F401 - read before forking
from plugin.settings import Settings, load
from plugin.store import Store, open_store
from plugin.web import app as _app  # noqa: F401 - read before forking

LEASE = timedelta(seconds=float(os.environ.get("TEST_LEASE", "60")))


def opened(settings: Settings) -> Store:
    store = open_store(settings)
    store.lease = LEASE
    housekeeping.SWEEP = min(housekeeping.SWEEP, LEASE.total_seconds() / 2)
    return store


def intake(folder: str) -> None:
    """As a mailbox does it: a file is renamed (marked) only after it was accepted."""
    store = opened(load())
    for path in sorted(Path(folder).glob("*.eml")):
        store.accept(Arrival("mail", path.read_bytes(), datetime.now(UTC), "folder"))
        path.rename(path.with_suffix(".done"))


def child(rulebook: Rulebook, words: list[str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    home = load().home
    log = os.open(home / "processes.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(0, 1)
    kind, seam, *rest = [*words, "-"][: max(2, len(words))]
    if seam != "-":
        arm(seam)
    if kind == "intake":
        intake(rest[0])
        return
    os.environ.update({f"ANTESALA_{name}": value for name, _, value in (word.partition("=") for word in rest)})
    given: Any = _serve
    given.store = opened
    given.reader = lambda _settings: lambda: rulebook
    main([kind], standalone_mode=False)


def serve() -> None:
    settings = load()
    rulebook = load_rulebook(settings.rules, cache=settings.home.parent / "cache")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                child(rulebook, line.split())
            except BaseException as error:
                os.write(2, f"child failed: {error!r}\n".encode())
                os._exit(1)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    serve()
