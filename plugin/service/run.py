"""What `antesala run` runs: the mailboxes, the worker and the web part, until told to stop.

Each part has a thread of its own. A part that falls over is started again, a little later each
time; the others go on, and the health page says so.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

from plugin.service.errors import report
from plugin.service.health import Part
from plugin.service.log import logger
from plugin.store import StoreError, StoreUnavailable

STOP = 8.5  #: seconds that all parts together are given to end
LONGEST_PAUSE = 60.0  #: seconds before a part that keeps falling over is started again
STEADY = 120.0  #: a part that ran for so many seconds starts again at once


@dataclass(slots=True)
class Running:
    """One part: `run` returns when the event is set, and raises when it cannot go on."""

    name: str
    run: Callable[[threading.Event], None]
    awaited: bool = True  #: False: it holds nothing, so that nobody waits for its end
    failure: str = ""  #: why it fell over: a sentence of the store's, else the class of the error; empty while it runs
    thread: threading.Thread | None = field(default=None, repr=False)

    def keep(self, stop: threading.Event) -> None:
        """Run, and start again after a fall, until `stop` is set."""
        pause = 1.0
        while not stop.is_set():
            began = time.monotonic()
            try:
                self.failure = ""
                self.run(stop)
            except Exception as error:
                ours = isinstance(error, StoreError | StoreUnavailable)
                self.failure = str(error).rstrip(".") if ours else error.__class__.__name__
                logger().error("part failed", part=self.name, error=self.failure, again_in=pause)
                report(error)
            if not stop.is_set():
                pause = 1.0 if time.monotonic() - began > STEADY else min(2 * pause, LONGEST_PAUSE)
                stop.wait(pause)

    def part(self) -> Part | None:
        """How it is, when there is something to say."""
        reason = f"It stopped: {self.failure}. It is started again."
        return Part(self.name, "failing", reason) if self.failure else None


def run(parts: Sequence[Running], stop: threading.Event) -> bool:
    """Run all parts until `stop` is set; True if all of them ended in time.

    Whatever has not ended then is cut off: everything acknowledged is in the store, and work that
    was begun is taken up again at the next start.
    """
    for part in parts:
        part.thread = threading.Thread(target=part.keep, args=(stop,), name=part.name, daemon=True)
        part.thread.start()
    while not stop.wait(1.0):  # in short waits, so that signals are handled at once
        pass
    deadline = time.monotonic() + STOP
    threads = [part.thread for part in parts if part.thread is not None and part.awaited]
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return not any(thread.is_alive() for thread in threads)


@contextmanager
def signals(stop: threading.Event, reload: Callable[[], object]) -> Iterator[None]:
    """Ctrl-C and SIGTERM stop, SIGHUP reads the rules again; a second Ctrl-C does not wait."""

    def end(number: int, _: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        logger().info("stopping", signal=signal.Signals(number).name)

    def again(_: int, __: FrameType | None) -> None:
        # Reading takes seconds; a handler must not hold up the main thread.
        threading.Thread(target=reload, name="reload", daemon=True).start()

    wanted = {signal.SIGINT: end, signal.SIGTERM: end, signal.SIGHUP: again}
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            with suppress(TypeError):  # None: it was set by something that is not Python
                signal.signal(number, handler)
