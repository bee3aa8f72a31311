"""The documentation of the rules says what the program does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugin.rulebook import schema
from plugin.rulebook.codes import CODES
from plugin.rulebook.reference import renewed
from tests.rulebook.making import HERE

ROOT = HERE.parent.parent
PROBLEMS = ROOT / "docs" / "problems"
SOURCES = [path for part in ("rulebook", "decide", "ruletests") for path in (ROOT / "plugin" / part).rglob("*.py")]
_USED = re.compile(
    r'"(?:error|warning)", "(?!warning)([a-z0-9-]+)"'
    r'|_(?:problem|error|warning)\( ?(?:[\w.]+(?:\([^()]*\))?|[\w.]*place), "(?!warning|error)([a-z0-9-]+)"'
)


def test_the_reference_is_fresh() -> None:
    """Renew it with: python -m plugin.rulebook.reference docs/rules.md"""
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert renewed(page) == page


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_a_page(code: str) -> None:
    page = (PROBLEMS / f"{code}.md").read_text("utf-8")
    text = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    assert re.findall(r"^#+ .*$", text, re.MULTILINE) == [f"# {code}", "## Summary", "## Avoid", "## Prefer", "## Why"]
    assert f"## Summary\n\n{CODES[code]}\n" in page


def test_no_page_is_left_over() -> None:
    assert {path.stem for path in PROBLEMS.glob("*.md")} == set(CODES)


def test_no_problem_has_a_code_without_a_page() -> None:
    used = {a or b for path in SOURCES for a, b in _USED.findall(" ".join(path.read_text("utf-8").split()))}
    assert {"bad-type", "anchor", "never-reached", "unused-group"} <= used, "the search itself must find codes"
    assert used <= set(CODES)


@pytest.mark.parametrize("kind", schema.schemas())
def test_every_property_is_described(kind: str) -> None:
    for where, found in properties(schema.schemas()[kind], kind):
        assert described(found), where


def described(found: dict[str, Any]) -> str:
    """What a property says about itself, or what it refers to says."""
    name = found.get("$ref", "").rsplit("/", 1)[-1]
    own = found.get("description", "")
    return own or (described(schema.schemas()["common"]["$defs"][name]) if name else "")


def test_the_reference_names_every_property() -> None:
    """A key that stands in a schema stands on the page, whatever it is nested in."""
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    for kind, found in schema.schemas().items():
        for where, _ in properties(found, kind):
            assert f"| `{where.rsplit('.', 1)[-1]}` |" in page, where


def properties(found: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(found, dict):
        for name, inner in found.get("properties", {}).items() if isinstance(found.get("properties"), dict) else ():
            yield f"{where}.{name}", inner
        for name, inner in found.items():
            yield from properties(inner, f"{where}/{name}")
    elif isinstance(found, list):
        for inner in found:
            yield from properties(inner, where)


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").glob("*.schema.json")), ids=lambda path: path.name)
def test_a_schema_is_itself_valid(path: Path) -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


def test_every_rule_file_of_the_default_pack_names_its_schema() -> None:
    for path in (ROOT / "rules").rglob("*.yaml"):
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema="), path
        assert (path.parent / first.split("=", 1)[1]).resolve().is_file(), path
