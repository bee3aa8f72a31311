"""The child process that reads mail: same results, and a dead, slow or greedy child costs one mail only."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from servers.ground import alive, wait_for

from plugin.understand.mail import read_mail
from plugin.understand.sandbox import ParseFailed, Sandbox

ARRIVED = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
MAILS = sorted((Path(__file__).resolve().parent.parent / "mails").glob("*.eml"))
MAIL = b"From: Ana <ana@casa.example>\nSubject: Calendario\n\nNo sincroniza.\n"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=20) as box:
        yield box


def child(box: Sandbox) -> int:
    assert box._child.pid is not None
    return box._child.pid


def test_a_message_is_the_same_as_without_it(sandbox: Sandbox) -> None:
    for path in MAILS:
        raw = path.read_bytes()
        assert sandbox.read_mail(raw, ARRIVED) == read_mail(raw, ARRIVED)


def test_one_child_reads_many_mails(sandbox: Sandbox) -> None:
    sandbox.read_mail(MAIL, ARRIVED)
    first = child(sandbox)
    sandbox.read_mail(MAIL, ARRIVED)
    assert child(sandbox) == first


def test_a_killed_child_is_replaced(sandbox: Sandbox) -> None:
    sandbox.read_mail(MAIL, ARRIVED)
    first = child(sandbox)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not alive(first))
    assert sandbox.read_mail(MAIL, ARRIVED).subject == "Calendario"
    assert child(sandbox) != first


def test_a_child_killed_while_it_reads_fails_that_mail_only(sandbox: Sandbox) -> None:
    sandbox.read_mail(MAIL, ARRIVED)
    os.kill(child(sandbox), signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (child(sandbox), signal.SIGKILL)).start()
    with pytest.raises(ParseFailed, match=r"signal 9|failed"):
        sandbox.read_mail(MAIL, ARRIVED)
    assert sandbox.read_mail(MAIL, ARRIVED).subject == "Calendario"


def test_a_child_that_takes_too_long_is_killed() -> None:
    with Sandbox(seconds=1) as box:
        box.read_mail(MAIL, ARRIVED)
        stuck = child(box)
        os.kill(stuck, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(ParseFailed, match="too long"):
            box.read_mail(MAIL, ARRIVED)
        assert time.monotonic() - began < 60
        with pytest.raises(ProcessLookupError):
            os.kill(stuck, 0)
        assert box.read_mail(MAIL, ARRIVED).subject == "Calendario"


def test_a_child_has_no_more_memory_than_it_may_have() -> None:
    with Sandbox(memory=220 * 1024 * 1024) as box:
        box.read_mail(MAIL, ARRIVED)
        with pytest.raises(ParseFailed):
            box.read_mail(MAIL + b"x" * 300_000_000, ARRIVED)
        assert box.read_mail(MAIL, ARRIVED).subject == "Calendario"


def test_failures_hold_nothing_of_the_mail(sandbox: Sandbox) -> None:
    sandbox.read_mail(MAIL, ARRIVED)
    os.kill(child(sandbox), signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (child(sandbox), signal.SIGKILL)).start()
    with pytest.raises(ParseFailed) as caught:
        sandbox.read_mail(MAIL, ARRIVED)
    assert "sincroniza" not in str(caught.value)
    assert "ana@" not in str(caught.value)


def test_threads_take_turns(sandbox: Sandbox) -> None:
    seen: list[str] = []

    def read(number: int) -> None:
        for turn in range(20):
            raw = MAIL.replace(b"Calendario", b"n%d.%d" % (number, turn))
            seen.append(sandbox.read_mail(raw, ARRIVED).subject)
            assert f"n{number}.{turn}" in seen

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == sorted(f"n{number}.{turn}" for number in range(4) for turn in range(20))


def test_closing_ends_the_child() -> None:
    box = Sandbox()
    box.read_mail(MAIL, ARRIVED)
    pid = child(box)
    box.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
