"""Mail out into a Maildir on this machine: the embedded default, and what tests and dry looks use."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from plugin.act.outcome import Outcome

_FOLDERS = ("tmp", "new", "cur")


class MaildirMailer:
    """A mail's name is made from its Message-ID, so that delivering it again puts it where it is already."""

    harmless = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, sender: str, recipient: str, copy: str = "") -> MaildirSession:  # noqa: ARG002 - it is one itself
        """Nothing can be wrong yet."""
        return MaildirSession(self._path, sender, recipient)


class MaildirSession:
    """One mail about to be written."""

    def __init__(self, path: Path, sender: str, recipient: str) -> None:
        self._path = path
        self._envelope = (sender, recipient)

    def deliver(self, data: bytes, commit: Callable[[], bool]) -> Outcome | None:
        """Written under tmp/, synced, then moved into new/ (https://cr.yp.to/proto/maildir.html)."""
        if not commit():
            return None
        sender, recipient = self._envelope
        head = f"Return-Path: <{sender}>\r\nX-Envelope-To: {recipient}\r\n".encode()
        name = sha256(_id_line(data) + b"\0" + recipient.encode()).hexdigest()[:32] + ".antesala"
        try:
            for folder in _FOLDERS:
                (self._path / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self._there(name):
                self._write(name, head + data)
        except OSError as error:
            return Outcome("again", error=f"Maildir {error.__class__.__name__} {error.errno}", fault=True)
        return Outcome("done", receipt=f"maildir:{name}")

    def close(self) -> None:
        """Nothing is held."""

    def _there(self, name: str) -> bool:
        """In new/, or read since: then it stands in cur/ with flags behind its name."""
        if (self._path / "new" / name).exists() or (self._path / "cur" / name).exists():
            return True
        return next((self._path / "cur").glob(f"{name}:2,*"), None) is not None

    def _write(self, name: str, data: bytes) -> None:
        draft = self._path / "tmp" / f"{name}.{os.getpid()}"
        with draft.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        draft.rename(self._path / "new" / name)
        folder = os.open(self._path / "new", os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _id_line(data: bytes) -> bytes:
    head = data.split(b"\r\n\r\n", 1)[0]
    lines = (line for line in head.split(b"\r\n") if line[:11].lower() == b"message-id:")
    return next(lines, data)
