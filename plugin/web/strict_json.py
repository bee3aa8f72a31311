"""JSON from strangers: exactly one meaning, bounded depth, no values that break later stages.

`json.loads` takes NaN, repeated keys (the last wins), lone surrogates and numbers of any length,
and raises RecursionError on deep nesting. Here each of them is a NotJson with a sentence.
"""

from __future__ import annotations

import json
import math
from typing import Any

MAX_DEPTH = 16
MAX_DIGITS = 30


class NotJson(ValueError):
    """The bytes are not acceptable JSON; the text says why and holds nothing of the bytes."""


def parse(body: bytes) -> Any:
    """The value that the bytes stand for. Raises NotJson."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson(f"The body is not UTF-8: the byte at offset {error.start} does not fit.") from None
    try:
        value = json.loads(
            text, object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer, parse_float=_float
        )
    except RecursionError:
        raise NotJson(f"The JSON is nested deeper than {MAX_DEPTH} levels.") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from None
    _check(value)
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise NotJson("An object of the JSON has the same key twice.")
    return out


def _constant(_: str) -> Any:
    raise NotJson("NaN and Infinity are not JSON.")


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise NotJson(f"A number has more than {MAX_DIGITS} digits.")
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if len(text) > 2 * MAX_DIGITS or not math.isfinite(number):
        raise NotJson("A number is too long or too large.")
    return number


def _check(value: Any) -> None:
    """Depth and characters, without recursion."""
    level = [value]
    for _ in range(MAX_DEPTH):
        strings = [x for x in level if isinstance(x, str)]
        strings += [key for x in level if isinstance(x, dict) for key in x]
        if any("\x00" in text or not _encodes(text) for text in strings):
            raise NotJson("A string holds U+0000 or half of a surrogate pair.")
        level = [y for x in level if isinstance(x, dict | list) for y in (x.values() if isinstance(x, dict) else x)]
        if not level:
            return
    raise NotJson(f"The JSON is nested deeper than {MAX_DEPTH} levels.")


def _encodes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
