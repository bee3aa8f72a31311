"""imapclient with what it leaves open closed: deadlines, sizes, IDLE that notices everything.

- A read timeout counts for one `recv`; a server that drips bytes is never too late. `deadline` cuts the connection.
- A server may announce a literal of any size; more than `limit` bytes are not read.
- `tag OK` without text makes imaplib give up; a blank is added.
- EXISTS before IDLE's continuation raises, EXISTS right behind it is not seen, and a closed connection looks like an
  endless series of empty answers.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS

from plugin.intake.trouble import LiteralTooLarge

CONNECT = 20.0  #: seconds for a connection
READ = 25.0  #: seconds for one recv
_SLICE = 3.0  #: seconds between looks at the stop event while idle
_BARE_STATUS = re.compile(rb"^\S+ (?:OK|NO|BAD)\r\n$")
_ARRIVED = (b"EXISTS", b"RECENT")

# at DEBUG both write whole mails into the log
logging.getLogger("imapclient").setLevel(logging.WARNING)


class _Guarded:
    """Mixed into imaplib's connections."""

    limit = 1 << 20  #: largest literal that is read, bytes
    overflowed = False  #: a larger one came; imaplib wraps the exception, so that its type does not tell
    file: Any

    def read(self, size: int) -> bytes:
        if size > self.limit:
            self.overflowed = True
            raise LiteralTooLarge(f"literal of {size} bytes")
        return bytes(super().read(size))  # type: ignore[misc]

    def readline(self) -> bytes:
        line: bytes = super().readline()  # type: ignore[misc]
        return line[:-2] + b" \r\n" if _BARE_STATUS.match(line) else line


class _Plain(_Guarded, IMAP4WithTimeout):  # type: ignore[misc]
    pass


class _Tls(_Guarded, IMAP4_TLS):  # type: ignore[misc]
    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        """The handshake comes after `sock` is set, so that a deadline can cut it."""
        plain = socket.create_connection((self.host, self.port), timeout or self._timeout)
        context: ssl.SSLContext = self.ssl_context
        wrapped = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = wrapped
        try:
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return wrapped


class Client(IMAPClient):  # type: ignore[misc]
    """One IMAP connection that cannot hang, overflow or miss a mail."""

    def __init__(self, host: str, port: int, *, context: ssl.SSLContext | None, limit: int) -> None:
        self._limit = limit
        self._cut = False
        self._imap: Any = None
        with self.deadline(2 * CONNECT):
            super().__init__(
                host, port, ssl=context is not None, ssl_context=context, timeout=SocketTimeout(CONNECT, READ)
            )
        self.normalise_times = False

    def _create_IMAP4(self) -> Any:
        kind: Any = type("Connection", (_Tls if self.ssl else _Plain,), {"limit": self._limit})
        # imaplib connects and reads the greeting in its constructor: the object must be known before
        self._imap = kind.__new__(kind)
        if self.ssl:
            self._imap.__init__(self.host, self.port, self.ssl_context, CONNECT)
        else:
            self._imap.__init__(self.host, self.port, CONNECT)
        return self._imap

    @contextlib.contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Cut the connection if the block takes longer; TimeoutError then."""
        timer = threading.Timer(seconds, self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception as error:
            if getattr(self._imap, "overflowed", False):
                raise LiteralTooLarge("literal") from error
            if self._cut:
                raise TimeoutError("deadline") from error
            raise
        finally:
            timer.cancel()

    def cut(self) -> None:
        """Shut the socket down from any thread; whoever reads gets an error at once."""
        self._cut = True
        sock = getattr(self._imap, "sock", None)
        if sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(
                    sock, socket.SHUT_RDWR
                )  # not SSLSocket's, which drops its state under the reader

    def start_idle(self) -> bool:
        """Send IDLE; True if mail was announced before the server's go-ahead."""
        arrived = False
        self._idle_tag = self._imap._command("IDLE")
        while (line := self._imap._get_response()) is not None:
            arrived |= line.endswith(_ARRIVED)
            if self._imap.tagged_commands.get(self._idle_tag):
                self._imap.tagged_commands.pop(self._idle_tag)
                raise self.Error("IDLE refused")
        return arrived or self._buffered()

    def _buffered(self) -> bool:
        """Whether bytes came in one segment with the go-ahead: in imaplib's buffer no poll sees them."""
        sock = self.socket()
        sock.setblocking(False)
        try:
            return bool(self._imap.file.peek(1))
        except (OSError, ValueError):
            return False
        finally:
            sock.setblocking(True)
            self._set_read_timeout()

    def wait_idle(self, seconds: float, stop: threading.Event) -> bool:
        """One bounded IDLE window; True if something was announced. A search has to follow in any case.

        Ends early when the stop event is set. Raises what the connection raises when it is dead, within READ seconds.
        """
        with self.deadline(READ):
            arrived = self.start_idle()
        end = time.monotonic() + seconds
        while not arrived and not stop.is_set() and (left := end - time.monotonic()) > 0:
            before = time.monotonic()
            length = min(_SLICE, left)
            arrived = bool(self._announced(self.idle_check(timeout=length)))
            if not arrived and time.monotonic() - before < length / 2:
                break  # an empty answer at once is what a closed connection gives, for ever; idle_done tells
        with self.deadline(READ):
            _, rest = self.idle_done()
        return arrived or self._announced(rest)

    @staticmethod
    def _announced(responses: list[tuple[Any, ...]]) -> bool:
        return any(part in _ARRIVED for response in responses for part in response)
