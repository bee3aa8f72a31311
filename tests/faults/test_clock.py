"""A clock that jumps while work goes on: nothing is sent again, nothing is stuck."""

from __future__ import annotations

import glob
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from house import House, mail
from servers.ground import wait_for
from servers.smtp import SmtpServer

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]


class Clock:
    """The worker's own time, ahead of or behind the real one; the monotonic clock is left alone."""

    def __init__(self, path: Path) -> None:
        self.file = path / "faketime"
        found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        if not found:
            raise RuntimeError("libfaketime is missing: `make test` as root installs the Debian package faketime")
        self.environment = {
            "LD_PRELOAD": found[0],
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_RESET": "1",
        }
        self.jump("+0")

    def jump(self, offset: str) -> None:
        draft = self.file.with_suffix(".new")
        draft.write_text(offset)
        draft.rename(self.file)


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(tmp_path)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)  # for the processes that the house starts, not for this one
    return made


@pytest.mark.parametrize("jumps", [("+1h", "-1h"), ("-1h", "+1h"), ("+1d", "-1d"), ("-1d", "+0")], ids="/".join)
def test_a_clock_that_jumps_repeats_nothing_and_leaves_nothing(
    build: Callable[..., House], tmp_path: Path, clock: Clock, jumps: tuple[str, str]
) -> None:
    house = build(f"sqlite:///{tmp_path}/antesala.db")
    house.start()
    for number, offset in enumerate(("+0", *jumps)):
        clock.jump(offset)
        for each in range(3):
            house.accept(mail(10 * number + each))
        time.sleep(1.5)
    wait_for(house.settled, message=house.states)
    assert house.decisions() == 9
    assert set(house.sent().values()) == {1}
    # What was sent just when the clock jumped may be in doubt; what was decided a day after it came is not answered.
    assert len(set(house.sent()) | house.doubtful()) + house.too_late() == 9
    assert house.too_late() <= 3


def test_what_waits_for_another_try_does_not_wait_for_the_clock_to_come_round(
    build: Callable[..., House], tmp_path: Path, clock: Clock, smtp: SmtpServer
) -> None:
    house = build(f"sqlite:///{tmp_path}/antesala.db")
    smtp.faults["rcpt"] = "450 4.2.0 later"
    house.accept(mail(1))
    house.start()
    wait_for(lambda: house.states()["reply", "ready"] == 1 and smtp.connections >= 2)
    clock.jump("-1h")
    smtp.faults.clear()
    wait_for(house.settled, message=house.states)
    assert list(house.sent().values()) == [1]
