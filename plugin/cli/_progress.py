"""A progress bar for long work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from plugin.cli._common import err

FEW = 20  #: what is done before a bar is seen


@contextmanager
def progress(what: str, total: int, *, beside_results: bool = False) -> Iterator[Callable[[], None]]:
    """A bar on stderr, to advance by one; none where no person sees it.

    `beside_results`: results are printed meanwhile, and on a terminal they would tear the bar.
    """
    if total < FEW or not err.is_terminal or (beside_results and sys.stdout.isatty()):
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)
