"""The 54 ways in which an automatic answer goes wrong: each is held by a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "answer_cases.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_no_case_is_left_out() -> None:
    assert [row[0] for row in ROWS] == [f"A{number:02}" for number in range(1, 55)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_holds_it_exists(row: list[str]) -> None:
    case, _, where = row
    for place in where.split():
        name, _, test = place.partition("::")
        path = ROOT / name
        assert path.is_file(), place
        text = path.read_text("utf-8")
        if test:
            assert re.search(rf"^def {test}\(", text, re.MULTILINE), place
        elif path.name == "headers.tsv":
            assert re.search(rf"^{case} ", text, re.MULTILINE), place
