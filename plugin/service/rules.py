"""The rulebook in force, kept up with its files: a changed one goes into force only if its own cases pass."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from plugin.rulebook import Problem, Rulebook
from plugin.rulebook.live import Live
from plugin.ruletests.run import run
from plugin.service.garbage import settle
from plugin.service.log import logger

LOOK = 1.0  #: seconds between looks at the files


def in_force(read: Callable[[], Rulebook], folder: Path) -> Live:
    """The rulebook as it is now. Raises RulebookError: a broken one is refused at start."""
    return Live(read, folder, try_out=failed_cases)


def failed_cases(book: Rulebook) -> Iterator[Problem]:
    """The rulebook's own cases that do not pass, as problems."""
    for result in run(book, book.cases):
        if result.passed:
            continue
        what = result.error or "; ".join(
            f"{failure.difference.key} is {failure.difference.got}, expected {failure.difference.expected}"
            for failure in result.failures
        )
        hint = "antesala test shows it in full; mend the rules or the case"
        yield Problem(result.case.place, "error", "failed-case", f"case '{result.case.id}' fails: {what}", hint)


def watch(live: Live, stop: threading.Event) -> None:
    """Take changed files into force until told to stop."""
    while not stop.wait(LOOK):
        say(live, live.refresh())


def say(live: Live, taken: bool | None) -> None:
    """What came of reading the files again; None if they had not changed."""
    if taken:
        settle()
        logger().info("rulebook reloaded", digest=live.current.digest[:12])
    elif taken is False:
        first = str(live.problems[0].place) if live.problems else ""
        logger().error("rulebook refused, the last good one stays", problems=len(live.problems), first=first)
