"""Deadlines survive what every job survives: SIGKILL right before and right after the commit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from house import House, mail
from servers.ground import alive, wait_for
from servers.pack import small_pack
from servers.smtp import SmtpServer

from plugin.store.tables import job, request

pytestmark = pytest.mark.server


@pytest.fixture(scope="session")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rules that remind after a second and hand over after another; always open."""
    folder = small_pack(tmp_path_factory.mktemp("hasty"), caps=1_000_000)
    desk = folder / "desk.yaml"
    text = desk.read_text("utf-8")
    for old, new in (
        (r"hand_over_after: \d+", "remind_after: 0.0003\n  hand_over_after: 0.0003"),
        (r"\{days: mon-fri, open: \['08:00-20:00'\]\}", "{days: mon-sun, open: ['00:00-24:00']}"),
        (r"holidays: \[ES\]", "holidays: []"),
        (r"    - \{date: .*\n", ""),
        (r"  dates: .*\n", ""),
    ):
        text, found = re.subn(old, new, text)
        assert found, old
    desk.write_text(text, "utf-8")
    return folder


@pytest.fixture
def house(hasty: Path, database: str, smtp: SmtpServer) -> Iterator[House]:
    home = hasty.parent / f"house{len(list(hasty.parent.iterdir()))}"  # houses side by side share what was learned
    home.mkdir()
    built = House(home, database, hasty, smtp, lease=2.0)
    yield built
    built.close()


def handed_over(house: House) -> Callable[[], bool]:
    def look() -> bool:
        with house.store.engine.connect() as conn:
            return list(conn.execute(sa.select(request.c.state)).scalars()) == ["handed-over"]

    return look


def receipts(house: House) -> list[str]:
    """What came of the deadlines, in order."""
    with house.store.engine.connect() as conn:
        rows = conn.execute(sa.select(job.c.receipt).where(job.c.kind == "due").order_by(job.c.id))
        return [str(receipt) for receipt in rows.scalars()]


@pytest.mark.parametrize("seam", ["before-meet", "after-meet"])
def test_a_worker_dies_at_a_deadline(house: House, seam: str) -> None:
    house.accept(mail(1))
    dying = house.start(f"worker {seam}")
    wait_for(lambda: not alive(dying), message="it never came to the seam")
    house.start()
    wait_for(handed_over(house), message=house.states)
    wait_for(house.settled, message=house.states)
    assert receipts(house)[0] == "the customer is reminded"
    assert receipts(house)[1].startswith("handed over as incomplete")
    assert len(receipts(house)) == 2
    doubtful = len(house.store.failed())  # the thread that dies takes along the one that was sending
    assert sum(house.sent().values()) <= 2
    assert sum(house.sent().values()) + doubtful >= 2
    assert house.states()["reply", "done"] + house.states()["reply", "uncertain"] == 2
