"""The checklist: which items apply, what is there, and the score."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from plugin.assess.checklist import complete, learn
from plugin.assess.encoder import NoEncoder
from plugin.assess.examples import from_text
from plugin.model import Completeness, History, Issue
from plugin.rulebook import Rulebook, load, scan

PACK = {
    "desk.yaml": """
kind: desk
name: Test
languages: [es, en]
recognise: [es, en]
default_language: en
time_zone: UTC
hours: {week: [{days: mon-fri, open: ['09:00-17:00']}]}
fallback_group: first
fallback_intent: problem
""",
    "groups.yaml": """
kind: groups
groups:
  - {id: first, description: All of it., tier: 1, chat: true, name: {es: Primera, en: First}}
""",
    "items.yaml": """
kind: items
items:
  - id: date
    description: When.
    weight: 2
    found: {has: date}
    question: {es: "¿Cuándo?", en: "When?"}
  - id: goal
    description: What for.
    weight: 1
    found: {mentions: {any: [wanted to]}}
    signals:
      - {mentions: {any: [wanted to]}, weight: 1}
    question: {es: "¿Para qué?", en: "What for?"}
  - id: screenshot
    description: A picture.
    weight: 1
    found: {has: attachment.image}
    question: {es: "¿Una imagen?", en: "A picture?"}
  - id: ticket
    description: The earlier ticket.
    weight: 1
    found: {has: ticket-number}
    question: {es: "¿El número?", en: "The number?"}
""",
    "flags.yaml": """
kind: flags
flags:
  - id: previous-contact
    description: They wrote before.
    when: {mentions: {any: [wrote before]}}
""",
    "channels.yaml": """
kind: channels
channels:
  - {id: all, description: All., when: {is: {group: first}}, channel: ticket}
""",
    "routes.yaml": """
kind: routes
routes:
  - {id: broken, description: All., when: {is: {intent: problem}}, then: {tags: [broken]}}
""",
    "intents/problem.yaml": """
kind: intent
id: problem
description: Something fails.
name: {es: un problema, en: a problem}
signals:
  - {mentions: {en: [broken]}, weight: 1}
checklist:
  - date
  - goal
  - {item: screenshot, recommended: true}
  - {item: ticket, when: {is: {flag: previous-contact}}}
""",
    "intents/other.yaml": """
kind: intent
id: other
description: Nothing.
name: {es: otra cosa, en: something else}
signals:
  - {mentions: {en: [thanks]}, weight: 1}
""",
}
TAUGHT = [
    *({"text": f"I wanted to block night {n}.", "lang": "en", "items": {"goal": "present"}} for n in range(6)),
    *({"text": f"The list of flats shows {n} blanks.", "lang": "en", "items": {"goal": "missing"}} for n in range(6)),
]


def rulebook(folder: Path, examples: list[dict[str, Any]] | None = None) -> Rulebook:
    for name, text in PACK.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.lstrip(), "utf-8")
    if examples:
        (folder / "examples").mkdir()
        (folder / "examples" / "own.jsonl").write_text("\n".join(map(json.dumps, examples)), "utf-8")
    return load(folder, learn=lambda book: {"checklist": learn(book, NoEncoder(), None)})


def checked(
    book: Rulebook,
    body: str,
    *,
    flags: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
    given: frozenset[str] = frozenset(),
    intent: str = "problem",
) -> Completeness:
    understood = from_text("x", "", body, "en", names)
    completeness, steps = complete(
        understood,
        book,
        Issue(intent, "first"),
        History(given=given),
        scan=scan(understood, book),
        flags=flags,
        encode=NoEncoder().encode,
    )
    assert [step.rule for step in steps] == [item.id for item in completeness.items]
    assert all(step.because for step in steps)
    return completeness


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    return rulebook(tmp_path)


def test_conditions_decide_where_nothing_was_learned(book: Rulebook) -> None:
    found = checked(book, "It is broken since yesterday.")
    assert found.missing == ("goal", "screenshot")
    assert found.score == 50
    (date,) = [item for item in found.items if item.id == "date"]
    assert [evidence.text for evidence in date.evidence] == ["yesterday"]


def test_an_item_applies_only_under_its_condition(book: Rulebook) -> None:
    assert "ticket" not in [item.id for item in checked(book, "broken").items]
    assert "ticket" in checked(book, "broken", flags=("previous-contact",)).missing
    assert "ticket" not in checked(book, "broken, see ticket #48213", flags=("previous-contact",)).missing


def test_an_attachment_gives_an_item(book: Rulebook) -> None:
    assert "screenshot" not in checked(book, "broken", names=("error.png",)).missing


def test_what_an_earlier_message_gave_is_there(book: Rulebook) -> None:
    found = checked(book, "broken", given=frozenset({"goal"}))
    assert found.missing == ("date", "screenshot")


def test_an_intent_without_items_is_complete(book: Rulebook) -> None:
    assert checked(book, "thanks", intent="other") == Completeness(100, ())


def test_a_message_without_words_misses_everything(book: Rulebook) -> None:
    assert checked(book, "").score == 0


def test_examples_decide_what_they_teach_and_name_the_sentence(tmp_path: Path) -> None:
    book = rulebook(tmp_path, TAUGHT)
    found = checked(book, "It is broken. I wanted to block a night.")
    (goal,) = [item for item in found.items if item.id == "goal"]
    assert goal.present
    assert [evidence.text for evidence in goal.evidence] == ["wanted to"]
    assert "goal" in checked(book, "It shows blanks.").missing


def test_labels_called_uncertain_teach_nothing(tmp_path: Path) -> None:
    doubtful = [{**row, "uncertain": ["goal"]} for row in TAUGHT]
    book = rulebook(tmp_path, doubtful)
    learned = book.learned["checklist"]
    assert learned is not None
    assert learned.weights == {}


def test_learning_from_the_same_pack_gives_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = rulebook(tmp_path / "a", TAUGHT), rulebook(tmp_path / "b", TAUGHT)
    assert np.array_equal(one.learned["checklist"].weights["goal"], two.learned["checklist"].weights["goal"])


def test_a_sentence_that_is_shown_as_evidence_holds_no_secret(tmp_path: Path) -> None:
    taught = [{**row, "text": row["text"].replace("wanted to block", "was blocking")} for row in TAUGHT]
    taught += [{**row, "text": f"Entered 4111 1111 1111 1111 for night {n}"} for n, row in enumerate(taught[:6])]
    found = checked(rulebook(tmp_path, taught), "Entered 4111 1111 1111 1111 for night 3")
    shown = [evidence.text for item in found.items for evidence in item.evidence]
    assert any("**** 1111" in text for text in shown)
    assert not any("4111 1111" in text for text in shown)
