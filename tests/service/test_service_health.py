"""Health says in a sentence what a person should see to."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from servers.ground import wait_for

from plugin.model import Place
from plugin.rulebook import Rulebook
from plugin.rulebook.rulebook import Away
from plugin.service.health import of_groups
from plugin.service.housekeeping import Housekeeping
from plugin.service.run import Running
from plugin.settings import Secret, Settings
from plugin.store import open_store

NOON = datetime(2026, 12, 22, 12, tzinfo=UTC)
LATE = datetime(2026, 12, 23, 23, 30, tzinfo=UTC)  # past midnight in Madrid


def away(rulebook: Rulebook, *groups: str) -> Rulebook:
    gone = (Away(Place("away.yaml", 3), date(2026, 12, 22), date(2026, 12, 23), group=group) for group in groups)
    return replace(rulebook, away=tuple(gone))


def test_a_group_that_somebody_stands_in_for_is_well(rulebook: Rulebook) -> None:
    assert of_groups(rulebook, NOON).state == "ok"
    assert of_groups(away(rulebook, "billing", "security"), NOON).state == "ok"


def test_groups_that_nobody_is_left_for_are_named_until_somebody_is_back(rulebook: Rulebook) -> None:
    lost = away(rulebook, "billing", "first-line")
    part = of_groups(lost, NOON)
    assert (part.name, part.state) == ("groups", "warning")
    said = "Everybody is away today who could take what comes for first-line, billing; it goes to first-line and waits."
    assert part.reason.startswith(said)
    assert of_groups(lost, LATE).state == "ok"


def test_a_second_worker_on_one_sqlite_file_does_not_work_and_says_why(tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path, database_url=Secret(f"sqlite:///{tmp_path}/antesala.db")))
    working: list[bool] = []

    def work(stop: threading.Event) -> None:
        with Housekeeping(store, frozenset()).alone():
            working.append(True)
            stop.wait()

    second, stop = Running("worker", work), threading.Event()
    thread = threading.Thread(target=second.keep, args=(stop,))
    with Housekeeping(store, frozenset()).alone():
        thread.start()
        wait_for(lambda: second.failure)
        part = second.part()
        assert part is not None
        assert part.state == "failing"
        assert "Another worker uses" in part.reason
        assert "for more use PostgreSQL" in part.reason
        assert working == []
    wait_for(lambda: working)  # the first one is gone: its place is taken
    assert second.part() is None
    stop.set()
    thread.join(10)
    store.close()
