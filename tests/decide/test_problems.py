"""A pack whose letters lack a text is refused before a customer can get half a letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from plugin.decide.gallery import samples
from plugin.decide.problems import NEEDED, REMINDING, problems
from plugin.rulebook import Rulebook


def without(rulebook: Rulebook, name: str) -> Rulebook:
    texts = {key: text for key, text in rulebook.replies["fr"].items() if key != name}
    return replace(rulebook, replies={**rulebook.replies, "fr": texts})


def test_the_default_pack_lacks_nothing(rulebook: Rulebook) -> None:
    assert list(problems(rulebook)) == []


@pytest.mark.parametrize("name", NEEDED)
def test_each_needed_text_is_missed(rulebook: Rulebook, name: str) -> None:
    (found,) = problems(without(rulebook, name))
    assert (found.code, found.place.file) == ("missing-text", "replies/fr.yaml")
    assert f"'{name}'" in found.text


@pytest.mark.parametrize("name", REMINDING)
def test_what_a_reminder_says_is_missed_where_the_desk_reminds(rulebook: Rulebook, name: str) -> None:
    assert list(problems(without(rulebook, name))) == []
    waiting = replace(rulebook.desk.waiting, remind_after=timedelta(hours=24))
    (found,) = problems(without(replace(rulebook, desk=replace(rulebook.desk, waiting=waiting)), name))
    assert f"'{name}'" in found.text


@pytest.mark.parametrize("name", ["days", "months"])
def test_days_and_months_are_counted(rulebook: Rulebook, name: str) -> None:
    texts = {**rulebook.replies["fr"], name: "lundi|mardi"}
    (found,) = problems(replace(rulebook, replies={**rulebook.replies, "fr": texts}))
    assert "has 2 parts" in found.text


def test_what_is_not_needed_can_be_left_out(rulebook: Rulebook) -> None:
    """Letters are written with the needed texts alone."""
    bare = {name: text for name, text in rulebook.replies["fr"].items() if name in NEEDED}
    written = [s.decision.reply for s in samples(replace(rulebook, replies={**rulebook.replies, "fr": bare}))]
    assert sum(reply is not None and reply.language == "fr" for reply in written) > 20
