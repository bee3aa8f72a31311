"""The files of a rulebook: which there are and what is in them.

Whatever lies in the folder, nothing hangs and nothing outside is read: only plain files count, links out of the folder
are refused.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plugin.model import Place
from plugin.rulebook.load import FileError
from plugin.rulebook.problems import Problem

MOST_YAML = 1 << 20
MOST_LINES = 10 << 20  #: bytes of a file of examples
MOST_ALL = 64 << 20
YAML_ENDINGS, LINES_ENDING = (".yaml", ".yml"), ".jsonl"


@dataclass(frozen=True, slots=True)
class File:
    """A file of the rulebook."""

    name: str  #: below the folder, with slashes
    raw: bytes

    @property
    def is_lines(self) -> bool:
        """Whether it is a file of examples, one JSON object a line."""
        return self.name.endswith(LINES_ENDING)


def read(folder: Path) -> tuple[tuple[File, ...], tuple[Problem, ...]]:
    """All files in the order of their names, and what kept others from being read."""
    files: list[File] = []
    problems: list[Problem] = []
    if not folder.is_dir():
        return (), (_problem("", "no-folder", f"there is no folder {folder}", "name the folder of the rulebook"),)
    total = 0
    for path in paths(folder):
        name = path.relative_to(folder).as_posix()
        try:
            raw = _read(path, folder, name)
        except FileError as error:
            problems.append(error.problem)
            continue
        total += len(raw)
        if total > MOST_ALL:
            problems.append(_problem(name, "too-large", f"all files together have more than {MOST_ALL} bytes"))
            break
        files.append(File(name, raw))
    if not files and not problems:
        problems.append(
            _problem("", "no-files", f"there are no rule files in {folder}", "copy the default rules/ there")
        )
    return tuple(files), tuple(problems)


def digest(files: tuple[File, ...]) -> str:
    """sha256 over names and contents, hex."""
    total = hashlib.sha256()
    for file in files:
        for part in (file.name.encode(), file.raw):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def paths(folder: Path) -> Iterator[Path]:
    """Everything in a folder that is named like a rule file, in order."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        odd = [name for name in folders if name.endswith(YAML_ENDINGS)]
        for name in sorted([*names, *odd]):
            if name.endswith((*YAML_ENDINGS, LINES_ENDING)) and not name.startswith("."):
                yield Path(root) / name


def _read(path: Path, folder: Path, name: str) -> bytes:
    limit = MOST_LINES if name.endswith(LINES_ENDING) else MOST_YAML
    try:
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
            raise FileError(_problem(name, "link-outside", "this link leads out of the folder", "copy the file"))
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise FileError(_problem(name, "no-file", "this is not a plain file", "take it out of the folder"))
            raw = stream.read(limit + 1)
    except IsADirectoryError:
        raise FileError(_problem(name, "no-file", "this is a folder, not a file", "rename the folder")) from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise FileError(_problem(name, "unreadable", f"cannot be read: {reason}", "look at its rights")) from None
    if len(raw) > limit:
        raise FileError(
            _problem(name, "too-large", f"the file has more than {limit} bytes", "split it into several files")
        )
    return raw


def _problem(name: str, code: str, text: str, hint: str = "") -> Problem:
    return Problem(Place(name, 1), "error", code, text, hint)
