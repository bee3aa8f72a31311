"""The rulebook in force: changed only by a complete, good new one."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest

from plugin.model import Place
from plugin.rulebook import Problem, RulebookError, load
from plugin.rulebook.live import PATIENCE, QUIET, Live
from tests.rulebook.making import HERE


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "good", tmp_path / "rules"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live(rules: Path, clock: Clock) -> Live:
    return Live(lambda: load(rules), rules, clock=clock)


def settle(live: Live, clock: Clock, seconds: float = QUIET) -> bool | None:
    """Look, wait, look again: what a loop does."""
    first = live.refresh()
    clock.now += seconds
    return first if first is not None else live.refresh()


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


NEW_RULE = "  - {id: new, description: New., when: {has: link}, then: {group: billing}}\n"


def test_nothing_happens_without_a_change(live: Live, clock: Clock) -> None:
    before = live.current
    assert settle(live, clock, 60) is None
    assert live.current is before


def test_a_change_goes_into_force_once_the_files_rest(live: Live, rules: Path, clock: Clock) -> None:
    before = live.current.digest
    add(rules / "routes.yaml", NEW_RULE)
    assert live.refresh() is None, "not while somebody may still be writing"
    clock.now += QUIET
    assert live.refresh() is True
    assert live.current.digest != before
    assert [rule.id for rule in live.current.routes] == ["large-sums", "new"]


def test_a_broken_change_keeps_the_last_good_one_and_says_why(live: Live, rules: Path, clock: Clock) -> None:
    before = live.current
    add(rules / "routes.yaml", "  - {id: broken}\n")
    assert settle(live, clock) is False
    assert live.current is before
    assert live.problems[0].code == "missing-key"
    assert settle(live, clock, 60) is None, "the same broken files are not read again and again"
    shutil.copy(HERE / "good" / "routes.yaml", rules / "routes.yaml")
    assert settle(live, clock) is True
    assert live.problems == ()


def test_a_half_written_file_does_not_go_into_force(live: Live, rules: Path, clock: Clock) -> None:
    """Half a file may well be valid YAML."""
    before = live.current
    whole = (rules / "routes.yaml").read_text("utf-8") + NEW_RULE * 1
    (rules / "routes.yaml").write_text(whole[: whole.index("priority: high") - 2] + "}", "utf-8")
    assert settle(live, clock) is None
    assert settle(live, clock, 5 * QUIET) is None
    assert live.current is before
    (rules / "routes.yaml").write_text(whole, "utf-8")
    assert settle(live, clock) is True
    assert live.current.routes[0].then.priority == "high"


def test_a_file_without_a_last_line_break_goes_into_force_a_little_later(live: Live, rules: Path, clock: Clock) -> None:
    add(rules / "routes.yaml", NEW_RULE.rstrip())
    assert settle(live, clock) is None
    clock.now += PATIENCE
    assert live.refresh() is True


@pytest.mark.parametrize("what", ["gone", "fifo", "folder", "link outside", "unreadable link", "empty"])
def test_odd_files_keep_the_last_good_one_and_nothing_hangs(live: Live, rules: Path, clock: Clock, what: str) -> None:
    before, path = live.current, rules / "groups.yaml"
    path.unlink()
    match what:
        case "fifo":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "link outside":
            path.symlink_to("/etc/passwd")
        case "unreadable link":
            path.symlink_to(rules / "nowhere")
        case "empty":
            path.write_text("\n")
    assert settle(live, clock) is False
    assert live.current is before
    assert live.problems


def test_a_rulebook_that_fails_its_own_tests_is_refused(rules: Path, clock: Clock) -> None:
    failure = Problem(Place("tests/a.yaml", 3), "error", "failed-case", "the case 'a' fails")
    live = Live(lambda: load(rules), rules, clock=clock, try_out=lambda book: [failure] if len(book.routes) > 1 else [])
    add(rules / "routes.yaml", NEW_RULE)
    assert settle(live, clock) is False
    assert live.problems == (failure,)
    assert len(live.current.routes) == 1


def test_a_broken_rulebook_is_refused_at_start(rules: Path) -> None:
    (rules / "desk.yaml").unlink()
    with pytest.raises(RulebookError):
        Live(lambda: load(rules), rules)


def test_readers_see_whole_rulebooks_while_it_is_reloaded(rules: Path) -> None:
    """Each rulebook says its digest and its routes; the two must always belong together."""
    texts = [(rules / "routes.yaml").read_text("utf-8"), (rules / "routes.yaml").read_text("utf-8") + NEW_RULE]
    live = Live(lambda: load(rules), rules)
    wanted = {}
    for text in texts:
        (rules / "routes.yaml").write_text(text, "utf-8")
        live.reload()
        wanted[live.current.digest] = len(live.current.routes)
    seen, stop = set(), threading.Event()

    def look() -> None:
        while not stop.is_set():
            book = live()
            seen.add((book.digest, len(book.routes)))

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(8):
        (rules / "routes.yaml").write_text(texts[turn % 2], "utf-8")
        assert live.reload()
    stop.set()
    for reader in readers:
        reader.join()
    assert seen == set(wanted.items())
