"""Labelled requests of examples/*.jsonl."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from plugin.model import Place
from plugin.rulebook.folder import File
from plugin.rulebook.load import FileError, decode
from plugin.rulebook.problems import Problem
from plugin.rulebook.rulebook import Example

_MOST = 10_000  #: characters of one line
LEAST, MOST = 0.1, 10  #: of what `weight` may be


def read(file: File) -> Iterator[Example | Problem]:
    """The rows of a file, and what is wrong with others."""
    try:
        text = decode(file.raw, file.name, limit=len(file.raw))
    except FileError as error:
        yield error.problem
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _row(line, Place(file.name, number))


def _row(line: str, place: Place) -> Example | Problem:
    try:
        row = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
        column = error.colno if isinstance(error, json.JSONDecodeError) else 1
        here = Place(place.file, place.line, column)
        return Problem(here, "error", "not-json", f"this line is not JSON: {said}", "write one object in { } a line")
    if not isinstance(row, dict):
        return _wrong(place, "an example is an object", "write one object in { } a line")
    labels = {**row, **row["gold"]} if isinstance(row.get("gold"), dict) else row
    return _problem(row, labels, place) or _example(row, labels, place)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _problem(row: Mapping[str, Any], labels: Mapping[str, Any], place: Place) -> Problem | None:
    for key in ("id", "subject", "body", "text", "lang"):
        if not isinstance(row.get(key, ""), str):
            return _wrong(place, f"{key} is not a text", "put it in quotes")
    if not (row.get("body") or row.get("text") or row.get("subject")):
        return _wrong(place, "the example has no text", "give `text`, or `subject` and `body`")
    if len(row.get("body") or row.get("text") or "") > _MOST:
        return _wrong(place, f"the text is longer than {_MOST} characters", "a few sentences teach more")
    for key in ("intent", "group"):
        if not isinstance(labels.get(key) or "", str):
            return _wrong(place, f"{key} is not a text", "write the id of one")
    pairs = labels.get("issues") or []
    if not (isinstance(pairs, list) and all(isinstance(p, list) and len(p) == 2 for p in pairs)):
        return _wrong(place, "issues is not a list of [intent, group]", 'write [["problem", "calendar"]]')
    if not isinstance(labels.get("flags") or [], list):
        return _wrong(place, "flags is not a list", 'write ["hostile"]')
    weight = row.get("weight", 1)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not LEAST <= weight <= MOST:
        return _wrong(place, f"weight is no number from {LEAST} to {MOST}", "leave it out; it is 1 then")
    items = labels.get("items") or {}
    if not isinstance(items, dict) or not set(map(str, items.values())) <= {"present", "missing", "True", "False"}:
        return _wrong(place, "items does not say present or missing for each item", 'write {"date": "missing"}')
    return None


def _example(row: Mapping[str, Any], labels: Mapping[str, Any], place: Place) -> Example:
    flags = labels.get("flags")
    return Example(
        place=place,
        id=row.get("id") or f"{place.file}:{place.line}",
        subject=row.get("subject") or "",
        body=row.get("body") or row.get("text") or "",
        language=row.get("lang") or "",
        intent=labels.get("intent") or None,
        group=labels.get("group") or None,
        issues=tuple((str(a), str(b)) for a, b in labels.get("issues") or ()),
        flags=None if flags is None else frozenset(map(str, flags)),
        items={item: value in ("present", True) for item, value in (labels.get("items") or {}).items()},
        row=row,
    )


def _wrong(place: Place, text: str, hint: str) -> Problem:
    return Problem(place, "error", "bad-example", text, hint)
