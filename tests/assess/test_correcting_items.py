"""An admin corrects an item or a flag that was judged wrong by one example or by one signal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from plugin.assess import assess, learn
from plugin.assess.examples import from_text
from plugin.model import History
from plugin.rulebook import Rulebook, load

ROOT = Path(__file__).resolve().parents[2]
Edit = Callable[[Path], object]
Corrected = Callable[..., Rulebook]

#: A text whose browser the pack finds, and one with a date in words that nobody taught it.
BROWSER = "The calendar of Villa Azul is blank. I use Chrome on Windows."
UNDATED = "The calendar of Villa Azul has been blank since the swallows left."
CALM = "The calendar of Villa Azul is blank, you wet herrings."
CONTACT = "The calendar of Villa Azul is blank, as Gertrude knows from our pigeon post."
RUDE = "The calendar of Villa Azul is blank. You idiots sell hats, my dear Idiots Ltd."


def judged(book: Rulebook, body: str) -> tuple[dict[str, bool], tuple[str, ...]]:
    found = assess(from_text("t", "", body, "en"), book, History())
    return {item.id: item.present for item in found.completeness.items}, found.flags


def signal(file: str, owner: str, words: str, weight: int) -> Edit:
    """Adds a signal to an entry of a file that has some."""

    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text("utf-8")
        start = text.index(f"- id: {owner}\n")
        own = text[start : text.find("\n  - id: ", start)]
        line = f"      - {{mentions: {{en: [{words}]}}, weight: {weight}}}\n"
        if "    signals:\n" in own:
            changed = own.replace("    signals:\n", "    signals:\n" + line)
        else:
            changed = own.replace("    question:\n", "    signals:\n" + line + "    question:\n")
        path.write_text(text.replace(own, changed), "utf-8")

    return edit


def beside(flag: str, sentence: str) -> Edit:
    """Adds an example sentence to a flag."""

    def edit(folder: Path) -> None:
        path = folder / "flags.yaml"
        text = path.read_text("utf-8")
        at = text.index("    signals:\n", text.index(f"- id: {flag}\n"))
        path.write_text(f"{text[:at]}    examples: [{sentence}]\n{text[at:]}", "utf-8")

    return edit


def example(body: str, **labels: object) -> Edit:
    row = {"id": "mine", "lang": "en", "body": body, **labels}
    return lambda folder: (folder / "examples" / "mine.jsonl").write_text(json.dumps(row) + "\n", "utf-8")


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default rules with a few of their examples, and parsed files and vectors kept beside them."""
    home = tmp_path_factory.mktemp("some")
    shutil.copytree(ROOT / "rules", home / "rules")
    lines = []
    for file in sorted((home / "rules" / "examples").glob("*.jsonl")):
        lines += file.read_text("utf-8").splitlines()[::12]
        file.unlink()
    (home / "rules" / "examples" / "some.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return home


@pytest.fixture(scope="module")
def before(some: Path) -> Rulebook:
    return read(some / "rules", some / "cache")


@pytest.fixture
def corrected(some: Path, tmp_path: Path) -> Callable[..., Rulebook]:
    """The same rules after an edit."""

    def build(edit: Edit) -> Rulebook:
        shutil.rmtree(tmp_path / "rules", ignore_errors=True)
        shutil.copytree(some / "rules", tmp_path / "rules")
        edit(tmp_path / "rules")
        return read(tmp_path / "rules", some / "cache")

    return build


def read(folder: Path, cache: Path) -> Rulebook:
    """The rulebook, learned by words and signals alone: what corrects is the same with meaning."""
    return load(folder, cache=cache, learn=lambda book: learn(book, None, cache))


def test_an_item_that_is_there_and_was_not_found(before: Rulebook, corrected: Corrected) -> None:
    assert judged(before, UNDATED)[0]["date"] is False
    assert judged(corrected(example(UNDATED, items={"date": "present"})), UNDATED)[0]["date"] is True
    by_signal = corrected(signal("items.yaml", "date", "the swallows left", 40))
    assert judged(by_signal, UNDATED)[0]["date"] is True
    assert judged(by_signal, "The calendar of Villa Azul is blank.")[0]["date"] is False


def test_an_item_that_was_found_and_is_not_there(before: Rulebook, corrected: Corrected) -> None:
    assert judged(before, BROWSER)[0]["environment"] is True
    labelled = example(BROWSER, items={"environment": "missing"})
    assert judged(corrected(labelled), BROWSER)[0]["environment"] is False
    by_signal = corrected(signal("items.yaml", "environment", "Chrome on Windows", -60))
    assert judged(by_signal, BROWSER)[0]["environment"] is False
    assert judged(by_signal, BROWSER.replace("Chrome on Windows", "Firefox on a MacBook"))[0]["environment"] is True


@pytest.mark.parametrize(
    ("flag", "body", "words"), [("hostile", CALM, "wet herrings"), ("previous-contact", CONTACT, "pigeon post")]
)
def test_a_flag_that_was_not_raised(before: Rulebook, corrected: Corrected, flag: str, body: str, words: str) -> None:
    assert flag not in judged(before, body)[1]
    assert flag in judged(corrected(example(body, intent="problem", group="calendar", flags=[flag])), body)[1]
    by_signal = corrected(signal("flags.yaml", flag, words, 60))
    assert flag in judged(by_signal, body)[1]
    assert flag not in judged(by_signal, "The calendar of Villa Azul is blank.")[1]


def test_a_flag_that_was_raised_and_should_not(before: Rulebook, corrected: Corrected) -> None:
    assert "hostile" in judged(before, RUDE)[1]
    labelled = example(RUDE, intent="problem", group="calendar", flags=[])
    assert "hostile" not in judged(corrected(labelled), RUDE)[1]
    assert "hostile" not in judged(corrected(signal("flags.yaml", "hostile", "Idiots Ltd", -90)), RUDE)[1]


def test_a_sentence_beside_a_flag_raises_it(before: Rulebook, corrected: Corrected) -> None:
    said = "Gertrude knows it from our pigeon post"
    body = f"The calendar of Villa Azul is blank. {said}!"
    assert "previous-contact" not in judged(before, body)[1]
    assert "previous-contact" in judged(corrected(beside("previous-contact", said)), body)[1]


def test_an_example_decides_about_texts_that_read_like_it_only(corrected: Corrected) -> None:
    book = corrected(example(UNDATED, items={"date": "present"}))
    assert judged(book, UNDATED.replace("calendar", "calendars"))[0]["date"] is True
    assert judged(book, "Prices of Casa Roja are blank.")[0]["date"] is False


def test_an_example_with_two_issues_decides_how_many_there_are(corrected: Corrected) -> None:
    body = "The turnips are purple. Also the radishes are loud."
    issues = [["problem", "calendar"], ["question", "billing"]]
    book = corrected(example(body, issues=issues, flags=["multiple-issues"]))
    found = assess(from_text("t", "", body, "en"), book, History())
    assert [[issue.intent, issue.group] for issue in found.issues] == issues
    assert "multiple-issues" in found.flags
