"""The measurement of the rule core runs, and what it measures finds what a plain look finds."""

from __future__ import annotations

import pytest

from bench.lib import engines
from bench.lib.packs import SIZE, Packs
from bench.rules import measure
from plugin.rulebook.phrases.fold import fold


def test_the_smallest_pack_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    measure(10)
    assert "antesala" in capsys.readouterr().out


def test_rules_that_fire_are_those_whose_phrases_stand_in_the_text() -> None:
    """A phrase of the pack that stands in a text word for word makes its rule fire."""
    packs = Packs(plain=True)
    rules = [packs.rule() for _ in range(300)]
    fire = engines.ours(rules, sure=True)
    for _ in range(20):
        language, group, text = packs.message()
        assert len(text) == SIZE
        words = " ".join(fold(text).split())
        plainly = sum(
            rule["group"] == group and rule["language"] == language and any(fold(p) in words for p in rule["any"][0])
            for rule in rules
        )
        assert fire(language, group, text, "") >= plainly
