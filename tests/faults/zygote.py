"""Starts worker processes that tests kill: reads the rules once, then forks a worker for each line on its input.

    worker            a worker as it is
    worker SEAM       one that dies by SIGKILL the first time it comes to that seam
    intake SEAM FILE  accepts every mail of a folder, one after the other; may die at a seam too

Each answer is the process's id. The seams lie where a crash hurts most; the product knows nothing of them.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from plugin.act import hook, maildir, smtp
from plugin.model import Arrival
from plugin.pipeline import load_rulebook
from plugin.service import housekeeping, perform
from plugin.service.log import setup_log
from plugin.service.worker import Worker
from plugin.settings import Settings, load
from plugin.store import Store, open_store
from plugin.store.store import Store as StoreClass

#: seam -> (object, its function, die before it or after it)
SEAMS: dict[str, tuple[Any, str, str]] = {
    "before-accept": (StoreClass, "accept", "before"),
    "after-accept": (StoreClass, "accept", "after"),
    "after-claim": (StoreClass, "claim", "after"),
    "before-record": (StoreClass, "record", "before"),
    "after-record": (StoreClass, "record", "after"),
    "before-sending": (StoreClass, "sending", "before"),
    "after-sending": (StoreClass, "sending", "after"),
    "after-data": (smtp.SmtpSession, "deliver", "after"),
    "after-maildir": (maildir.MaildirSession, "deliver", "after"),
    "after-webhook": (perform, "post", "after"),
    "before-hand-over": (StoreClass, "hand_over", "before"),
    "after-hand-over": (StoreClass, "hand_over", "after"),
}
_ = hook


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def arm(seam: str) -> None:
    """Put a death at a seam, in this process alone."""
    where, name, when = SEAMS[seam]
    real: Callable[..., Any] = getattr(where, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            die()
        result = real(*args, **kwargs)
        if seam != "after-claim" or result is not None:
            die()
        return result

    setattr(where, name, deadly)


def opened(settings: Settings) -> Store:
    store = open_store(settings)
    store.lease = timedelta(seconds=float(os.environ.get("TEST_LEASE", "60")))
    housekeeping.SWEEP = min(housekeeping.SWEEP, store.lease.total_seconds() / 2)
    return store


def worker(settings: Settings, rulebook: Any) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    store = opened(settings)
    Worker(store, settings, lambda: rulebook).run(stop)
    store.close()


def intake(settings: Settings, folder: str) -> None:
    """As a mailbox does it: a file is renamed (marked) only after it was accepted."""
    store = opened(settings)
    for path in sorted(Path(folder).glob("*.eml")):
        store.accept(Arrival("mail", path.read_bytes(), datetime.now(UTC), "folder"))
        path.rename(path.with_suffix(".done"))


def child(settings: Settings, rulebook: Any, words: list[str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(settings.home / "workers.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    kind, seam = words[0], words[1] if len(words) > 1 else "-"
    if seam != "-":
        arm(seam)
    if kind == "worker":
        worker(settings, rulebook)
    else:
        intake(settings, words[2])


def main() -> None:
    settings = load()
    setup_log(settings)
    rulebook = load_rulebook(settings.rules, cache=settings.home.parent / "cache")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                child(replace(settings), rulebook, line.split())
            except BaseException as error:
                os.write(2, f"child failed: {error!r}\n".encode())
                os._exit(1)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
