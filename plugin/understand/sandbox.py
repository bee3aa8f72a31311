"""Reading mail in a child process, so that a hostile one costs a child and seconds, never the service.

One child lives on and reads mail after mail; it is killed and replaced when it takes too long, too much memory or dies.
Messages come back as JSON: nothing of what the child sends is executed.
"""

from __future__ import annotations

import resource
import struct
import sys
import threading
from datetime import UTC, datetime

from plugin.model import Message
from plugin.understand.child import Child, ChildFailed, answer_all, limit_processor
from plugin.understand.wire import from_wire, to_wire

__all__ = ["ParseFailed", "Sandbox"]

_STAMP = struct.Struct("!d")  # received_at as seconds since 1970, before the mail


class ParseFailed(Exception):
    """The child could not read a mail; the text says why and holds nothing of the mail."""


class Sandbox:
    """A reader of mail behind limits. Safe to call from several threads; they take turns.

    `seconds` limits one mail, on the clock and of processor time; `memory` is the child's address space in bytes.
    """

    def __init__(self, seconds: float = 20.0, memory: int = 1024 * 1024 * 1024) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child = Child("plugin.understand.sandbox", (str(memory), str(seconds)))

    def read_mail(self, raw: bytes, received_at: datetime) -> Message:
        """Like `plugin.understand.mail.read_mail`; raises ParseFailed where the child dies or passes a limit."""
        with self._lock:
            patience = self._seconds + (0 if self._child.answered else 10)  # the first answer waits for imports
            try:
                good, answer = self._child.ask(_STAMP.pack(received_at.timestamp()) + raw, patience)
            except ChildFailed as failed:
                raise ParseFailed(f"reading the mail in a process of its own failed: {failed}") from None
            if not good:
                self._child.close()
                raise ParseFailed("the mail needs more memory than reading may take")
            try:
                return from_wire(answer)
            except (ValueError, KeyError, TypeError) as error:
                self._child.close()
                raise ParseFailed(f"the reading process answered nonsense ({error.__class__.__name__})") from None

    def close(self) -> None:
        """End the child; the next `read_mail` starts another."""
        with self._lock:
            self._child.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


# --- in the child -----------------------------------------------------------------------------


def serve(memory: int, seconds: float) -> None:
    """Read mails until the other side closes."""
    from plugin.understand.mail import read_mail

    def answer(request: bytes) -> tuple[bool, bytes]:
        limit_processor(seconds)
        (stamp,) = _STAMP.unpack_from(request)
        try:
            return True, to_wire(read_mail(request[_STAMP.size :], datetime.fromtimestamp(stamp, UTC)))
        except MemoryError:
            return False, b""

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer_all(answer)


if __name__ == "__main__":
    serve(int(sys.argv[1]), float(sys.argv[2]))
