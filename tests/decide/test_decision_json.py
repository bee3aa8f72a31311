"""The JSON of a decision is what its schema says, and every property there is described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from plugin.decide.gallery import Sample, samples
from plugin.decision_json import to_json
from plugin.rulebook import Rulebook

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "decision.schema.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def letters(rulebook: Rulebook) -> list[Sample]:
    return list(samples(rulebook))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_sample_is_as_the_schema_says(letters: list[Sample]) -> None:
    validator = Draft202012Validator(SCHEMA)
    for sample in letters:
        for trail in (True, False):
            values = json.loads(json.dumps(to_json(sample.decision, "x.eml", trail=trail)))
            assert [e.message for e in validator.iter_errors(values)] == []


def test_the_schema_refuses_what_is_not_a_decision(letters: list[Sample]) -> None:
    values = to_json(letters[0].decision)
    validator = Draft202012Validator(SCHEMA)
    for key in SCHEMA["required"]:
        assert not validator.is_valid({k: v for k, v in values.items() if k != key})
    assert not validator.is_valid({**values, "channel": "phone"})
    assert not validator.is_valid({**values, "surprise": 1})


def test_each_issue_has_its_own_checklist(letters: list[Sample]) -> None:
    values = to_json(next(sample.decision for sample in letters if sample.title == "two issues"))
    first, second = (issue["completeness"] for issue in values["issues"])
    assert first == values["completeness"]
    assert {*first["items"]} != {*second["items"]}
    assert {*second["items"].values()} == {"missing"}


def test_what_a_mail_brings_along_is_named(letters: list[Sample]) -> None:
    reply = to_json(next(s.decision for s in letters if s.title == "data-operation, nothing given"))["reply"]
    assert reply is not None
    assert (reply["kind"], len(reply["questions"]), len(reply["files"])) == ("ask", len(reply["asks"]), 1)


def described(schema: Any, path: str = "") -> Iterator[str]:
    """Paths of properties without a description."""
    if not isinstance(schema, dict):
        return
    for name, child in schema.get("properties", {}).items():
        if "description" not in child and "$ref" not in child:
            yield f"{path}/{name}"
        yield from described(child, f"{path}/{name}")
    for name, child in schema.get("$defs", {}).items():
        yield from described(child, f"#{name}")
    yield from described(schema.get("items"), f"{path}[]")


def test_every_property_is_described() -> None:
    assert list(described(SCHEMA)) == []
