"""A folder as a mailbox: a Maildir (new/ and cur/), and `.eml` files that somebody drops into it.

Whatever is taken ends in cur/ with the flag S. Read: what stands in new/, and in cur/ without S.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import structlog

from plugin.intake.backoff import Backoff
from plugin.intake.seam import OVERSIZED, Keeper, MailboxState
from plugin.model import Arrival
from plugin.settings import FolderMailbox

_log = structlog.get_logger(__name__)

_LOOK = 0.4  #: seconds between looks
_FULL = 5.0  #: seconds after which a folder is listed even if its time stamp stands still
_QUIET = 0.3  #: seconds that a dropped file must not have changed
_EMPTY = 5.0  #: seconds that an empty file may still be filled
_HEADER = 256 * 1024  #: bytes of a file that is too large in which its header is looked for


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    size: int
    changed: float  #: mtime, seconds
    came: float  #: ctime, seconds: set when a file is moved here, too
    dropped: bool


class FolderLoop:
    """One folder; `run` in a thread of its own."""

    def __init__(self, mailbox: FolderMailbox, keeper: Keeper, *, max_bytes: int) -> None:
        self.mailbox = mailbox
        self.state = MailboxState(mailbox.name)
        self._keeper = keeper
        self._max = max_bytes
        self._backoff = Backoff()
        self._sizes: dict[Path, tuple[int, float]] = {}
        self._stuck: dict[Path, str] = {}  #: files that cannot be taken, and why
        self._retry = 0.0
        self._listed: tuple[tuple[int, ...], float] = ((), 0.0)

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set."""
        while not stop.is_set():
            try:
                self.look(stop)
                wait = _LOOK
                self._backoff.succeeded()
            except _NoRoom:
                wait = self._failed("The disk is nearly full: no mail is taken until there is room again.")
            except OSError as error:
                wait = self._failed(f"{self.mailbox.path} cannot be read: {os.strerror(error.errno or 0)}.")
            except Exception as error:
                wait = self._failed(f"The store takes no mail ({error.__class__.__name__}); see its own health.")
            stop.wait(wait)
        self._note(connected=False)

    def look(self, stop: threading.Event | None = None) -> int:
        """Take what is there, oldest first; the number of files taken. Raises what the store raises."""
        self._prepare()
        taken = 0
        if self._changed():
            for file in sorted(self._files(), key=lambda file: (file.came, file.path.name)):
                if stop is not None and stop.is_set():
                    break
                taken += self._take(file)
        self._note(connected=True, looked=True)
        return taken

    def _prepare(self) -> None:
        for name in ("new", "cur", "tmp"):
            (self.mailbox.path / name).mkdir(parents=True, exist_ok=True, mode=0o700)

    def _changed(self) -> bool:
        """Whether a listing may show something new: a hundred thousand mails are not listed all the time."""
        stamps = tuple((self.mailbox.path / part).stat().st_mtime_ns for part in ("", "new", "cur"))
        seen, at = self._listed
        if stamps == seen and not self._sizes and time.monotonic() - at < _FULL:
            return False
        self._listed = (stamps, time.monotonic())
        if time.monotonic() > self._retry:  # what could not be read may be readable by now
            self._stuck.clear()
            self._retry = time.monotonic() + 60
        return True

    def _files(self) -> Iterator[_File]:
        waiting: dict[Path, tuple[int, float]] = {}
        for file in self._listing():
            if file.path in self._stuck:
                continue
            if file.dropped and not self._settled(file):
                waiting[file.path] = (file.size, file.changed)
                continue
            yield file
        self._sizes = waiting

    def _listing(self) -> Iterator[_File]:
        for folder in ("", "new", "cur"):
            with os.scandir(self.mailbox.path / folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or (folder == "" and not entry.name.lower().endswith(".eml")):
                        continue
                    if folder == "cur" and "S" in entry.name.rpartition(":2,")[2] and ":2," in entry.name:
                        continue
                    with contextlib.suppress(FileNotFoundError):
                        about = entry.stat(follow_symlinks=False)
                        if stat.S_ISREG(about.st_mode):
                            path = Path(entry.path)
                            yield _File(path, about.st_size, about.st_mtime, about.st_ctime, dropped=folder == "")

    def _settled(self, file: _File) -> bool:
        """Whether a dropped file is written to its end: the same size and time at two looks, and quiet."""
        quiet = time.time() - file.changed
        if abs(quiet) < (_EMPTY if file.size == 0 else _QUIET):
            return False
        return self._sizes.get(file.path) == (file.size, file.changed)

    def _take(self, file: _File) -> bool:
        if not self._keeper.has_room():
            raise _NoRoom
        try:
            raw = self._read(file)
        except FileNotFoundError:
            return False
        except OSError as error:
            self._stuck[file.path] = os.strerror(error.errno or 0)
            _log.warning("file not readable", mailbox=self.mailbox.name, reason=self._stuck[file.path])
            return False
        arrived = datetime.fromtimestamp(min(file.came, time.time()), UTC)
        arrival = Arrival("mail", raw, arrived, mailbox=self.mailbox.name)
        self._keeper.accept(arrival)
        self.state = self.state.with_taken(arrival, datetime.now(UTC))
        self._put_away(file, raw)
        return True

    def _read(self, file: _File) -> bytes:
        """The mail, or its header alone if it is too large."""
        with file.path.open("rb") as stream:
            if file.size <= self._max:
                raw = stream.read(self._max + 1)
                if len(raw) <= self._max:
                    return raw
                stream.seek(0)
            start = stream.read(_HEADER)
        ends = [end for gap in (b"\r\n\r\n", b"\n\n") if (end := start.find(gap)) >= 0]
        return (
            OVERSIZED + b": %d\r\n" % file.size + start[: min(ends)] + b"\r\n\r\n"
            if ends
            else OVERSIZED + b": 0\r\n\r\n"
        )

    def _put_away(self, file: _File, raw: bytes) -> None:
        """To cur/ with the flag S; a file that cannot be moved is not taken again."""
        if file.dropped:
            name = f"{int(file.came)}.{hashlib.sha256(raw).hexdigest()[:20]}.dropped:2,S"
        else:
            base, _, flags = file.path.name.partition(":2,")
            name = f"{base}:2,{''.join(sorted({*flags, 'S'}))}"
        try:
            file.path.rename(self.mailbox.path / "cur" / name)
        except FileNotFoundError:
            pass
        except OSError as error:
            self._stuck[file.path] = os.strerror(error.errno or 0)
            _log.warning("file not movable", mailbox=self.mailbox.name, reason=self._stuck[file.path])

    def _failed(self, sentence: str) -> float:
        wait = min(self._backoff.failed(), 30.0)
        self._listed = ((), 0.0)
        self._note(connected=False, error=sentence)
        _log.warning("mailbox not readable", mailbox=self.mailbox.name, reason=sentence, wait=round(wait))
        return wait

    def _note(self, *, connected: bool, error: str = "", looked: bool = False) -> None:
        now = datetime.now(UTC)
        old = self.state
        if self._stuck and not error:
            error = (
                f"{len(self._stuck)} files in {self.mailbox.path} cannot be taken: {next(iter(self._stuck.values()))}."
            )
        self.state = replace(
            old,
            connected=connected,
            since=now if connected != old.connected or old.since is None else old.since,
            looked_at=now if looked else old.looked_at,
            error=error,
            stuck=tuple(sorted(path.name for path in self._stuck))[:20],
        )


class _NoRoom(Exception):
    """The disk is nearly full."""
