"""Newest text: a file of `newest/` holds what a mail program wrote and, below `=== newest`, what the customer did."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugin.understand.html import render
from plugin.understand.newest import newest_text, plain_lines

CASES = sorted((Path(__file__).parent / "newest").glob("*.txt"))


def split(case: Path) -> tuple[str, str]:
    content, _, wanted = case.read_text("utf-8").partition("\n=== newest\n")
    return content, wanted


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_what_the_customer_wrote_is_told_apart(case: Path) -> None:
    content, wanted = split(case)
    lines = render(content).lines if content.startswith("<") else plain_lines(content)
    assert newest_text(lines).split() == wanted.split()


def test_there_are_many_cases_in_many_languages() -> None:
    languages = {case.name[:2] for case in CASES}
    assert len(CASES) >= 200
    assert {"es", "fr", "en", "pt", "de", "it", "nl", "pl", "sv", "da", "ru", "zh", "ja"} <= languages
