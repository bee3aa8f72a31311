"""A conversation as it is written: a YAML file to values that know their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plugin.model import Place
from plugin.rulebook.load import parse
from plugin.rulebook.node import Node

ZONE = ZoneInfo("Europe/Madrid")
#: When a conversation begins that does not say: a Wednesday morning.
USUAL_START = datetime(2026, 11, 18, 10, 24, tzinfo=ZONE)

TOP = ("about", "start", "settings", "rules", "real-servers", "steps")
MESSAGE = ("from", "to", "cc", "subject", "text", "html", "inline", "attachments", "replies-to", "quote", "headers")
MESSAGE += ("source", "ticket", "language", "times")
MOVES = ("wait", "at", "agent", "take", "refused", "resume")
EXPECT = ("reply", "replies", "mails", "decision", "ticket", "tickets", "jobs", "told", "stopped")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class ScriptError(ValueError):
    """A conversation that cannot be played; the text says where and what to write."""


@dataclass(frozen=True)
class Step:
    """One thing that happens, and what is then to be seen."""

    number: int  #: from 1
    node: Node
    turn: int = 0  #: of a message that comes several times, from 1

    @property
    def place(self) -> Place:
        return self.node.place

    def says(self, key: str) -> Any:
        """The plain value of a key, or None."""
        found = self.node.get(key)
        value = None if found is None else found.plain()
        return value.replace("{n}", str(self.turn)) if self.turn and isinstance(value, str) else value

    @property
    def expect(self) -> Node | None:
        return self.node.get("expect")


@dataclass(frozen=True)
class Script:
    """A whole conversation."""

    name: str  #: of the file, without its end
    about: str
    start: datetime
    steps: tuple[Step, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Any] = field(default_factory=dict)  #: file of the pack -> what is changed in it
    real_servers: bool = False


def read(path: Path) -> Script:
    """A file. Raises ScriptError or FileError, with the line."""
    root = parse(path.read_bytes(), path.name)
    _only(root, TOP)
    steps = tuple(Step(number, node) for number, node in enumerate(root.children("steps"), 1))
    if not steps or not root.text("about"):
        raise ScriptError(f"{root.place}: a conversation needs `about` and `steps`")
    for step in steps:
        _check(step)
    if not any(step.expect for step in steps):
        raise ScriptError(f"{root.place}: it expects nothing, so it proves nothing")
    rules, settings = root.get("rules"), root.get("settings")
    return Script(
        name=path.stem,
        about=root.text("about"),
        start=moment(root.text("start")) if "start" in root else USUAL_START,
        steps=steps,
        settings=settings.plain() if settings else {},
        rules=rules.plain() if rules else {},
        real_servers=root.text("real-servers").lower() == "true",
    )


def scripts(folder: Path) -> Iterator[Path]:
    """All files of a folder, by name."""
    yield from sorted(folder.glob("*.yaml"))


def moment(text: str) -> datetime:
    """`2026-11-18 10:24`, by the desk's clock unless it says another offset."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def span(text: str) -> timedelta:
    """`26h`, `3d`, `90m`."""
    number, unit = text[:-1], text[-1:]
    if unit not in UNITS or not number.isdigit():
        raise ScriptError(f"'{text}' is no time; write 90m, 26h or 3d")
    return timedelta(**{UNITS[unit]: int(number)})


def _check(step: Step) -> None:
    happens = [key for key in ("from", *MOVES) if key in step.node]
    if len(happens) != 1:
        raise ScriptError(f"{step.place}: a step has one of from, {', '.join(MOVES)}; this one has {happens}")
    _only(step.node, (*MESSAGE, "expect") if happens == ["from"] else (*MOVES, "ticket", "expect"))
    if step.expect:
        _only(step.expect, EXPECT)


def _only(node: Node, known: tuple[str, ...]) -> None:
    for key, _ in node.items():
        if key not in known:
            raise ScriptError(f"{node.key_place(key)}: '{key}' is not known here; there are {', '.join(known)}")
