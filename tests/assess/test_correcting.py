"""An admin corrects a wrong decision by one example or by one signal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plugin.assess import assess
from plugin.assess.encoder import Encoder
from plugin.assess.examples import from_text
from plugin.model import History
from plugin.rulebook import Rulebook

TEXT = "Die Katze sitzt wieder auf dem Router und der Turm leuchtet violett."
RIGHT = ("problem", "deliverability")


def label(book: Rulebook) -> tuple[str, str]:
    (issue,) = assess(from_text("t", "", TEXT, "de"), book, History()).issues
    return issue.intent, issue.group


def signals(folder: Path) -> None:
    """One signal for the intent and one for the group."""
    for name, line in (
        ("intents/problem.yaml", "  - {mentions: {de: [leuchtet violett]}, weight: 40}\n"),
        ("groups.yaml", "      - {mentions: {de: [leuchtet violett]}, weight: 60}\n"),
    ):
        path = folder / name
        text = path.read_text("utf-8")
        owner = text.index("id: deliverability") if name == "groups.yaml" else 0
        at = text.index("signals:", owner) + len("signals:\n")
        path.write_text(text[:at] + line + text[at:], "utf-8")


@pytest.mark.parametrize("meaning", [False, True])
def test_one_example_corrects(small_pack: Any, meaning: bool, encoder: Encoder, tmp_path: Path) -> None:
    chosen = encoder if meaning else None
    cache = tmp_path / "cache"
    assert label(small_pack(encoder=chosen, cache=cache)) != RIGHT
    row = {"id": "mine", "lang": "de", "body": TEXT, "issues": [list(RIGHT)], "flags": []}
    assert label(small_pack([row], encoder=chosen, cache=cache)) == RIGHT


@pytest.mark.parametrize("meaning", [False, True])
def test_one_signal_corrects(small_pack: Any, meaning: bool, encoder: Encoder, tmp_path: Path) -> None:
    chosen = encoder if meaning else None
    cache = tmp_path / "cache"
    book = small_pack(edit=signals, encoder=chosen, cache=cache)
    assert label(book) == RIGHT
    (issue,) = assess(from_text("t", "", TEXT, "de"), book, History()).issues
    assert "leuchtet violett" in [e.text for e in issue.evidence]


def test_what_was_learned_is_kept_and_read_again(small_pack: Any, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = small_pack(cache=cache)
    (kept,) = cache.glob("learned-*.npz")
    written = kept.stat().st_mtime_ns
    message = from_text("t", "", "The calendar lost my blocks. Also, resend the June invoice please.", "en")
    again = small_pack(cache=cache)
    assert kept.stat().st_mtime_ns == written
    assert assess(message, again, History()) == assess(message, first, History())


def test_a_damaged_file_costs_only_time(small_pack: Any, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    message = from_text("t", "", "The calendar lost my blocks.", "en")
    first = assess(message, small_pack(cache=cache), History())
    (kept,) = cache.glob("learned-*.npz")
    kept.write_bytes(kept.read_bytes()[:1000])
    assert assess(message, small_pack(cache=cache), History()) == first


def test_a_rulebook_without_examples_decides_by_signals(small_pack: Any) -> None:
    def without(folder: Path) -> None:
        for file in (folder / "examples").glob("*.jsonl"):
            file.unlink()
        for file in (folder / "intents").glob("*.yaml"):
            text = file.read_text("utf-8")
            start = text.index("examples:\n")
            end = text.index("checklist:")
            file.write_text(text[:start] + text[end:], "utf-8")

    book = small_pack(edit=without)
    found = assess(from_text("t", "", "Our account was hacked.", "en"), book, History())
    assert found.issues[0].intent == "account-recovery"
