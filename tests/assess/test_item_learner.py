"""Which piece of a message gives an item, learned from labels of whole messages."""

from __future__ import annotations

import numpy as np
import pytest

from plugin.assess.item_kept import items_kept
from plugin.assess.item_learner import LEAST, Learned, Lesson, learn


def lesson(rows: list[list[float]], present: bool | None) -> Lesson:
    traits = np.array(rows, dtype=np.float32)
    nothing = np.zeros((len(rows), 0), dtype=np.float32)
    return Lesson(nothing, traits, {} if present is None else {"date": present})


def lessons(count: int = 12) -> list[Lesson]:
    """Messages whose item stands in the piece with the first trait; the second trait is noise in all of them."""
    with_it = [lesson([[0, 1], [1, 0], [0, 0]], True) for _ in range(count)]
    return with_it + [lesson([[0, 1], [0, 0]], False) for _ in range(count)]


def scores(learned: Learned, rows: list[list[float]]) -> list[float]:
    found = learned.scores(
        "date", learned.rows(np.zeros((len(rows), 0), dtype=np.float32), np.array(rows, dtype=np.float32))
    )
    assert found is not None
    return list(found)


def test_the_piece_that_gives_the_item_is_told_from_the_others() -> None:
    gives, noise, nothing = scores(learn(lessons(), ["date"]), [[1, 0], [0, 1], [0, 0]])
    assert gives > 0 > max(noise, nothing)


def test_the_same_lessons_teach_the_same() -> None:
    first, second = learn(lessons(), ["date"]), learn(lessons(), ["date"])
    assert np.array_equal(first.weights["date"], second.weights["date"])


def test_messages_that_say_nothing_about_an_item_teach_nothing_about_it() -> None:
    silent = [lesson([[1, 0]], None)] * 30
    plain, more = learn(lessons(), ["date"]), learn([*lessons(), *silent], ["date"])
    assert np.array_equal(plain.weights["date"], more.weights["date"])


@pytest.mark.parametrize("count", [0, LEAST - 1])
def test_too_few_examples_teach_nothing(count: int) -> None:
    few = [lesson([[1, 0]], True)] * count + [lesson([[0, 1]], False)] * 20
    assert learn(few, ["date"]).weights == {}


def test_meaning_is_weighed_beside_traits() -> None:
    near, far = np.eye(4, dtype=np.float32)[:2], np.eye(4, dtype=np.float32)[2:]
    traits = np.zeros((2, 1), dtype=np.float32)
    taught = learn([Lesson(near, traits, {"goal": True}), Lesson(far, traits, {"goal": False})] * 8, ["goal"])
    found = taught.scores("goal", taught.rows(np.vstack([near, far]), np.zeros((4, 1), dtype=np.float32)))
    assert found is not None
    assert found[:2].max() > 0 > found[2:].max()


def test_what_was_learned_is_read_again_and_a_damaged_file_is_not(tmp_path) -> None:  # type: ignore[no-untyped-def]
    calls = []

    def teach() -> Learned:
        calls.append(1)
        return learn(lessons(), ["date"])

    first = items_kept(teach, ("digest", "none"), tmp_path)
    again = items_kept(teach, ("digest", "none"), tmp_path)
    assert len(calls) == 1
    assert np.array_equal(first.weights["date"], again.weights["date"])
    next(tmp_path.glob("items-*.npz")).write_bytes(b"no archive")
    items_kept(teach, ("digest", "none"), tmp_path)
    items_kept(teach, ("another rulebook", "none"), tmp_path)
    assert len(calls) == 3
