"""Telling people through Apprise, over real HTTP and SMTP: once, and what is not clear is said to be unclear."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from threading import Thread

import pytest
from conversations.sink import Sink
from servers.ground import free_port, wait_for
from servers.smtp import SmtpServer

from plugin.act.notify import notify
from plugin.act.outcome import Outcome

TITLE, BODY = "Request 7 waits: refund", "Nobody of billing picked it up within 4 working hours."
SECRET = "hush-hush"


def tell(address: str) -> Outcome | None:
    return notify(address, TITLE, BODY, lambda: True)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as opened:
        yield opened


@pytest.fixture
def post() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def test_it_is_told_once(sink: Sink) -> None:
    assert tell(sink.address("night-shift")) == Outcome("done", receipt="told")
    assert sink.told == [f"night-shift: {TITLE}\n{BODY}"]


def test_where_the_job_is_lost_nobody_is_told(sink: Sink) -> None:
    assert notify(sink.address("night-shift"), TITLE, BODY, lambda: False) is None
    assert sink.told == []


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (400, "dead"),
        (401, "dead"),
        (403, "dead"),
        (404, "dead"),
        (410, "dead"),
        (429, "again"),
        (500, "again"),
        (503, "again"),
    ],
)
def test_an_answer_that_says_no(sink: Sink, status: int, state: str) -> None:
    sink.status = status
    outcome = tell(sink.address("night-shift"))
    assert outcome is not None
    assert (outcome.state, outcome.error) == (state, f"Http {status}")


def test_nobody_there_is_tried_again() -> None:
    assert tell(f"json://127.0.0.1:{free_port()}/x") == Outcome("again", error="NotifyUnreachable")


def test_a_line_cut_before_the_answer_is_unclear() -> None:
    """The whole request was read: it may have been told, so it is not told again by itself."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def cut() -> None:
            connection, _ = server.accept()
            with connection:
                read = b""
                while b"}" not in read:
                    read += connection.recv(65536)

        thread = Thread(target=cut, daemon=True)
        thread.start()
        outcome = tell(f"json://127.0.0.1:{server.getsockname()[1]}/x")
        thread.join(60)
    assert outcome == Outcome("uncertain", error="NotifyUnclear")


@pytest.mark.parametrize("address", ["", "nonsense", "nosuch://127.0.0.1/x", "json://"])
def test_an_address_that_cannot_be_read(address: str) -> None:
    assert tell(address) == Outcome("dead", error="NotifyAddressUnreadable")


def test_by_mail_it_says_that_a_machine_wrote_it(post: SmtpServer) -> None:
    address = f"mailto://127.0.0.1:{post.port}/?from=desk@desk.test&to=night@desk.test&format=text"
    assert tell(address) == Outcome("done", receipt="told")
    wait_for(lambda: post.mails)
    (taken,) = post.mails
    mail = message_from_bytes(taken.data, policy=default)
    assert taken.recipients == ["night@desk.test"]
    assert (mail["Subject"], mail["Auto-Submitted"]) == (TITLE, "auto-generated")
    assert BODY in mail.get_content()


def test_a_mail_that_is_refused_or_cut_off(post: SmtpServer) -> None:
    address = f"mailto://127.0.0.1:{post.port}/?from=desk@desk.test&to=night@desk.test"
    post.faults["dot"] = "cut"
    outcome = tell(address)
    assert outcome is not None
    assert outcome.state == "uncertain"


def test_nothing_of_the_address_gets_into_the_outcome_or_the_log(sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sink.status = 500
    before = logging.getLogger("apprise").level
    outcomes = [tell(sink.address(SECRET)), tell(f"json://user:{SECRET}@127.0.0.1:{free_port()}/")]
    assert SECRET not in repr(outcomes) + caplog.text
    assert logging.getLogger("apprise").level == before
