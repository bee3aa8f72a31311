"""What a look brought to light."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["ok", "warning", "failing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Holds no secret and no customer's text."""

    name: str
    state: State
    reason: str  #: what was seen
    remedy: str = ""  #: what to do; empty when all is well


Look = Callable[[], Finding]


def well(name: str, reason: str) -> Finding:
    return Finding(name, "ok", reason)


def warning(name: str, reason: str, remedy: str) -> Finding:
    return Finding(name, "warning", reason, remedy)


def failing(name: str, reason: str, remedy: str) -> Finding:
    return Finding(name, "failing", reason, remedy)


def give(folder: Path) -> str:
    """The remedy for a folder that may not be written."""
    return f"Give the user {_user()} the right to write to {folder.resolve()}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return f"number {os.getuid()}"


def careful(name: str, look: Look) -> Finding:
    """A look that fails in a way nobody thought of is a finding too; its text may hold a secret, its kind not."""
    try:
        return look()
    except Exception as error:
        return failing(name, f"The look itself failed: {error.__class__.__name__}.", "Please report this.")
