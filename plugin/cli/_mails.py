"""The mails that a command line names: files, folders, mbox files, standard input."""

from __future__ import annotations

import mailbox
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from plugin.cli._common import fail

#: Files of a folder that are mails; anything may be named outright.
ENDINGS = (".eml", ".mbox")
_LOOKED_AT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, not read yet: a thousand of them fit in memory."""

    name: str  #: as shown: the path, with #n for the n-th of an mbox
    path: Path | None  #: None for standard input
    entry: int | None = None  #: the number in an mbox


class BadFile(ValueError):
    """A file cannot be used; the text says why and what to do."""


def find(names: Sequence[str]) -> Iterator[Mail | BadFile]:
    """All mails in the order they were named; those of a folder by name, those of an mbox as they stand."""
    for name in names:
        path = Path(name)
        if name == "-":
            yield Mail("-", None)
        elif path.is_dir():
            yield from _folder(path)
        elif not path.exists():
            yield BadFile(f"{name}: there is no such file or folder")
        else:
            yield from _file(path)


def some(names: Sequence[str]) -> list[Mail | BadFile]:
    """All mails; where there is none at all the reasons and exit 1, before anything slow is begun."""
    found = list(find(names))
    if all(isinstance(mail, BadFile) for mail in found):
        fail("\nantesala: ".join(map(str, found)))
    return found


def read(mail: Mail, limit: int) -> bytes:
    """The bytes of a mail. Raises BadFile."""
    try:
        if mail.path is None:
            raw = sys.stdin.buffer.read(limit + 1)
        elif mail.entry is not None:
            raw = _mbox(mail.path).get_bytes(cast("str", mail.entry))  # its keys are numbers, its stubs say str
        else:
            if mail.path.stat().st_size > limit:
                raise BadFile(_too_large(mail.name, limit))
            raw = mail.path.read_bytes()
    except OSError as error:
        raise BadFile(f"{mail.name}: it cannot be read: {error.strerror or error.__class__.__name__}") from None
    if len(raw) > limit:
        raise BadFile(_too_large(mail.name, limit))
    if not raw.strip():
        raise BadFile(f"{mail.name}: it is empty; a mail begins with lines such as 'From: ana@casa.example'")
    if not _has_header(raw):
        raise BadFile(
            f"{mail.name}: this is no mail: it does not begin with lines such as 'From: ana@casa.example'; "
            "save the mail with its headers (.eml)"
        )
    return raw


def _folder(folder: Path) -> Iterator[Mail | BadFile]:
    """A Maildir by its two folders, any other folder with all below it."""
    maildir = [folder / "cur", folder / "new"]
    if all(part.is_dir() for part in maildir):
        files = [file for part in maildir for file in part.iterdir() if file.is_file()]
        files += [file for file in folder.iterdir() if file.suffix.lower() in ENDINGS]
    else:
        files = [file for file in folder.rglob("*") if file.suffix.lower() in ENDINGS and file.is_file()]
    if not files:
        yield BadFile(f"{folder}: there is no mail in it; mails are files that end in .eml or .mbox, or a Maildir")
    for file in sorted(files):
        yield from _file(file)


def _file(path: Path) -> Iterator[Mail | BadFile]:
    try:
        with path.open("rb") as stream:
            is_mbox = stream.read(5) == b"From "
        entries: Sequence[int | None] = range(len(_mbox(path))) if is_mbox else [None]
    except OSError as error:
        yield BadFile(f"{path}: it cannot be read: {error.strerror or error.__class__.__name__}")
        return
    for entry in entries:
        yield Mail(str(path) if entry is None else f"{path}#{entry + 1}", path, entry)


_open: dict[Path, mailbox.mbox] = {}


def _mbox(path: Path) -> mailbox.mbox:
    """Opened once, because opening reads all of it."""
    if path not in _open:
        _open.clear()
        _open[path] = mailbox.mbox(path, create=False)
    return _open[path]


def _has_header(raw: bytes) -> bool:
    """Whether a header field is among the first lines (RFC 5322 section 2.2)."""
    for line in raw[:_LOOKED_AT].lstrip(b"\r\n").splitlines()[:20]:
        name, colon, _ = line.partition(b":")
        if colon and name.strip() and all(33 <= byte <= 126 for byte in name.strip()):
            return True
        if not line.strip():
            return False
    return False


def _too_large(name: str, limit: int) -> str:
    return f"{name}: it is larger than {limit} bytes; raise ANTESALA_MAX_MESSAGE_BYTES to take it"
