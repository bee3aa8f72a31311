"""docs/answers.md names every reason not to answer, and none that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from plugin.decide.answer import CAPS
from plugin.decide.plan import Kind
from plugin.understand import automatic

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "answers.md").read_text("utf-8")


def named(heading: str) -> set[str]:
    """The names in the first column of the table under a heading."""
    section = PAGE.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}


def refusals() -> set[str]:
    sources = [path.read_text("utf-8") for path in (ROOT / "plugin" / "decide").glob("*.py")]
    return {name for source in sources for name in re.findall(r'Refusal\(\s*"([a-z-]+)"', source)}


def test_reasons_for_now() -> None:
    assert named("Not now") == (refusals() | {cap[0] for cap in CAPS}) - {"no-sender"}


def test_reasons_for_ever() -> None:
    told = (automatic.automatic.__doc__ or "").partition("The reasons:")[2].partition(" for a mail")[0]
    there = set(re.findall(r"[a-z]+(?:-[a-z]+)*", told)) - {"and"}
    assert len(there) > 15
    assert named("Never") == there


def test_kinds_of_answers() -> None:
    assert named("What an answer is for") == {kind.value for kind in Kind}
