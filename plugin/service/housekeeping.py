"""What has to be done now and then, whoever works: dead workers' jobs, texts that were kept long enough."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plugin.service.log import logger
from plugin.store import Store, StoreError, StoreUnavailable
from plugin.store.engine import sqlite_path

SWEEP = 5.0  #: seconds between looks for leases that ran out
_RARELY = 600.0


class Housekeeping:
    """Any number of workers may do this at the same time."""

    def __init__(self, store: Store, harmless: frozenset[str]) -> None:
        self._store = store
        self._harmless = harmless
        self._swept = 0.0
        self._alone = False

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set."""
        rarely = 0.0
        while not stop.is_set():
            try:
                self.sweep()
                if time.monotonic() >= rarely:
                    if purged := self._store.purge():
                        logger().info("retention", messages=purged)
                    rarely = time.monotonic() + _RARELY
            except StoreUnavailable as error:
                logger().error("store unavailable", line="housekeeping", reason=str(error))
            except Exception as error:
                logger().error("housekeeping failed", error=error.__class__.__name__)
            stop.wait(SWEEP)

    def sweep(self) -> None:
        """Take back the work of workers that died; not more often than every few seconds."""
        now = time.monotonic()
        if self._swept and now - self._swept < SWEEP:
            return
        swept = self._store.sweep(everyone=self._alone and not self._swept, harmless=self._harmless)
        self._swept = now
        if swept.again or swept.dead or swept.uncertain:
            logger().warning("leases ran out", again=swept.again, dead=swept.dead, uncertain=swept.uncertain)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """On SQLite one worker process is right: hold a lock, and take back at once what the last one left.

        Raises StoreError if another one runs. The kernel frees the lock when a process dies.
        """
        path = sqlite_path(self._store.engine.url)
        if path is None:
            yield
            return
        with Path(f"{path}.worker").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError(
                    f"Another worker uses {path}. With SQLite one is enough; for more use PostgreSQL."
                ) from None
            self._alone = True
            self.sweep()
            yield
