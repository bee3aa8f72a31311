"""What is wrong with a rulebook, said in the words of its files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal

from plugin.model import Place

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. An error keeps the rulebook from being used, a warning does not."""

    place: Place
    severity: Severity
    code: str  #: stable; docs/problems/<code>.md explains it
    text: str  #: one sentence, without the full stop
    hint: str = ""  #: what to do

    def __str__(self) -> str:
        line = f"{self.place.file}:{self.place.line}:{self.place.column}: {self.severity}: {self.text} [{self.code}]"
        return f"{line}\n    hint: {self.hint}" if self.hint else line


class RulebookError(Exception):
    """The rulebook cannot be used; `problems` says why, all of it at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found."""

    problems: tuple[Problem, ...]
    counts: Mapping[str, int] = field(default_factory=dict)  #: how many files, rules, phrases and so on were read

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the rulebook from being used."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that do not."""
        return tuple(p for p in self.problems if p.severity == "warning")

    def summary(self) -> str:
        """One line: what was read and what was found."""
        read = ", ".join(_counted(number, name) for name, number in self.counts.items() if number)
        found = f"{_counted(len(self.errors), 'errors')}, {_counted(len(self.warnings), 'warnings')}"
        return f"{read or 'nothing read'}; {found}"


def _counted(number: int, name: str) -> str:
    return f"{number} {name.removesuffix('s') if number == 1 else name}"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, sorted by where it stands."""
    return tuple(
        sorted(set(problems), key=lambda p: (p.place.file, p.place.line, p.place.column, p.severity, p.code, p.text))
    )


def as_text(report: Report, folder: PurePath) -> str:
    """For people: one problem and its hint after the other, then the summary."""
    return "\n".join([*(str(below(p, folder)) for p in report.problems), "", report.summary()]).lstrip("\n")


def as_json(report: Report, folder: PurePath) -> str:
    """For programs: one object with `problems` and `counts`."""
    rows = [
        {
            "file": p.place.file,
            "line": p.place.line,
            "column": p.place.column,
            "severity": p.severity,
            "code": p.code,
            "text": p.text,
            "hint": p.hint,
        }
        for p in (below(q, folder) for q in report.problems)
    ]
    return json.dumps({"problems": rows, "counts": dict(report.counts)}, ensure_ascii=False, indent=2)


def as_github(report: Report, folder: PurePath) -> str:
    """Workflow commands that GitHub shows beside the lines.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    lines = []
    for problem in (below(p, folder) for p in report.problems):
        place, text = problem.place, problem.text + (f" (hint: {problem.hint})" if problem.hint else "")
        where = f"file={_escape(place.file, ':,')},line={place.line},col={place.column},title={problem.code}"
        lines.append(f"::{problem.severity} {where}::{_escape(text)}")
    return "\n".join([*lines, report.summary()])


FORMATS = {"text": as_text, "json": as_json, "github": as_github}


def below(problem: Problem, folder: PurePath) -> Problem:
    """The problem with its file as seen from where the folder is named."""
    place = problem.place
    path = str(folder / place.file) if place.file else str(folder)
    return Problem(Place(path, place.line, place.column), problem.severity, problem.code, problem.text, problem.hint)


def _escape(text: str, further: str = "") -> str:
    for char in "%\r\n" + further:
        text = text.replace(char, f"%{ord(char):02X}")
    return text
