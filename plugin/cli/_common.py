"""What the commands share: settings, consoles, the rulebook, and how they fail."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from rich.console import Console

from plugin.settings import Settings, SettingsError, load

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(text: str, code: int = 1) -> NoReturn:
    """Say what is wrong and what to do, on stderr, without a traceback."""
    click.echo(f"antesala: {text}", err=True)
    raise SystemExit(code)


def settings() -> Settings:
    """The settings, or a sentence that names the variable at fault (exit 2: wrong usage)."""
    try:
        return load()
    except SettingsError as error:
        fail(str(error), 2)


@contextmanager
def quiet_pipe() -> Iterator[None]:
    """`antesala triage … | head` ends without a traceback when head has seen enough."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = None  # type: ignore[assignment]  # the interpreter would flush it again, and complain
        raise SystemExit(0) from None
