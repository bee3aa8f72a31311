"""Files held against their JSON Schema; what is wrong is said in the words of the file, never in the schema's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from plugin.rulebook.node import Node
from plugin.rulebook.problems import Problem
from plugin.settings import SCHEMAS

FOLDER = SCHEMAS
_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping (key: value)",
    "null": "nothing",
}


@cache
def schemas() -> Mapping[str, Any]:
    """The schemas of rule files by kind; `common` holds what they share."""
    found = {}
    for path in sorted(FOLDER.glob("*.schema.json")):
        name, read = path.name.split(".")[0], json.loads(path.read_text("utf-8"))
        if name == "common" or read.get("properties", {}).get("kind", {}).get("const") == name:
            found[name] = read
    return found


def kinds() -> tuple[str, ...]:
    """The kinds of rule files that there are."""
    return tuple(kind for kind in schemas() if kind != "common")


@cache
def digest() -> str:
    """Changes whenever a schema does."""
    return hashlib.sha256(json.dumps(schemas(), sort_keys=True).encode()).hexdigest()


@cache
def validator(kind: str) -> Draft202012Validator:
    """What holds files of a kind against their schema."""
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas().values()
    )
    return Draft202012Validator(schemas()[kind], registry=registry)


def problems(node: Node) -> list[Problem]:
    """What is wrong with a parsed file."""
    if not isinstance(node.value, dict):
        hint = "begin with `kind: …`, one of " + ", ".join(kinds())
        return [_problem(node, "bad-type", f"the file is {_shown(node.value)}, not a mapping", hint)]
    kind = node.get("kind")
    if kind is None:
        return [
            _problem(node, "no-kind", "the file does not say what it is", "add `kind:`, one of " + ", ".join(kinds()))
        ]
    if kind.value not in kinds():
        hint = meant(str(kind.value), kinds()) or "one of " + ", ".join(kinds())
        return [_problem(kind, "unknown-kind", f"there is no kind of file '{kind.value}'", hint)]
    found: dict[Problem, None] = {}
    for error in validator(kind.value).iter_errors(node.plain()):
        for problem in _said(error, node):
            found[problem] = None
    return list(found)


def _said(error: ValidationError, root: Node) -> Iterator[Problem]:
    path = list(error.absolute_path)
    node = root.at(path)
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "the file")
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    help_text = str(schema.get("description", ""))
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(node, schema)
        case "required":
            yield from _missing_keys(node, schema, path)
        case "type":
            wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
            text = f"{name}: expected {_joined([_TYPES[str(t)] for t in wanted])}, found {_shown(node.value)}"
            hint = help_text
            if _is_scalar(node):
                hint = "put the text in quotes" if "string" in wanted else hint
                hint = f"put it in brackets, [{node.value}]; {hint}" if wanted == ["array"] else hint
            yield _problem(node, "bad-type", text, hint)
        case "enum" | "const":
            options = [str(v) for v in schema.get("enum", [schema.get("const")])]
            hint = meant(str(node.value), options) or help_text
            yield _problem(node, "bad-value", f"{name}: {_shown(node.value)} is not {_joined(options)}", hint)
        case "propertyNames" | "pattern" if isinstance(node.value, dict):
            key = str(error.instance)
            yield Problem(node.key_place(key), "error", "bad-value", f"the key '{key}' cannot be used here", help_text)
        case "pattern":
            yield _problem(node, "bad-value", f"{name}: {_shown(node.value)} is not written as it must be", help_text)
        case _:
            yield _problem(node, "bad-value", f"{name}: {_limit(error)}", help_text)


def _unknown_keys(node: Node, schema: Mapping[str, Any]) -> Iterator[Problem]:
    allowed = list(schema.get("properties", ()))
    for key, _ in node.items():
        if key not in allowed:
            hint = meant(key, allowed) or "the keys here are " + ", ".join(allowed)
            yield Problem(node.key_place(key), "error", "unknown-key", f"unknown key '{key}'", hint)


def _missing_keys(node: Node, schema: Mapping[str, Any], path: list[str | int]) -> Iterator[Problem]:
    about = f"'{node.text('id')}'" if "id" in node else f"the {_singular(path)}"
    for key in schema["required"]:
        if key not in node:
            described = _resolved(schema["properties"].get(key, {})).get("description", "")
            yield _problem(node, "missing-key", f"{about} has no '{key}'", described)


def _limit(error: ValidationError) -> str:
    """A limit that a value breaks."""
    limit = error.validator_value
    return {
        "minLength": "is empty" if limit == 1 else f"has fewer than {limit} characters",
        "maxLength": f"has more than {limit} characters",
        "minimum": f"is less than {limit}",
        "maximum": f"is more than {limit}",
        "minItems": "is an empty list",
        "maxItems": f"has more than {limit} entries",
        "uniqueItems": "names something twice",
        "minProperties": "is empty" if limit == 1 else "says too little",
    }.get(str(error.validator), "cannot be used")


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with the description of what it refers to, if it has none itself."""
    if "description" in schema or "$ref" not in schema:
        return schema
    name = str(schema["$ref"]).rsplit("/", 1)[-1]
    found = schemas()["common"]["$defs"].get(name, {})
    return found if isinstance(found, dict) else {}


def meant(word: str, options: Iterable[str]) -> str:
    """A question whether another name was meant, or nothing if none is near."""
    near = get_close_matches(word, list(options), 1, 0.6)
    return f"did you mean '{near[0]}'?" if near else ""


def _singular(path: list[str | int]) -> str:
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "file")
    return name.removesuffix("s") + " entry" if path and isinstance(path[-1], int) else name


def _joined(options: list[str]) -> str:
    return options[0] if len(options) == 1 else ", ".join(options[:-1]) + " or " + options[-1]


def _is_scalar(node: Node) -> bool:
    return node.value is not None and not isinstance(node.value, (list, dict))


def _shown(value: Any) -> str:
    """A value as a sentence names it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"{str(value).lower()} (yes or no)"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"'{value[:60]}{'…' if len(value) > 60 else ''}'"
        case list():
            return "a list"
        case _:
            return "a mapping"


def _problem(node: Node, code: str, text: str, hint: str) -> Problem:
    return Problem(node.place, "error", code, text, hint)
