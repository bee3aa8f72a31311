"""A bound on what deciding about one message may cost, in time of the processor: `with Limit(30.0): …`.

Texts are capped before they are decided about, and patterns take linear time, so that no message that we know comes
near it. This is for the one that nobody thought of: it must not keep the others waiting for ever.
"""

from __future__ import annotations

import ctypes
import threading
import time
from types import TracebackType

_LOOK = 0.25  #: seconds between looks at the processor's clock


class TooLong(Exception):
    """It took more time than it may."""


class Limit:
    """Raises TooLong in the thread that entered, at its next step in Python once the time is used up.

    What counts is the thread's own time on the processor: a busy machine makes nobody late. A single call into C is
    not interrupted.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._raised = False

    def __enter__(self) -> Limit:
        self._thread = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._thread)
        self._began = time.clock_gettime(self._clock)
        threading.Thread(target=self._watch, daemon=True, name="limit").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._end()
        except TooLong:  # it came just here
            self._end()
            raise
        if self._raised and kind is not TooLong:
            time.sleep(_LOOK)  # it is on its way: it comes here, or has been swallowed
            raise TooLong

    def _end(self) -> None:
        with self._lock:
            self._over.set()

    def _watch(self) -> None:
        """Again and again, since somebody on the way may take it for another error and go on."""
        while not self._over.wait(_LOOK):
            if time.clock_gettime(self._clock) - self._began < self._seconds:
                continue
            with self._lock:
                if self._over.is_set():
                    return
                self._raised = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(TooLong))
