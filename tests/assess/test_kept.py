"""What was learned is kept for as long as what it was learned from stays the same, and no longer."""

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
ROW = {"id": "mine", "lang": "en", "body": "The calendar lost my blocks.", "issues": [["problem", "calendar"]]}


def replaced(name: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return edit


def kept(cache: Path) -> dict[str, set[str]]:
    return {kind: {path.name for path in cache.glob(f"{kind}-*.npz")} for kind in ("learned", "items")}


@pytest.fixture(scope="module")
def learned_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default rules with a few of their examples in `rules`, and what they taught in `cache`."""
    home = tmp_path_factory.mktemp("kept")
    shutil.copytree(ROOT / "rules", home / "rules")
    lines = []
    for file in sorted((home / "rules" / "examples").glob("*.jsonl")):
        lines += file.read_text("utf-8").splitlines()[::40]
        file.unlink()
    (home / "rules" / "examples" / "some.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    again(home)
    return home


@pytest.fixture
def home(learned_before: Path, tmp_path: Path) -> Path:
    shutil.copytree(learned_before, tmp_path / "home")
    return tmp_path / "home"


def again(home: Path) -> Rulebook:
    cache = home / "cache"
    return load(home / "rules", cache=cache, learn=lambda book: learn(book, None, cache))


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(replaced("replies/en.yaml", "texts:\n", "texts:\n  # another wording follows\n"), id="a reply"),
        pytest.param(replaced("groups.yaml", "    chat: true\n", "    chat: false\n"), id="the hours of a group"),
        pytest.param(replaced("intents/refund.yaml", "tags: [refund]", "tags: [money]"), id="tags"),
        pytest.param(replaced("intents/refund.yaml", "[charge, amount,", "[charge,"), id="a checklist"),
        pytest.param(replaced("items.yaml", "    weight: 3\n", "    weight: 2\n"), id="the weight of an item"),
        pytest.param(replaced("routes.yaml", "kind: routes\n", "\nkind: routes\n"), id="where a line stands"),
    ],
)
def test_other_edits_teach_nothing_anew(home: Path, edit: Edit) -> None:
    before = kept(home / "cache")
    assert all(len(files) == 1 for files in before.values())
    edit(home / "rules")
    again(home)
    assert kept(home / "cache") == before


def one_more(row: dict[str, object]) -> Edit:
    return lambda folder: (folder / "examples" / "mine.jsonl").write_text(json.dumps(row) + "\n", "utf-8")


@pytest.mark.parametrize(
    ("edit", "anew"),
    [
        pytest.param(one_more(ROW), {"learned"}, id="an example without items"),
        pytest.param(one_more(ROW | {"items": {"date": "missing"}}), {"learned", "items"}, id="an example"),
        pytest.param(replaced("words/cues.yaml", "no funciona, ", ""), {"learned", "items"}, id="a word"),
        pytest.param(replaced("items.yaml", "{has: date, weight: 2}", "{has: time, weight: 2}"), {"items"}, id="item"),
        pytest.param(replaced("intents/problem.yaml", "    weight: 1\n", "    weight: 2\n"), {"learned"}, id="weight"),
        pytest.param(replaced("flags.yaml", "-before, weight: 18", "-before, weight: 11"), {"learned"}, id="flag"),
    ],
)
def test_what_is_learned_from_teaches_anew(home: Path, edit: Edit, anew: set[str]) -> None:
    before = kept(home / "cache")
    edit(home / "rules")
    again(home)
    after = kept(home / "cache")
    assert {kind for kind, files in after.items() if files != before[kind]} == anew


def test_an_example_is_named_by_where_it_stands_now(home: Path) -> None:
    message = from_text("t", "", "Borrad estos contactos de nuestra lista, han pedido que no les escribamos.", "es")
    before = kept(home / "cache")
    for blank, line in ((0, 13), (2, 15)):
        replaced("intents/contact-removal.yaml", "kind: intent\n", "\n" * blank + "kind: intent\n")(home / "rules")
        (issue,) = assess(message, again(home), History()).issues
        assert any(f"(intents/contact-removal.yaml:{line})" in one.note for one in issue.evidence), issue.evidence
    assert kept(home / "cache") == before
