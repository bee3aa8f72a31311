"""What the commands share: settings, consoles, the rulebook, and how they fail."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click
from rich.console import Console

from plugin.settings import Settings, SettingsError, load

if TYPE_CHECKING:
    from plugin.rulebook import Rulebook
    from plugin.store import Store
    from plugin.understand.own import Own

QUIET = 3.0  #: seconds of work that need no word in a log
#: Where nobody looks at it, a table is as wide as its words.
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(text: str, code: int = 1) -> NoReturn:
    """Say what is wrong and what to do, on stderr, without a traceback."""
    click.echo(f"antesala: {text}", err=True)
    raise SystemExit(code)


def plain(text: str) -> str:
    """Without control characters: what customers write must not move the cursor of whoever looks at it."""
    return "".join(char if char.isprintable() else " " for char in text)


def called() -> str:
    """How this program is called from the working folder, for commands that are shown."""
    return "antesala" if shutil.which("antesala") else short(Path(sys.argv[0]).resolve())


def page(given: Settings, port: int | None = None) -> str:
    """Where the tickets are shown, as seen from this machine."""
    host = "127.0.0.1" if given.listen_host in ("0.0.0.0", "::") else given.listen_host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{port or given.listen_port}/"


def short(path: Path) -> str:
    """As seen from the working folder, if it lies there."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def settings() -> Settings:
    """The settings, or a sentence that names the variable at fault (exit 2: wrong usage)."""
    try:
        return load()
    except SettingsError as error:
        fail(str(error), 2)


def reader(given: Settings, folder: Path | None = None) -> Callable[[], Rulebook]:
    """What reads the rulebook, again and again with one encoder. It raises RulebookError."""
    from plugin.assess.encoder import MultilingualEncoder
    from plugin.pipeline import load_rulebook

    encoder = MultilingualEncoder() if given.meaning else None
    return partial(load_rulebook, folder or given.rules, encoder=encoder, cache=given.home / "cache")


T = TypeVar("T")


def reading(given: Settings, read: Callable[[], T], folder: Path | None = None) -> T:
    """What `read` makes of the rulebook; its problems and exit 1 if it cannot be used."""
    from plugin.rulebook import RulebookError
    from plugin.rulebook.problems import below

    folder = folder or given.rules
    text = f"Reading the rulebook {folder}; the first time, and after a change, this takes up to a minute ..."
    try:
        with waiting(text):
            return read()
    except RulebookError as error:
        for problem in error.problems:
            click.echo(str(below(problem, folder)), err=True)
        fail(f"the rulebook {folder} cannot be used; nothing was done")


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Say what takes so long, where somebody waits for it."""
    timer = threading.Timer(QUIET, lambda: click.echo(text, err=True))
    timer.daemon = True
    with err.status(text) if err.is_terminal else nullcontext(timer):
        if not err.is_terminal:
            timer.start()
        try:
            yield
        finally:
            timer.cancel()


def rulebook(given: Settings, folder: Path | None = None) -> Rulebook:
    """The rulebook, ready to decide; its problems and exit 1 if it cannot be used."""
    return reading(given, reader(given, folder), folder)


def whose(given: Settings) -> Own:
    """What is ours by the settings."""
    from plugin.act.ids import whose as of_settings

    return of_settings(given)


def store(given: Settings) -> Store:
    """The store, its tables brought up to date; a sentence and exit 1 if it cannot be opened."""
    from plugin.store import SchemaTooNew, StoreError, StoreUnavailable, open_store

    try:
        return open_store(given)
    except (SchemaTooNew, StoreError) as error:
        fail(str(error))
    except StoreUnavailable as error:
        scheme, _, file = given.database_url.value.partition(":///")
        if file and scheme.startswith("sqlite"):
            fail(f"the store {file} cannot be opened: {error}")
        fail(f"the store cannot be opened: {error}; check ANTESALA_DATABASE_URL, and whether the database runs")
    except OSError as error:
        fail(
            f"{error.filename or given.home} cannot be written: {error.strerror}; give this user the folder, or name "
            "another in ANTESALA_HOME or ANTESALA_DATABASE_URL"
        )


@contextmanager
def quiet_pipe() -> Iterator[None]:
    """`antesala triage … | head` ends without a traceback when head has seen enough."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = None  # the interpreter would flush it again, and complain
        raise SystemExit(0) from None
