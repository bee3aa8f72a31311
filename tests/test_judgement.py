"""How often the default pack judges right: floors that a change of rules or code must not fall below.

By words and signals alone, so that it takes seconds; `make score` measures with meaning, on mails, and all labels.
The pack's labelled requests are held out in thirds: each third is judged by what the rest teaches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from plugin.assess.encoder import NoEncoder
from plugin.assess.examples import understood
from plugin.assess.issues import divide
from plugin.assess.learner import Teacher
from plugin.rulebook import Example, Rulebook, load, scan
from plugin.rulebook.examples import read
from plugin.rulebook.folder import File

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT.parent / "shared" / "requests" / "dev.jsonl"
FOLDS = 3
Judged = Iterator[tuple[Example, list[tuple[str, str]]]]


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load(ROOT / "rules")


def judged(book: Rulebook, learn_from: Sequence[Example], held_out: Sequence[Example]) -> Judged:
    encode = NoEncoder().encode
    learned = Teacher(book, encode, learn_from).learn()
    for example in held_out:
        found = scan(understood(example), book)
        yield example, [verdict.label for verdict in divide(found, learned, book, encode).verdicts]


def shares(results: Judged) -> dict[str, float]:
    right: Counter[str] = Counter()
    for example, got in results:
        first = example.issues[0]
        right["all"] += 1
        right["intent"] += got[0][0] == first[0]
        right["group"] += got[0][1] == first[1]
        right["issues"] += sorted(got) == sorted(example.issues)
    return {name: right[name] / right["all"] for name in ("intent", "group", "issues")}


def test_held_out_requests_of_the_pack(book: Rulebook) -> None:
    examples = [e for e in book.examples if e.issues]
    requests = [e for e in examples if "/requests-" in e.place.file]
    assert len(requests) > 900

    def folds() -> Judged:
        for fold in range(FOLDS):
            out = {e.place for i, e in enumerate(requests) if i % FOLDS == fold}
            yield from judged(
                book, [e for e in examples if e.place not in out], [e for e in requests if e.place in out]
            )

    found = shares(folds())
    assert found["intent"] >= 0.81, found
    assert found["group"] >= 0.84, found
    assert found["issues"] >= 0.76, found


@pytest.mark.skipif(not DEV.is_file(), reason="the labelled requests of ../shared are not here")
def test_requests_that_nothing_was_learned_from(book: Rulebook) -> None:
    rows = [row for row in read(File("dev.jsonl", DEV.read_bytes())) if isinstance(row, Example) and row.issues]
    assert len(rows) > 100
    found = shares(judged(book, book.examples, rows))
    assert found["intent"] >= 0.9, found
    assert found["group"] >= 0.92, found
    assert found["issues"] >= 0.86, found
