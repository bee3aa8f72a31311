"""The default pack's own cases, as `antesala test` runs them: with words and meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugin.assess.encoder import MultilingualEncoder
from plugin.pipeline import load_rulebook
from plugin.ruletests.report import as_text
from plugin.ruletests.run import run

RULES = Path(__file__).parents[2] / "rules"


@pytest.mark.timeout(600)
def test_every_case_of_the_default_pack_passes(tmp_path_factory: pytest.TempPathFactory) -> None:
    book = load_rulebook(RULES, encoder=MultilingualEncoder(), cache=tmp_path_factory.mktemp("cache"))
    results = run(book, book.cases)
    assert len(results) >= 50
    failed = [result for result in results if not result.passed]
    assert not failed, as_text(failed, None)
