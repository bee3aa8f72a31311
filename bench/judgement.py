"""How often the default pack judges right on requests that it did not learn from: its own ones, cross-validated.

    python bench/judgement.py [--folds 5] [--rules rules] [--words-alone] [--also FILE ...]

The labelled requests of the pack (examples/requests-*.jsonl) are held out in turn: each part is decided by the whole
pipeline under a rulebook that learned from the rest and from made-up examples (own-*.jsonl). The rules and word lists
were written by people who had read these requests, so the figures flatter; `make score` measures on others.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from plugin.assess import learn  # noqa: E402
from plugin.assess.encoder import Encoder, MultilingualEncoder, NoEncoder  # noqa: E402
from plugin.assess.examples import understood  # noqa: E402
from plugin.assess.vectors import Remembering  # noqa: E402
from plugin.model import Address, Decision, History  # noqa: E402
from plugin.pipeline import triage  # noqa: E402
from plugin.rulebook import Example, Rulebook, load  # noqa: E402
from plugin.rulebook.examples import read  # noqa: E402
from plugin.rulebook.folder import File  # noqa: E402

NOW = datetime(2026, 11, 18, 9, 24, tzinfo=UTC)  # a Wednesday morning: chat is open
ANA = Address("ana@casa.example", "Ana")
FLAGS = ("hostile", "third-party", "multiple-issues", "sensitive-data", "previous-contact")


def held_out(book: Rulebook, encoder: Encoder, folds: int) -> Iterator[tuple[Example, Decision]]:
    """Every request with the decision of a rulebook that has not seen it."""
    requests = [e for e in book.examples if "/requests-" in e.place.file and e.issues]
    for fold in range(folds):
        out = {e.place for i, e in enumerate(requests) if i % folds == fold}
        rest = replace(book, examples=tuple(e for e in book.examples if e.place not in out))
        taught = replace(rest, learned=learn(rest, encoder, None))
        for example in (e for e in requests if e.place in out):
            message = replace(understood(example).message, sender=ANA, received_at=NOW, date=NOW)
            yield example, triage(message, taught, History(), NOW)
        print(f"fold {fold + 1} of {folds}", file=sys.stderr)


def count(example: Example, got: Decision, right: Counter[str], hits: dict[str, Counter[str]]) -> None:
    """Add one decision; labels that the row calls uncertain are left out."""
    unsure = set(example.row.get("uncertain", ()))
    labels = {
        "language": (example.language, got.language),
        "intent": (example.issues[0][0], got.intent),
        "group": (example.issues[0][1], got.group),
        "issues": (sorted(example.issues), sorted((i.intent, i.group) for i in got.issues)),
    }
    for label, (want, have) in labels.items():
        if label not in unsure:
            right[f"{label} of"] += 1
            right[label] += want == have
    for flag in set(FLAGS) - unsure:
        _tally(hits[flag], flag in got.flags, flag in (example.flags or ()))
    items = {item.id: item.present for item in got.completeness.items}
    wanted = {item: present for item, present in example.items.items() if item not in unsure}
    for item, present in wanted.items():
        _tally(hits["missing items"], items.get(item) is False, not present)
    right["whole checklist of"] += 1
    right["whole checklist"] += all(items.get(item) is present for item, present in wanted.items())


def _tally(hits: Counter[str], said: bool, true: bool) -> None:
    hits["right" if said and true else "wrong" if said else "missed" if true else "rest"] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--rules", type=Path, default=ROOT / "rules")
    parser.add_argument("--words-alone", action="store_true", help="without the encoder")
    parser.add_argument("--also", nargs="*", type=Path, default=[], metavar="FILE", help="more examples to learn from")
    options = parser.parse_args()
    book = load(options.rules)
    more = [
        row for file in options.also for row in read(File(file.name, file.read_bytes())) if isinstance(row, Example)
    ]
    book = replace(book, examples=(*book.examples, *more))
    encoder = Remembering(NoEncoder() if options.words_alone else MultilingualEncoder(), None)
    right: Counter[str] = Counter()
    hits: dict[str, Counter[str]] = {name: Counter() for name in (*FLAGS, "missing items")}
    for example, decision in held_out(book, encoder, options.folds):
        count(example, decision, right, hits)
    for label in ("language", "intent", "group", "issues", "whole checklist"):
        print(f"{label:<18} {right[label] / right[f'{label} of']:6.1%}  of {right[f'{label} of']}")
    for name, found in hits.items():
        both = 2 * found["right"] / max(1, 2 * found["right"] + found["wrong"] + found["missed"])
        print(f"{name:<18} F1 {both:.3f}  of {found['right'] + found['missed']}")


if __name__ == "__main__":
    main()
