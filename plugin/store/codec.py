"""A Decision as JSON and back, without anything that the customer's secrets could hide in."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any

from plugin.model import Decision, Issue


def dump(value: Any, clean: Callable[[str], str] = str) -> Any:
    """JSON values of a dataclass; every text goes through `clean`."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: dump(getattr(value, field.name), clean) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [dump(entry, clean) for entry in value]
    if isinstance(value, set | frozenset):
        return sorted(dump(entry, clean) for entry in value)
    return value


def load(payload: dict[str, Any]) -> Decision:
    """The Decision that `dump` wrote; fields that this version does not know are left out."""
    decision: Decision = _build(Decision, payload)
    return decision


def load_issues(values: list[Any]) -> tuple[Issue, ...]:
    """Issues that `dump` wrote."""
    issues: tuple[Issue, ...] = _build(tuple[Issue, ...], values)
    return issues


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(hint: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if value is None:
        return None
    if origin in (types.UnionType, typing.Union):
        return _build(next(a for a in arguments if a is not types.NoneType), value)
    if origin is tuple:
        return tuple(_build(arguments[0], entry) for entry in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = _hints(hint)
        known = {name: entry for name, entry in value.items() if name in hints}
        return hint(**{name: _build(hints[name], entry) for name, entry in known.items()})
    return value
