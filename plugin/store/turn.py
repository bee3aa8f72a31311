"""One at a time, in the order in which they came, but those for whom somebody waits first."""

from __future__ import annotations

import threading
from collections import deque

AHEAD = 8  #: so many in a row may go before others that have waited for longer


class Turn:
    """A lock between threads that is handed on: whoever gives it back does not get it again before the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._hurried: deque[threading.Lock] = deque()
        self._others: deque[threading.Lock] = deque()
        self._ahead = 0

    def take(self, seconds: float, *, hurried: bool = False) -> bool:
        """Wait for it; False if it was not to be had in time."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            queue = self._hurried if hurried else self._others
            handed = threading.Lock()
            handed.acquire()
            queue.append(handed)
        if handed.acquire(timeout=seconds):
            return True
        with self._lock:
            if handed not in queue:  # it came at the last moment
                return True
            queue.remove(handed)
            return False

    def give(self) -> None:
        """Hand it to the next, if anybody waits."""
        with self._lock:
            queue = self._next()
            if queue:
                queue.popleft().release()
            else:
                self._taken = False

    def _next(self) -> deque[threading.Lock]:
        if self._hurried and (not self._others or self._ahead < AHEAD):
            self._ahead += 1
            return self._hurried
        self._ahead = 0
        return self._others
