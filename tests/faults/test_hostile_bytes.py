"""150 mails that are meant to hurt: each is decided or set aside in half a minute, and stops nothing behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256

import pytest
import sqlalchemy as sa
from hostile import mails
from house import House, mail
from servers.ground import wait_for

from plugin.store.tables import inbound, job

pytestmark = [pytest.mark.server, pytest.mark.timeout(1200)]
WORST = ("structures-0", "structures-4", "headers-31", "ids-5")
SECONDS = re.compile(r"kind=triage .*?\bseconds=([\d.]+)")


def test_every_one_is_decided_or_set_aside(build: Callable[..., House], tmp_path: object) -> None:
    house = build(f"sqlite:///{tmp_path}/antesala.db")
    made = dict(mails())
    assert len(made) >= 150
    receipts = {name: house.accept(raw) for name, raw in made.items()}
    kept = {name: receipt.inbound_id for name, receipt in receipts.items()}
    good = house.accept(mail(1)).inbound_id
    house.start()
    wait_for(house.settled, 1000, house.states)
    with house.store.engine.connect() as conn:
        digests = {row.id: row.digest for row in conn.execute(sa.select(inbound.c.id, inbound.c.digest))}
        triaged = {r.inbound_id: r for r in conn.execute(sa.select(job).where(job.c.kind == "triage"))}
    for name, raw in made.items():
        stored, found = house.store.inbound(kept[name]), triaged[kept[name]]
        assert stored is not None
        assert stored.raw is not None
        assert sha256(stored.raw).hexdigest() == digests[kept[name]], name
        if receipts[name].new:  # cut within the header it is the same mail as another one
            assert stored.raw == raw, name
        assert found.state in ("done", "dead"), name
        assert found.attempts <= 3, name
    aside = sorted(f"{name} {triaged[i].error}" for name, i in kept.items() if triaged[i].state == "dead")
    assert len(aside) <= 5, f"set aside although a reader with limits should cope: {aside}"
    assert house.store.decision(good) is not None
    log = (house.home / "processes.log").read_text()
    seconds = [float(found) for found in SECONDS.findall(log)]
    assert len(seconds) >= len(triaged), "each try says how long it took"
    assert max(seconds) <= 30, "one try may take ten seconds, or thirty where others use the processor too"


def test_a_good_mail_behind_the_worst_does_not_wait(build: Callable[..., House], tmp_path: object) -> None:
    house = build(f"sqlite:///{tmp_path}/antesala.db")
    for name, raw in mails():
        if name in WORST:
            house.accept(raw)
    good = house.accept(mail(1)).inbound_id
    house.start()
    wait_for(lambda: house.store.decision(good) is not None, message="it waits behind others")
