"""Reading mail in a child process, so that a hostile one costs a child and seconds, never the service.

One child lives on and reads mail after mail; it is killed and replaced when it takes too long, too much memory or dies.
Messages come back as JSON: nothing of what the child sends is executed.
"""

from __future__ import annotations

import os
import resource
import selectors
import struct
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import IO

from plugin.model import Message
from plugin.understand.wire import from_wire, to_wire

__all__ = ["ParseFailed", "Sandbox"]

_HEADER = struct.Struct("!dQ")  # received_at as seconds since 1970, length of what follows
_ANSWER = struct.Struct("!?Q")  # whether a message follows, its length
_PACKAGE = Path(__file__).resolve().parents[2]
_MAX_ANSWER = 64 * 1024 * 1024


class ParseFailed(Exception):
    """The child could not read a mail; the text says why and holds nothing of the mail."""


class Sandbox:
    """A reader of mail behind limits. Safe to call from several threads; they take turns.

    `seconds` limits one mail, on the clock and of processor time; `memory` is the child's address space in bytes.
    """

    def __init__(self, seconds: float = 20.0, memory: int = 1024 * 1024 * 1024) -> None:
        self._seconds = seconds
        self._memory = memory
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._started = False

    def read_mail(self, raw: bytes, received_at: datetime) -> Message:
        """Like `plugin.understand.mail.read_mail`; raises ParseFailed where the child dies or passes a limit."""
        with self._lock:
            try:
                return from_wire(self._ask(raw, received_at))
            except ParseFailed:
                self._kill()
                raise
            except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
                self._kill()
                raise ParseFailed(f"the reading process failed ({error.__class__.__name__})") from None
            except BaseException:
                self._kill()  # an answer that nobody waits for would be taken for the next mail's
                raise

    def close(self) -> None:
        """End the child; the next `read_mail` starts another."""
        with self._lock:
            self._kill()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, raw: bytes, received_at: datetime) -> bytes:
        child = self._living()
        deadline = time.monotonic() + self._seconds + (0 if self._started else 10)  # the first answer waits for imports
        request = _HEADER.pack(received_at.timestamp(), len(raw)) + raw
        answer = _exchange(child, request, deadline)
        self._started = True
        return answer

    def _living(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._kill()
        path = os.pathsep.join(filter(None, (str(_PACKAGE), os.environ.get("PYTHONPATH", ""))))
        limits = (str(self._memory), str(self._seconds))
        self._child = subprocess.Popen(  # noqa: S603 - our own module with numbers
            [sys.executable, "-m", "plugin.understand.sandbox", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": path, "PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "random"},
            bufsize=0,
        )
        return self._child

    def _kill(self) -> None:
        child, self._child, self._started = self._child, None, False
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()
        child.wait()


def _exchange(child: subprocess.Popen[bytes], request: bytes, deadline: float) -> bytes:
    """Write the request and read the answer, whichever can go on, until the deadline."""
    assert child.stdin is not None
    assert child.stdout is not None
    into, out = child.stdin.fileno(), child.stdout.fileno()
    os.set_blocking(into, False)
    left, got = memoryview(request), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(into, selectors.EVENT_WRITE)
        selector.register(out, selectors.EVENT_READ)
        while (size := _wanted(got)) is None or len(got) < size:
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise ParseFailed("reading the mail took too long")
            for key, _ in ready:
                if key.fd == into:
                    left = left[os.write(into, left) :]
                    if not left:
                        selector.unregister(into)
                else:
                    data = os.read(out, 1 << 20)
                    if not data:
                        raise ParseFailed(_obituary(child))
                    got += data
    if not got[0]:
        raise ParseFailed("the mail needs more memory than reading may take")
    return bytes(got[_ANSWER.size :])


def _wanted(got: bytearray) -> int | None:
    if len(got) < _ANSWER.size:
        return None
    length = int(_ANSWER.unpack_from(got)[1])
    if length > _MAX_ANSWER:
        raise ParseFailed("the reading process answered nonsense")
    return _ANSWER.size + length


def _obituary(child: subprocess.Popen[bytes]) -> str:
    try:
        code = child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return "the reading process closed its output"
    return f"the reading process died ({f'signal {-code}' if code < 0 else f'exit status {code}'})"


# --- in the child -----------------------------------------------------------------------------


def serve(requests: IO[bytes], answers: IO[bytes], memory: int, seconds: float) -> None:
    """Read mails until the other side closes."""
    from datetime import UTC

    from plugin.understand.mail import read_mail

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while len(head := _read(requests, _HEADER.size)) == _HEADER.size:
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, -1))
        stamp, length = _HEADER.unpack(head)
        try:
            answer = to_wire(read_mail(_read(requests, length), datetime.fromtimestamp(stamp, UTC)))
            head = _ANSWER.pack(True, len(answer))
        except MemoryError:
            answer, head = b"", _ANSWER.pack(False, 0)
        answers.write(head + answer)
        answers.flush()


def _read(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    return data if data is not None else b""


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]), float(sys.argv[2]))
