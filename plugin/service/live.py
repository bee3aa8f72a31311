"""The rulebook that is in force: replaced as a whole when a new one is good, kept when it is not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from plugin.rulebook import Problem, Rulebook, RulebookError


class Live:
    """Holds the last good rulebook. Raises RulebookError when it is made from a broken one: refused at start."""

    def __init__(self, read: Callable[[], Rulebook]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self.current = read()
        self.since = datetime.now(UTC)  #: when the rulebook in force was read
        self.problems: tuple[Problem, ...] = ()  #: why the last reload was refused; empty if it was not

    def reload(self) -> bool:
        """Read the files again; False if they are broken and the last good rulebook stays in force."""
        with self._lock:
            try:
                self.current = self._read()
            except RulebookError as error:
                self.problems = error.problems
                return False
            self.since, self.problems = datetime.now(UTC), ()
            return True
