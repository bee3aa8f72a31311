"""The rulebook in force: read again when its files change, replaced as a whole, kept when the new one is not good."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from plugin.rulebook.folder import paths
from plugin.rulebook.problems import Problem, RulebookError
from plugin.rulebook.rulebook import Rulebook

#: Seconds without a change after which files count as written.
QUIET = 1.0
#: The same where a file does not end with a line break, which is how a file that is being written mostly looks.
PATIENCE = 15.0

TryOut = Callable[[Rulebook], Iterable[Problem]]
_State = tuple[tuple[str, int, int, int], ...]


class Live:
    """Holds the last good rulebook. Raises RulebookError when it is made from a broken one: refused at start.

    `read` reads the rulebook, as `load_rulebook` does; `folder` is watched by `refresh`; `try_out` runs the rulebook's
    own tests, and what it yields keeps a new rulebook from going into force; `clock` counts seconds.
    """

    def __init__(
        self,
        read: Callable[[], Rulebook],
        folder: Path | None = None,
        *,
        try_out: TryOut | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._folder = folder
        self._try_out = try_out
        self._clock = clock
        self._lock = threading.Lock()
        self._tried = self._state()
        self._seen, self._seen_at = self._tried, clock()
        self.current = read()
        self.since = datetime.now(UTC)  #: when the rulebook in force was read
        self.problems: tuple[Problem, ...] = ()  #: why the last reload was refused; empty if it was not

    def __call__(self) -> Rulebook:
        """The rulebook in force. One decision is made with one of them, whatever is reloaded meanwhile."""
        return self.current

    def reload(self) -> bool:
        """Read the files now; False if they are broken and the last good rulebook stays in force."""
        with self._lock:
            self._tried = self._state()
            try:
                fresh = self._read()
                fresh.matcher.warm((*fresh.desk.recognise, None))
                problems = tuple(self._try_out(fresh)) if self._try_out is not None else ()
            except RulebookError as error:
                problems = error.problems
            if problems:
                self.problems = problems
                return False
            self.current, self.since, self.problems = fresh, datetime.now(UTC), ()
            return True

    def refresh(self) -> bool | None:
        """Reload if the files have changed and rest since; None if there was nothing to do.

        Cheap (it looks at names, sizes and times), so that it can be called every second.
        """
        state, now = self._state(), self._clock()
        if state != self._seen:
            self._seen, self._seen_at = state, now
        if state == self._tried or now - self._seen_at < (QUIET if self._finished() else PATIENCE):
            return None
        return self.reload()

    def _state(self) -> _State:
        found = []
        for path in paths(self._folder) if self._folder is not None else ():
            try:
                status = os.stat(path)
            except OSError:
                found.append((str(path), -1, 0, 0))
            else:
                found.append((str(path), status.st_size, status.st_mtime_ns, status.st_ino))
        return tuple(found)

    def _finished(self) -> bool:
        """Whether every file ends with a line break."""
        for path in paths(self._folder) if self._folder is not None else ():
            try:
                if path.is_file() and path.stat().st_size and _last_byte(path) != b"\n":
                    return False
            except OSError:
                continue
        return True


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1)
