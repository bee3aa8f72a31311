"""How often one address may fail: wrong passwords, wrong signatures."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MAX_ADDRESSES = 4096


class FailureLimiter:
    """At most `allowed` failures of one address in `seconds`; success costs nothing.

    Kept in memory, for a bounded number of addresses: what matters is that guessing is slow.
    """

    def __init__(self, allowed: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.allowed, self.seconds, self.clock = allowed, seconds, clock
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str) -> int:
        """Seconds until the address may try again; 0 if it may now."""
        with self._lock:
            recent = self._recent(address)
            if len(recent) < self.allowed:
                return 0
            return max(1, round(recent[-self.allowed] + self.seconds - self.clock()))

    def failed(self, address: str) -> None:
        with self._lock:
            recent = [*self._recent(address), self.clock()][-self.allowed :]
            self._failures[address] = recent
            self._failures.move_to_end(address)
            while len(self._failures) > MAX_ADDRESSES:
                self._failures.popitem(last=False)

    def _recent(self, address: str) -> list[float]:
        since = self.clock() - self.seconds
        return [at for at in self._failures.get(address, ()) if at > since]
