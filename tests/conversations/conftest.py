"""The default pack by words and signals, read once for all conversations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.sink import Sink
from conversations.stage import RULES
from plugin.pipeline import load_rulebook
from plugin.rulebook import Rulebook


@pytest.fixture(scope="session")
def rulebook(request: pytest.FixtureRequest) -> Rulebook:
    """All its examples, without the encoder: what is held here is the conversation, not the judgement.

    What was learned is kept in pytest's own cache: `pytest --cache-clear` learns anew.
    """
    return load_rulebook(RULES, cache=Path(request.config.cache.mkdir("rulebook")))


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """Where notifications arrive."""
    with Sink() as opened:
        yield opened
