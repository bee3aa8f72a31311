"""Folding keeps every character at its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.understand.fold import fold


@given(st.text())
def test_the_length_stays(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Reembolsó", "reembolso"),
        ("ÇA Œuvre", "ca ouvre"),
        ("Straße", "strase"),
        ("«ña»", "«na»"),
        ("l’été", "l'ete"),
        ("İstanbul", "istanbul"),
        ("a\u00a0b", "a b"),
        ("– x", "- x"),
    ],
)
def test_case_and_accents_go(text: str, folded: str) -> None:
    assert fold(text) == folded
