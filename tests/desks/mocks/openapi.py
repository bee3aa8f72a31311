"""Holds requests and answers to an OpenAPI file, more strictly than the file asks: what it does not name is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML


@cache
def contract(path: Path, parts: str = "") -> Contract:
    """The contract in a file; read once. Of a YAML file that is very long, only the paths that match `parts`."""
    text = path.read_text("utf-8")
    if path.suffix == ".json":
        return Contract(json.loads(text))
    return Contract(YAML(typ="safe", pure=True).load(_needed(text, parts) if parts else text))


def _needed(text: str, parts: str) -> str:
    """Without the examples and the paths that nobody here calls: a YAML parser takes its time."""
    kept, section, keeping = [], "", True
    for line in text.splitlines():
        if line[:1].strip():
            section, keeping = line.partition(":")[0], True
        elif line[:2] == "  " and line[2:3].strip():
            name = line.strip().rstrip(":").strip("'\"")
            keeping = bool(re.search(parts, name)) if section == "paths" else name != "examples"
        if keeping:
            kept.append(f'{line[:-1]}"="' if line.endswith(": =") else line)  # YAML 1.1 gave `=` a type of its own
    return "\n".join(kept)


class Contract:
    """An OpenAPI document, 3.0 or 3.1."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = _with_nulls(document)
        self.paths: dict[str, Any] = self.document["paths"]

    def operation(self, method: str, path: str) -> tuple[str, Mapping[str, Any]] | None:
        """The template that fits a path best, and what it says of the method."""
        fitting = [t for t in self.paths if _fits(t, path) and method.lower() in self.paths[t]]
        if not fitting:
            return None
        best = min(fitting, key=lambda template: template.count("{"))
        shared = self.paths[best].get("parameters", [])
        found = dict(self.paths[best][method.lower()])
        found["parameters"] = [self.resolved(p) for p in (*shared, *found.get("parameters", []))]
        return best, found

    def request_faults(
        self, method: str, path: str, query: Mapping[str, str], body: Any, beyond: Sequence[str] = ()
    ) -> Iterator[str]:
        """What is wrong with a request. `beyond`: names that the vendor documents and the file leaves out."""
        found = self.operation(method, path)
        if found is None:
            yield f"{method} {path}: there is no such operation"
            return
        template, operation = found
        yield from self._query_faults(operation, query, beyond)
        yield from self._path_faults(template, path, operation)
        content = self.resolved(operation.get("requestBody", {})).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is not None and body is not None:
            yield from self.faults(schema, body)
            yield from self._unknown(schema, body, beyond, "")
        elif schema is not None and self.resolved(operation["requestBody"]).get("required"):
            yield f"{method} {template}: the body is missing"

    def answer_faults(self, method: str, path: str, status: int, body: Any) -> Iterator[str]:
        """What is wrong with an answer; statuses that the file does not name are held to nothing."""
        found = self.operation(method, path)
        if found is None:
            return
        response = self.resolved(found[1].get("responses", {}).get(str(status), {}))
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        if schema is not None:
            yield from (f"{method} {found[0]} {status}: {fault}" for fault in self.faults(schema, body))

    def faults(self, schema: Mapping[str, Any], value: Any) -> Iterator[str]:
        """What JSON Schema finds."""
        whole = {**schema, "components": self.document.get("components", {})}
        for error in Draft202012Validator(whole).iter_errors(value):
            yield f"{error.json_path}: {error.message[:200]}"

    def resolved(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a reference within the file leads to."""
        while "$ref" in part:
            target: Any = self.document
            for step in part["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            part = target
        return part

    def _query_faults(
        self, operation: Mapping[str, Any], query: Mapping[str, str], beyond: Sequence[str]
    ) -> Iterator[str]:
        known = {p["name"]: p for p in operation["parameters"] if p["in"] == "query"}
        for name, value in query.items():
            if name in known:
                yield from self.faults(known[name].get("schema", {}), _typed(value, known[name].get("schema", {})))
            elif name not in beyond:
                yield f"query {name}: not in the contract"
        paged = {"cursor", "page[after]"} & set(query)  # a cursor stands for all that was asked first
        for name in (n for n, p in known.items() if p.get("required") and n not in query and not paged):
            yield f"query {name}: missing"

    def _path_faults(self, template: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
        schemas = {p["name"]: p.get("schema", {}) for p in operation["parameters"] if p["in"] == "path"}
        for expected, given in zip(template.strip("/").split("/"), path.strip("/").split("/"), strict=True):
            if expected.startswith("{"):
                schema = schemas.get(expected.strip("{}"), {})
                yield from self.faults(schema, _typed(given, schema))

    def _unknown(self, schema: Mapping[str, Any], value: Any, beyond: Sequence[str], at: str) -> Iterator[str]:
        """Keys that the contract does not know: it would let a misspelt `private` pass."""
        schema = self.resolved(schema)
        if isinstance(value, list):
            for entry in value:
                yield from self._unknown(schema.get("items", {}), entry, beyond, f"{at}[]")
        if not isinstance(value, dict):
            return
        known = dict(self._properties(schema))
        for name, inner in value.items():
            if name in known:
                yield from self._unknown(known[name], inner, beyond, f"{at}.{name}")
            elif known and not self._open(schema) and f"{at}.{name}".lstrip(".") not in beyond:
                yield f"body {at}.{name}: not in the contract"

    def _properties(self, schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        yield from schema.get("properties", {}).items()
        for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
            yield from self._properties(self.resolved(part))

    def _open(self, schema: Mapping[str, Any]) -> bool:
        return bool(schema.get("additionalProperties", False))


def _fits(template: str, path: str) -> bool:
    expected, given = template.strip("/").split("/"), path.strip("/").split("/")
    return len(expected) == len(given) and all(
        e.startswith("{") or e == g for e, g in zip(expected, given, strict=True)
    )


def _typed(text: str, schema: Mapping[str, Any]) -> Any:
    kinds = schema.get("type", "string")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if {"integer", "number"} & set(kinds) and text.lstrip("-").isdigit():
        return int(text)
    if "boolean" in kinds and text in ("true", "false"):
        return text == "true"
    return text


def _with_nulls(part: Any) -> Any:
    """`nullable: true` of OpenAPI 3.0 as JSON Schema says it."""
    if isinstance(part, list):
        return [_with_nulls(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    part = {str(key): _with_nulls(value) for key, value in part.items()}
    if part.pop("nullable", False) is True:
        if isinstance(part.get("type"), str):
            part["type"] = [part["type"], "null"]
            if "enum" in part:
                part["enum"] = [*part["enum"], None]
        else:
            return {"anyOf": [part, {"type": "null"}]}
    return part
