"""Deciding in processes of its own, one for each processor: the web part and the mailboxes go on meanwhile.

A judge is handed the rulebook in force and then case after case. It touches neither database nor network. One that
dies, or uses up its time, costs the one message that it was about; the next case finds another.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from plugin.model import Decision
from plugin.rulebook import Rulebook
from plugin.service.judging import Bench, Case
from plugin.understand.child import Child, ChildFailed
from plugin.understand.own import Own

MOST = 4  #: more than the store keeps up with
SECONDS = 30.0  #: of the processor's time, for one case
_PATIENCE = 120.0  #: seconds by the clock, for one case: others may need the processor too
_START = 300.0  #: the same until a judge has read the rulebook
_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS")}


class JudgeFailed(Exception):
    """There is no decision; the text says why and holds nothing of the message."""


class TooLong(JudgeFailed):
    """It took more time than it may."""


class Judges:
    """As many as there are processors, each started when it is first needed. Safe to use from many threads."""

    def __init__(self, own: Own, seconds: float = SECONDS) -> None:
        self.count = max(1, min(MOST, len(os.sched_getaffinity(0))))
        self._own = own
        self._idle = [_Judge(seconds) for _ in range(self.count)]
        self._free = threading.Condition()

    def decide(self, case: Case, rulebook: Rulebook) -> Decision:
        """The decision by that very rulebook. Raises JudgeFailed."""
        with self._one() as judge:
            return judge.decide(case, Bench(rulebook, self._own))

    def warm(self, case: Case, rulebook: Rulebook) -> None:
        """Let all of them decide once, so that no customer waits for what is loaded on first use."""

        def decide() -> None:
            with suppress(JudgeFailed):  # whoever needs it will say so
                self.decide(case, rulebook)

        threads = [threading.Thread(target=decide) for _ in range(self.count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def close(self) -> None:
        """End those that have nothing to do. The others end with this process."""
        with self._free:
            for judge in self._idle:
                judge.close()

    @contextmanager
    def _one(self) -> Iterator[_Judge]:
        with self._free:
            self._free.wait_for(lambda: self._idle)
            judge = self._idle.pop()
        try:
            yield judge
        finally:
            with self._free:
                self._idle.append(judge)
                self._free.notify()


class _Judge:
    """One process; for one thread at a time."""

    def __init__(self, seconds: float) -> None:
        self._child = Child("plugin.service.judging", (str(seconds),), _ONE_THREAD)
        self._rulebook: Rulebook | None = None  #: that the process has

    def decide(self, case: Case, bench: Bench) -> Decision:
        try:
            if not self._child.running or self._rulebook is not bench.rulebook:
                self._rulebook = None
                self._child.ask(pickle.dumps(bench, pickle.HIGHEST_PROTOCOL), _START)
                self._rulebook = bench.rulebook
            good, answer = self._child.ask(pickle.dumps(case, pickle.HIGHEST_PROTOCOL), _PATIENCE)
        except ChildFailed as failed:
            kind = TooLong if failed.number in (signal.SIGXCPU, signal.SIGALRM) else JudgeFailed
            raise kind(f"deciding in a process of its own: {failed}") from None
        if not good:
            raise JudgeFailed(answer.decode())
        decision: Decision = pickle.loads(answer)  # noqa: S301 - by our own code, which the message cannot choose
        return decision

    def close(self) -> None:
        self._child.close()
