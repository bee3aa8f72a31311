"""Every mistake is reported with its place, in the words of the file, with a hint. A new case is a new file in bad/."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from plugin.assess import learn
from plugin.decide.problems import problems as letters
from plugin.rulebook import Problem, Rulebook, RulebookError, check, load
from plugin.rulebook.codes import CODES
from plugin.service.rules import failed_cases
from tests.rulebook.making import HERE

ROOT = HERE.parent.parent
ROWS = [
    [cell.strip() for cell in line.split(" | ")]
    for line in (HERE / "bad" / "expected.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A small rulebook without mistakes."""
    return Path(shutil.copytree(HERE / "good", tmp_path / "rules"))


def test_a_good_rulebook_has_no_problems(rules: Path) -> None:
    report = check(rules)
    assert report.problems == ()
    assert report.counts["groups"] == 2


@pytest.mark.parametrize(("file", "target", "place", "sentence", "hint"), ROWS, ids=[row[0] for row in ROWS])
def test_a_bad_file_is_reported(rules: Path, file: str, target: str, place: str, sentence: str, hint: str) -> None:
    """Exactly one problem, named like the file."""
    spoil(rules, file, target)
    if file.startswith("merged-words"):
        flags = (rules / "flags.yaml").read_text("utf-8").replace("$anger", "[$anger, $apps]")
        (rules / "flags.yaml").write_text(flags, "utf-8")
    problems = check(rules, further=FURTHER.get(code_of(file))).problems
    assert [p.code for p in problems] == [code_of(file)], "\n".join(map(str, problems))
    (problem,) = problems
    wanted = place if place.startswith(".") else f"{target}:{place}"
    assert f"{problem.place.file or '.'}:{problem.place.line}:{problem.place.column}" == wanted
    assert sentence in problem.text
    assert hint in problem.hint


def spoil(rules: Path, file: str, target: str) -> None:
    """Put a bad file where it does harm; expected.txt says what the endings mean."""
    source, place = HERE / "bad" / file, rules / target
    place.parent.mkdir(exist_ok=True)
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    match source.suffix:
        case ".link":
            place.symlink_to(source.read_text("utf-8").strip())
        case ".folder":
            place.mkdir()
        case ".yaml" | ".jsonl":
            shutil.copy(source, place)


def of_cases(rulebook: Rulebook) -> Iterable[Problem]:
    """What trying the rulebook out on its own cases finds."""
    return failed_cases(rulebook.with_learned(learn(rulebook, None, None)))


#: Codes that later stages find.
FURTHER: dict[str, Callable[[Rulebook], Iterable[Problem]]] = {"missing-text": letters, "failed-case": of_cases}


def code_of(file: str) -> str:
    """The code that a bad file is named after."""
    return Path(file).stem.split("--")[0]


def test_every_code_has_a_bad_file() -> None:
    assert {code_of(row[0]) for row in ROWS} == set(CODES)


def test_every_bad_file_has_a_row() -> None:
    files = {path.name for path in (HERE / "bad").iterdir()} - {"expected.txt"}
    assert files == {row[0] for row in ROWS}


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r[0].startswith(("undefined", "bad-", "anchor"))], ids=lambda r: r[0]
)
def test_what_has_errors_cannot_be_loaded(rules: Path, row: list[str]) -> None:
    spoil(rules, row[0], row[1])
    with pytest.raises(RulebookError) as caught:
        load(rules)
    assert caught.value.problems[0].place.line > 0


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("words/anger.yaml", "kind: words\nwords: {anger: [inacceptable, caf\xe9]}".encode("latin-1"), "not-utf8"),
        ("words/anger.yaml", b"#" * (1 << 20) + b"#", "too-large"),
        ("words/anger.yaml", b"".join(b"k%d: 1\n" % n for n in range(100_000)), "too-large"),
        ("words/anger.yaml", "kind: words\nwords: {anger: [a\u202eb]}".encode(), "unwanted-character"),
        ("words/anger.yaml", b"kind: words\nwords: {anger: [a\x00b]}", "unwanted-character"),
        ("words/anger.yaml", b"kind: words\nwords:\n\t- anger", "not-yaml"),
        ("words/anger.yaml", b"[" * 500, "too-deep"),
        ("words/anger.yaml", b"d: 2024-13-45", "no-kind"),
        ("words/anger.yaml", b"", "bad-type"),
        ("words/anger.yaml", b"!!binary zzz", "tag"),
        ("words/anger.yaml", b"- a", "bad-type"),
        ("examples/own.jsonl", b'{"body": "caf\xe9"}', "not-utf8"),
        ("examples/own.jsonl", b'{"body": "x", "n": NaN}', "not-json"),
        ("examples/own.jsonl", b"[" * 100_000, "not-json"),
        ("examples/own.jsonl", b'["x"]', "bad-example"),
        ("examples/own.jsonl", b'{"body": "x", "items": {"amount": "perhaps"}}', "bad-example"),
    ],
)
def test_hostile_bytes_end_in_one_clear_error(rules: Path, name: str, raw: bytes, code: str) -> None:
    (rules / name).write_bytes(raw)
    assert [problem.code for problem in check(rules).problems] == [code]


def test_a_byte_order_mark_and_crlf_are_fine(rules: Path) -> None:
    text = (rules / "routes.yaml").read_text("utf-8")
    (rules / "routes.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert check(rules).problems == ()


@pytest.mark.parametrize("text", ["country: NO", "at: 1:30", "on: x", "d: 2024-13-45", "time: 17:30"])
def test_plain_values_stay_texts(text: str) -> None:
    from plugin.rulebook.load import parse

    (value,) = parse(text.encode(), "x.yaml").plain().values()
    assert value == text.split(": ", 1)[1]


def test_without_a_desk(rules: Path) -> None:
    (rules / "desk.yaml").unlink()
    assert [p.code for p in check(rules).problems] == ["no-desk"]


def test_no_folder_and_no_files(tmp_path: Path) -> None:
    assert [p.code for p in check(tmp_path / "none").problems] == ["no-folder"]
    assert [p.code for p in check(tmp_path).problems][:1] == ["no-files"]


def test_one_broken_file_does_not_make_others_look_broken(rules: Path) -> None:
    (rules / "groups.yaml").write_text("kind: groups\ngroups: [}")
    (rules / "routes.yaml").write_text(
        "kind: routes\nroutes: [{id: a, description: x, when: {has: date}, then: {gruop: x}}]"
    )
    assert sorted(p.code for p in check(rules).problems) == ["not-yaml", "unknown-key"]


def test_mistakes_of_all_kinds_in_one_file_are_found_in_one_run(rules: Path) -> None:
    """A key that nobody knows does not hide a name that does not exist, nor a pattern that is refused."""
    (rules / "routes.yaml").write_text("""kind: routes
routes:
  - id: first
    description: A name that does not exist, beside a key that nobody knows.
    when: {is: {group: biling}, mentoins: refund}
    then: {tags: [a]}
  - id: second
    when: {matches: '(?=x)'}
    then: {priorty: high, group: bilin}
  - id: third
    description: A number as a text, and a pattern that is refused.
    when: {below: {score: '50'}, matches: '(?=x)'}
    then: {tags: [b]}
""")
    problems = check(rules).problems
    assert [(p.place.line, p.code) for p in problems] == [
        (5, "undefined-group"),
        (5, "unknown-key"),
        (7, "missing-key"),
        (9, "unknown-key"),
        (12, "bad-type"),
        (12, "bad-pattern"),
    ]


def test_the_cache_gives_the_same_rulebook_and_the_same_places(rules: Path, tmp_path: Path) -> None:
    first, second = load(rules, cache=tmp_path / "c"), load(rules, cache=tmp_path / "c")
    assert any((tmp_path / "c" / "rules").iterdir())
    assert first.digest == second.digest
    assert first.routes[0] == second.routes[0]
    assert second.routes[0].place == load(rules).routes[0].place


def test_a_damaged_cache_is_not_used(rules: Path, tmp_path: Path) -> None:
    load(rules, cache=tmp_path / "c")
    for path in (tmp_path / "c" / "rules").iterdir():
        path.write_bytes(path.read_bytes()[:-7])
    assert load(rules, cache=tmp_path / "c").routes[0].id == "large-sums"


def test_the_order_of_files_on_disk_changes_nothing(rules: Path, tmp_path: Path) -> None:
    """The same files written in another order make the same rulebook."""
    other = tmp_path / "other"
    for path in sorted((p for p in rules.rglob("*") if p.is_file()), reverse=True):
        target = other / path.relative_to(rules)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    assert load(other).digest == load(rules).digest
