"""The log: one line an event, as text or JSON. Ids, kinds, counts and class names; never what a customer wrote."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

from plugin.settings import Settings

_CHARS = 300  #: of one value


def setup_log(settings: Settings) -> None:
    """Send every log line of this process, ours and the libraries', to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _no_traceback_values,
        _one_line,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _Steady())),
        cache_logger_on_first_use=False,
    )
    _libraries()


def logger() -> Any:
    """Where events go: `logger().info("triaged", job=7, seconds=0.1)`."""
    return structlog.get_logger()


def _libraries() -> None:
    """Warnings of libraries, by name and level alone: their texts may quote a mail."""
    root = logging.getLogger()
    root.handlers[:] = [_ByName()]
    root.setLevel(logging.WARNING)


class _ByName(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        where = f"{record.module}:{record.lineno}"
        logger().warning("library", name=record.name, level=record.levelname, where=where, error=error)


class _Steady:
    """Standard error that may be closed or full: a log line is never worth a mail."""

    def write(self, text: str) -> int:
        try:
            return sys.stderr.write(text)
        except (OSError, ValueError):
            return 0

    def flush(self) -> None:
        try:
            sys.stderr.flush()
        except (OSError, ValueError):
            return


def _no_traceback_values(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception's text may hold what a customer wrote; its class does not."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()[1]
    if isinstance(found, BaseException):
        event["error"] = found.__class__.__name__
    return event


def _one_line(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """No value can start a line of its own or paint the terminal."""
    for key, value in event.items():
        if isinstance(value, str):
            clean = "".join(c if c.isprintable() else " " for c in value)
            event[key] = clean if len(clean) <= _CHARS else clean[:_CHARS] + "…"
    return event
