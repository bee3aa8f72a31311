"""Whether a webhook's payload is a request, and if not, which field is wrong and how to put it right.

The rules are in schemas/request.schema.json; the hints are its descriptions. Values are never
repeated in an answer, because they are the customer's.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from typing import Any, cast

import re2
from jsonschema import Draft202012Validator, ValidationError, validators
from jsonschema.protocols import Validator

from plugin.settings import SCHEMAS
from plugin.web.problem import Fault

SCHEMA_FILE = SCHEMAS / "request.schema.json"
MAX_FAULTS = 20


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of a request."""
    loaded: Mapping[str, Any] = json.loads(SCHEMA_FILE.read_text("utf-8"))
    return loaded


def faults(payload: Any) -> tuple[Fault, ...]:
    """All that is wrong with the payload; empty if it is a request."""
    found = [fault for error in _validator().iter_errors(payload) for fault in _faults(error)]
    if not found and isinstance(payload, Mapping):
        found = list(_beyond_schema(payload))
    return tuple(sorted(found, key=lambda fault: fault.pointer)[:MAX_FAULTS])


def raw_mail(payload: Mapping[str, Any]) -> bytes | None:
    """The mail of a checked payload that carries one."""
    return b64decode(payload["raw"]) if "raw" in payload else None


@cache
def _validator() -> Validator:
    # RE2: linear time on whatever is sent, and `$` is the end, not "the end or before a line break".
    linear: type[Validator] = validators.extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    return linear(schema())


def _pattern(_: Validator, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re2.search(pattern, value):
        yield ValidationError("does not have the expected form")


def _beyond_schema(payload: Mapping[str, Any]) -> Iterator[Fault]:
    contents = [(f"/attachments/{n}/content", x.get("content")) for n, x in enumerate(payload.get("attachments", ()))]
    for pointer, content in [("/raw", payload.get("raw")), *contents]:
        if content is not None and not _is_base64(content):
            yield Fault(
                pointer, "This is not base64.", "Plain base64 (RFC 4648 section 4) with its padding, no blanks."
            )
    if "date" in payload and not _is_date(payload["date"]):
        yield Fault("/date", "There is no such date or time.", _described("date"))


def _is_base64(text: str) -> bool:
    try:
        b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        return datetime.fromisoformat(text.upper()).tzinfo is not None
    except ValueError:
        return False


def _faults(error: ValidationError) -> Iterator[Fault]:
    pointer = _pointer(error.absolute_path)
    wanted: Any = error.validator_value
    value: Any = error.instance
    part = cast("Mapping[str, Any]", error.schema)  # all schemas of ours are objects
    if error.validator == "required" and isinstance(wanted, Sequence):
        # One error for each missing name; the name is not in it, so say it for those that are missing.
        name = next(name for name in wanted if repr(name) in error.message)
        yield Fault(_pointer([*error.absolute_path, name]), f"{name} is missing.", _hint(error, name))
    elif error.validator == "additionalProperties":
        known = list(part["properties"])
        for name in (name for name in value if name not in known):
            near = get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"The fields are {', '.join(known)}."
            yield Fault(_pointer([*error.absolute_path, name[:60]]), "There is no such field.", hint)
    elif error.validator == "type":
        yield Fault(pointer, f"Expected {_article(str(wanted))}, found {_article(_type(value))}.", _hint(error))
    elif error.validator == "maxProperties":
        yield Fault(pointer, "raw is a whole mail and stands alone.", "Leave the other fields out, or leave raw out.")
    elif error.validator in LIMITS:
        yield Fault(pointer, LIMITS[str(error.validator)].format(wanted), _hint(error))
    else:
        yield Fault(pointer, "This does not have the expected form.", _hint(error))


LIMITS = {
    "minLength": "This has fewer than {} characters.",
    "maxLength": "This has more than {} characters.",
    "maxItems": "There are more than {}.",
    "minimum": "This is less than {}.",
    "maximum": "This is more than {}.",
}


def _pointer(path: Any) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _hint(error: ValidationError, name: str = "") -> str:
    part = cast("Mapping[str, Any]", error.schema)
    described = part["properties"][name] if name in part.get("properties", {}) else part
    return str(described.get("description", "")) or (_described(name) if name else "")


def _described(name: str) -> str:
    return str(schema()["properties"].get(name, {}).get("description", ""))


def _type(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def _article(word: str) -> str:
    return word if word == "null" else f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
