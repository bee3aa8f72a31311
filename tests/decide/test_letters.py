"""All letters of the default pack: complete, in one language, without loose ends; the page of them is fresh."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plugin.decide.gallery import Sample, as_markdown, samples
from plugin.rulebook import Rulebook

PAGE = Path(__file__).parents[2] / "docs" / "replies.md"


@pytest.fixture(scope="session")
def letters(rulebook: Rulebook) -> list[Sample]:
    return [sample for sample in samples(rulebook) if sample.decision.reply]


def test_every_intent_that_is_confirmed_has_letters_in_every_language(
    rulebook: Rulebook, letters: list[Sample]
) -> None:
    silent = set(rulebook.desk.raw["confirm_except"])
    there = {(sample.decision.intent, sample.language) for sample in letters}
    wanted = {(i, language) for i in rulebook.intents if i not in silent for language in rulebook.desk.languages}
    assert wanted <= there


def test_no_letter_has_loose_ends(letters: list[Sample]) -> None:
    for sample in letters:
        text = sample.decision.reply.text  # type: ignore[union-attr]
        where = f"{sample.title} ({sample.language})"
        assert "$" not in text, where
        assert "  -" not in text, where
        assert all(line == line.strip() or line.startswith("  http") for line in text.splitlines()), where
        for paragraph in text.split("\n\n"):
            assert not paragraph[:1].islower(), f"{where}: {paragraph}"
            assert ". " not in paragraph or not any(s[:1].islower() for s in paragraph.split(". ")), (
                f"{where}: {paragraph}"
            )


def test_letters_ask_for_no_secret(letters: list[Sample]) -> None:
    """Passwords and card numbers are named only to say that they must not be sent."""
    warned = ("nunca", "jamais", "never", "no nos envíe", "ne pas nous envoyer", "do not send", "ocultado", "masquée")
    warned += ("hidden", "cambie", "changez", "change the")
    for sample in letters:
        for line in sample.decision.reply.text.splitlines():  # type: ignore[union-attr]
            if any(secret in line.lower() for secret in ("contraseña", "mot de passe", "password", "número completo")):
                assert any(word in line.lower() for word in warned), f"{sample.title} ({sample.language}): {line}"


def test_each_language_has_the_same_texts(rulebook: Rulebook) -> None:
    names = {language: set(texts) for language, texts in rulebook.replies.items()}
    assert set(names) == set(rulebook.desk.languages)
    assert all(found == names["es"] for found in names.values())


def test_the_page_is_fresh(rulebook: Rulebook) -> None:
    """Write it anew with ANTESALA_WRITE_DOCS=1, or `antesala replies --markdown > docs/replies.md`."""
    page = as_markdown(rulebook)
    if os.environ.get("ANTESALA_WRITE_DOCS"):
        PAGE.write_text(page, "utf-8")
    assert PAGE.read_text("utf-8") == page
