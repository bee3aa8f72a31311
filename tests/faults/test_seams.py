"""A worker or an intake that dies by SIGKILL exactly where it hurts: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from house import House, mail
from servers.dovecot import PASSWORD, Dovecot
from servers.ground import alive, answers, free_port, wait_for
from storm import SECRET, ask, payload, ready, unmarked

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

# seam, mails that the customer may have when it is over: done once, or in doubt
WORKER_SEAMS = [
    ("after-claim", "done"),
    ("before-record", "done"),
    ("after-record", "done"),
    ("before-hand-over", "done"),
    ("after-hand-over", "done"),
    ("before-sending", "done"),
    ("after-sending", "doubt"),
    ("after-data", "doubt"),
]
WITH_REPLY = ("after-record", "before-hand-over", "after-hand-over")


def over(house: House) -> None:
    wait_for(house.settled, message=house.states)


@pytest.mark.parametrize(("seam", "outcome"), WORKER_SEAMS)
def test_a_worker_dies_at_a_seam(build: Callable[..., House], database: str, seam: str, outcome: str) -> None:
    house = build(database, lease=2.0)
    house.accept(mail(1))
    dying = house.start(f"worker {seam}")
    wait_for(lambda: not alive(dying), message="it never came to the seam")
    house.start()
    over(house)
    states = house.states()
    assert house.decisions() == 1
    assert states["desk", "done"] == 1
    assert states["triage", "done"] == 1
    in_doubt = states["reply", "uncertain"]
    assert states["reply", "done"] + in_doubt == 1
    assert in_doubt == 1 or outcome != "doubt"
    # The thread that dies takes the others along: once there is a reply, one of them may be sending it.
    assert in_doubt == 0 or outcome == "doubt" or seam in WITH_REPLY
    assert len(house.sent()) == 1 or in_doubt
    assert len(house.sent()) == (1 if seam == "after-data" else 0) or outcome != "doubt"
    assert [failed.state for failed in house.store.failed()] == ["uncertain"] * in_doubt
    if in_doubt:
        assert house.store.resolve(house.store.failed()[0].id, "sent" if house.sent() else "send")
        over(house)
    assert list(house.sent().values()) == [1]


@pytest.mark.parametrize("seam", ["before-accept", "after-accept"])
def test_an_intake_dies_around_the_commit(
    build: Callable[..., House], database: str, tmp_path: Path, seam: str
) -> None:
    house = build(database)
    for number in range(3):
        (tmp_path / f"{number}.eml").write_bytes(mail(number))
    dying = house.start(f"intake {seam} {tmp_path}")
    wait_for(lambda: not alive(dying))
    assert len(list(tmp_path.glob("*.done"))) == 0, "nothing may be marked"
    assert house.arrivals() == (1 if seam == "after-accept" else 0)
    living = house.start(f"intake - {tmp_path}")
    wait_for(lambda: not alive(living))
    assert house.arrivals() == 3
    assert len(list(tmp_path.glob("*.done"))) == 3


@pytest.mark.parametrize(
    ("database", "seam"),
    [
        ("sqlite", "after-accept"),
        ("sqlite", "before-flag"),
        ("postgresql", "before-flag"),
        ("sqlite", "after-flag"),
        ("sqlite", "after-advance"),
    ],
    indirect=["database"],
)
def test_a_mailbox_dies_between_the_commit_and_the_flag(
    build: Callable[..., House], database: str, dovecot: Dovecot, box: str, seam: str
) -> None:
    for number in range(3):
        dovecot.deliver(box, mail(number))
    url = f"imap://{box.replace('@', '%40')}:{PASSWORD}@localhost:{dovecot.imap}/INBOX"
    house = build(database, ANTESALA_MAILBOXES=url)
    dying = house.start(f"mailbox {seam}")
    wait_for(lambda: not alive(dying), message="it never came to the seam")
    flagged = 0 if seam in ("after-accept", "before-flag") else 3
    assert (house.arrivals(), 3 - len(unmarked(dovecot, box))) == (1 if seam == "after-accept" else 3, flagged)
    dovecot.deliver(box, mail(3))
    house.start("mailbox")
    wait_for(lambda: house.arrivals() >= 4 and not unmarked(dovecot, box))
    assert house.arrivals() == 4
    assert house.states() == {("triage", "ready"): 4}


@pytest.mark.parametrize(("seam", "kept"), [("before-accept", 0), ("before-answer", 1)])
def test_a_webhook_whose_answer_never_comes_is_sent_again(
    build: Callable[..., House], database: str, seam: str, kept: int
) -> None:
    port = free_port()
    house = build(database, ANTESALA_WEBHOOK_SECRETS=SECRET, ANTESALA_LISTEN_PORT=str(port))
    dying = house.start(f"web {seam}")
    wait_for(lambda: answers(port))
    assert ask(port, "msg_1", payload(1)) is None
    wait_for(lambda: not alive(dying))
    assert house.arrivals() == kept
    house.start("web")
    wait_for(lambda: ready(port))
    again = ask(port, "msg_1", payload(1))
    assert again is not None
    assert again["new"] is not bool(kept)
    assert house.arrivals() == 1
