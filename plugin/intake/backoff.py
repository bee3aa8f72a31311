"""How long to wait before trying again."""

from __future__ import annotations

import random

_FIRST, _LONGEST = 1.0, 60.0  #: seconds, for connections: mail goes on within a minute after the trouble is over
_FIRST_LASTING, _LONGEST_LASTING = (
    60.0,
    900.0,
)  #: seconds, where a log-in was refused: at most eight tries in the first hour


class Backoff:
    """Doubles with every failure; a success starts it anew."""

    def __init__(self) -> None:
        self._failures = 0
        self._refusals = 0

    def succeeded(self) -> None:
        self._failures = self._refusals = 0

    def failed(self, *, lasting: bool = False, wait: float = 0.0) -> float:
        """Seconds to wait: 1 to 60 with jitter, 60 to 900 where trying again may lock an account, `wait` at least."""
        if lasting:
            seconds = min(_FIRST_LASTING * 2.0 ** min(self._refusals, 10), _LONGEST_LASTING)
            self._refusals += 1
        else:
            seconds = min(_FIRST * 2.0 ** min(self._failures, 10), _LONGEST) * random.uniform(0.75, 1.0)  # noqa: S311
            self._failures += 1
        return max(seconds, wait)
