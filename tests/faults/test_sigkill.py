"""Random SIGKILLs while mail comes in: every mail is decided once, every answer is sent once or named as doubtful.

`make soak` runs the long form: 100 kills of each process kind, 2,000 mails.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from house import House, mail
from servers.ground import alive, wait_for

LONG = bool(os.environ.get("ANTESALA_SOAK"))
MAILS, KILLS, ENOUGH = (2000, 100, 1800.0) if LONG else (60, 8, 150.0)

pytestmark = [pytest.mark.server, pytest.mark.timeout(2 * ENOUGH)]


@pytest.mark.timeout(2 * ENOUGH)
def test_random_kills_lose_nothing_and_repeat_nothing(
    build: Callable[..., House], database: str, tmp_path: Path
) -> None:
    desk = {"ANTESALA_DESK": "gateway", "ANTESALA_GATEWAY_ADDRESSES": "*=desk@desk.example"}
    house = build(database, lease=3.0, **desk)
    house.smtp.on_mail = lambda _: time.sleep(0.02)  # the time in which a kill leaves doubt
    for number in range(MAILS):
        (tmp_path / f"{number:05}.eml").write_bytes(mail(number))
    chance = random.Random(20261121)
    start = {"worker": "worker", "intake": f"intake - {tmp_path}"}
    pids = {kind: house.start(words) for kind, words in start.items()}
    kills = dict.fromkeys(start, 0)
    while min(kills.values()) < KILLS or list(tmp_path.glob("*.eml")):
        kind = chance.choice([k for k in kills if kills[k] < KILLS] or ["intake"])
        time.sleep(chance.uniform(0.05, 0.4) if kind == "intake" else chance.uniform(0.3, 2.5))
        if kills[kind] < KILLS:
            house.kill(pids[kind])
            kills[kind] += 1
        if not alive(pids[kind]):
            pids[kind] = house.start(start[kind])
    wait_for(house.settled, ENOUGH, f"work is left: {house.states()}")
    _check(house, kills)


def _check(house: House, kills: dict[str, int]) -> None:
    states, sent, doubtful = house.states(), house.sent(), house.doubtful()
    said = f"{kills} {dict(states)} doubtful {len(doubtful)}"
    assert (house.arrivals(), house.decisions()) == (MAILS, MAILS), f"lost or doubled on the way in: {said}"
    assert states["triage", "done"] == MAILS, said
    ours = [taken for taken in house.smtp.mails if taken.recipients != ["desk@desk.example"]]
    assert len({tuple(taken.recipients) for taken in ours}) == len(ours), f"a customer was answered twice: {said}"
    # The desk gets the customer's mail with the customer's Message-ID, and a note with one of ours: each once.
    assert max(sent.values()) == 1, said
    for kind, least in (("reply", MAILS), ("gateway", 2 * MAILS)):
        jobs = sum(number for (of, _), number in states.items() if of == kind)
        assert states[kind, "done"] + states[kind, "uncertain"] == jobs >= least, said
    in_doubt = states["reply", "uncertain"] + states["gateway", "uncertain"]
    in_order = states["reply", "done"] + states["gateway", "done"]
    assert in_order <= len(house.smtp.mails) <= in_order + in_doubt, f"done was not sent: {said}"
    assert len(house.store.failed()) == in_doubt, f"doubt is not named: {said}"
    print(said)
