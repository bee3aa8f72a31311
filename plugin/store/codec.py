"""A Decision as JSON and back."""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any

from plugin.model import Decision, Issue


def dump(value: Any) -> Any:
    """JSON values of a dataclass."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [dump(entry) for entry in value]
    kind: type = type(value)
    if names := _fields(kind):
        return {name: dump(getattr(value, name)) for name in names}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(dump(entry) for entry in value)
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
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


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
