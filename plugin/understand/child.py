"""A child process that answers one request after another, killed and replaced when it takes too long or dies."""

from __future__ import annotations

import os
import resource
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_REQUEST = struct.Struct("!Q")  # length of what follows
_ANSWER = struct.Struct("!?Q")  # whether it went well, length of what follows
_PACKAGE = Path(__file__).resolve().parents[2]
_MAX_ANSWER = 64 * 1024 * 1024


class ChildFailed(Exception):
    """There is no answer; the text says why and holds nothing of the request. `number` is the signal that killed it."""

    def __init__(self, text: str, number: int = 0) -> None:
        super().__init__(text)
        self.number = number


class Child:
    """One process, started at the first request. For one thread at a time.

    It runs `python -m module arguments` and calls `answer_all`. It has nothing of our environment but where Python
    finds its modules, and ends by itself when we do.
    """

    def __init__(
        self, module: str, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None
        self.answered = False  #: whether the process that runs now has answered before

    @property
    def running(self) -> bool:
        """Whether the process that answered before is still there."""
        return self.answered and self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Of the process that runs now, if one does."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """See to it that a process runs."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        path = os.pathsep.join(filter(None, (str(_PACKAGE), os.environ.get("PYTHONPATH", ""))))
        known = {"PYTHONPATH": path, "PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "random"}
        self._process = subprocess.Popen(  # noqa: S603 - our own modules with numbers
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=known | self._environment,
            bufsize=0,
        )

    def ask(self, request: bytes, seconds: float) -> tuple[bool, bytes]:
        """The answer, and whether it went well. Raises ChildFailed; then the process is gone."""
        try:
            self.start()
            assert self._process is not None
            whole = _REQUEST.pack(len(request)) + request
            answer = _exchange(self._process, whole, time.monotonic() + seconds)
        except ChildFailed:
            self.close()
            raise
        except (OSError, ValueError, struct.error) as error:
            self.close()
            raise ChildFailed(f"it failed ({error.__class__.__name__})") from None
        except BaseException:
            self.close()  # an answer that nobody waits for would be taken for the next one
            raise
        self.answered = True
        return answer

    def close(self) -> None:
        """Kill it; the next request starts another."""
        process, self._process, self.answered = self._process, None, False
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        process.wait()


def _exchange(process: subprocess.Popen[bytes], request: bytes, deadline: float) -> tuple[bool, bytes]:
    """Write the request and read the answer, whichever can go on, until the deadline."""
    assert process.stdin is not None
    assert process.stdout is not None
    into, out = process.stdin.fileno(), process.stdout.fileno()
    os.set_blocking(into, False)
    left, got = memoryview(request), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(into, selectors.EVENT_WRITE)
        selector.register(out, selectors.EVENT_READ)
        while (size := _wanted(got)) is None or len(got) < size:
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise ChildFailed("it took too long", signal.SIGALRM)
            for key, _ in ready:
                if key.fd == into:
                    left = left[os.write(into, left) :]
                    if not left:
                        selector.unregister(into)
                else:
                    data = os.read(out, 1 << 20)
                    if not data:
                        raise _obituary(process)
                    got += data
    return bool(got[0]), bytes(got[_ANSWER.size :])


def _wanted(got: bytearray) -> int | None:
    if len(got) < _ANSWER.size:
        return None
    length = int(_ANSWER.unpack_from(got)[1])
    if length > _MAX_ANSWER:
        raise ChildFailed("it answered nonsense")
    return _ANSWER.size + length


def _obituary(process: subprocess.Popen[bytes]) -> ChildFailed:
    try:
        code = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return ChildFailed("it closed its output")
    if code < 0:
        return ChildFailed(f"it died (signal {-code})", -code)
    return ChildFailed(f"it died (exit status {code})")


# --- in the child -----------------------------------------------------------------------------


def answer_all(answer: Callable[[bytes], tuple[bool, bytes]]) -> None:
    """Answer requests until the other side closes. Who is told to stop is the other side, not we."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(head := _read(requests, _REQUEST.size)) == _REQUEST.size:
        length = int(_REQUEST.unpack(head)[0])
        good, said = answer(_read(requests, length))
        answers.write(_ANSWER.pack(good, len(said)) + said)
        answers.flush()


def limit_processor(seconds: float) -> None:
    """From here on this process may use so much time of the processor; beyond it the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, -1))


def _read(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    return data if data is not None else b""
