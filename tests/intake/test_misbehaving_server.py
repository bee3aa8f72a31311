"""Servers and lines that do what the protocol does not allow, or allows and nobody expects."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from in_memory import At, Memory, mail, running, until_subjects
from servers.fake_imap import Connection, FakeImap
from servers.ground import wait_for

from plugin.intake import backoff, reading, session, wire
from plugin.settings import ImapMailbox, Secret


def box(server: FakeImap, **more: object) -> ImapMailbox:
    values: dict[str, object] = {"name": "box", "host": "127.0.0.1", "port": server.port, "user": "u", "tls": "none"}
    return ImapMailbox(**{**values, "password": Secret("p"), "idle": 30, "poll": 1, **more})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of seconds instead of minutes."""
    monkeypatch.setattr(wire, "READ", 1.0)
    monkeypatch.setattr(wire, "CONNECT", 1.0)
    monkeypatch.setattr(session, "_COMMAND", 2.0)
    monkeypatch.setattr(backoff, "_FIRST", 0.05)


def once(first: Callable[[Connection], None], then: Callable[[Connection], None]) -> Callable[[Connection], None]:
    """An answer for the first time, and another for all later ones."""
    done = threading.Event()

    def answer(connection: Connection) -> None:
        if done.is_set():
            then(connection)
        else:
            done.set()
            first(connection)

    return answer


def test_an_ordinary_exchange() -> None:
    memory = Memory()
    with FakeImap({4: mail("four"), 9: mail("nine")}) as server, running(box(server), memory) as loop:
        until_subjects(memory, "four", "nine")
        wait_for(lambda: loop.state.looked_at)
        assert memory.cursors["box"] == At(1, 9)
        assert not any("UNSEEN" in line for line in server.commands)
        assert all("BODY.PEEK[" in line for line in server.commands if "BODY" in line)
    assert memory.order[0].received_at.isoformat() == "2026-11-17T09:24:00+00:00"


def test_t1_a_connection_closed_while_idle_is_no_busy_loop() -> None:
    def close(connection: Connection) -> None:
        connection.send("+ idling\r\n")
        connection.close()

    memory = Memory()
    with FakeImap({1: mail("one")}) as server:
        server.answers["IDLE"] = once(close, server._idle)
        used = time.process_time()
        with running(box(server), memory):
            until_subjects(memory, "one")
            wait_for(lambda: server.connections == 2)
            server.mails[2] = mail("two")
            time.sleep(1)
        assert time.process_time() - used < 0.9


def test_t2_mail_announced_in_one_segment_with_the_go_ahead() -> None:
    def announce(connection: Connection) -> None:
        server.mails[2] = mail("two")
        connection.send("+ idling\r\n* 2 EXISTS\r\n")
        connection.read_line()
        connection.ok()

    memory = Memory()
    with FakeImap({1: mail("one")}) as server:
        server.answers["IDLE"] = once(announce, server._idle)
        with running(box(server), memory):
            until_subjects(memory, "one", "two")
        assert server.connections == 1


def test_t3_mail_announced_before_the_go_ahead() -> None:
    def announce(connection: Connection) -> None:
        server.mails[2] = mail("two")
        connection.send("* 2 EXISTS\r\n")
        time.sleep(0.1)
        connection.send("+ idling\r\n")
        connection.read_line()
        connection.ok()

    memory = Memory()
    with FakeImap({1: mail("one")}) as server:
        server.answers["IDLE"] = once(announce, server._idle)
        with running(box(server), memory):
            until_subjects(memory, "one", "two")
        assert server.connections == 1


def test_t4_a_server_that_never_ends_idle() -> None:
    def hang(connection: Connection) -> None:
        connection.send("+ idling\r\n* 1 EXISTS\r\n")
        connection.hang()

    memory = Memory()
    with FakeImap({1: mail("one")}) as server:
        server.answers["IDLE"] = once(hang, server._idle)
        with running(box(server), memory) as loop:
            wait_for(lambda: "no answer in time" in loop.state.error)
            wait_for(lambda: server.connections == 2 and loop.state.connected)


def test_mail_announced_only_by_the_answer_to_done() -> None:
    def late(connection: Connection) -> None:
        connection.send("+ idling\r\n")
        connection.read_line()
        server.mails[2] = mail("two")
        connection.send("* 2 EXISTS\r\n")
        connection.ok()

    memory = Memory()
    with FakeImap({1: mail("one")}) as server:
        server.answers["IDLE"] = once(late, server._idle)
        with running(box(server, idle=1), memory):
            until_subjects(memory, "one", "two")


def test_idle_refused() -> None:
    memory = Memory()
    with FakeImap({1: mail("one")}) as server:
        server.answers["IDLE"] = lambda c: c.send(f"{c.tag} NO not now\r\n")
        with running(box(server), memory) as loop:
            wait_for(lambda: loop.state.error)
            server.mails[2] = mail("two")
            until_subjects(memory, "one", "two")


def test_a_server_that_drips() -> None:
    def drip(connection: Connection) -> None:
        for _ in range(200):
            connection.send("x")
            time.sleep(0.1)

    memory = Memory()
    with FakeImap({1: mail("one")}) as server:
        server.answers["SEARCH"] = once(drip, server._search)
        with running(box(server), memory) as loop:
            wait_for(lambda: "no answer in time" in loop.state.error)
            until_subjects(memory, "one")


def test_a_greeting_that_drips_can_be_stopped() -> None:
    with FakeImap(greeting=b"") as server, running(box(server), Memory()) as loop:
        wait_for(lambda: "no answer in time" in loop.state.error)


@pytest.mark.parametrize(
    "greeting",
    [b"* BYE not today\r\n", b"* 1 FETCH (UID 5 BODY[] {10}\r\n", b"\x00\xff garbage\r\n", b"HTTP/1.1 400 Bad\r\n\r\n"],
)
def test_greetings_that_are_none(greeting: bytes) -> None:
    memory = Memory()
    with FakeImap({1: mail("one")}, greeting=greeting) as server, running(box(server), memory) as loop:
        wait_for(lambda: loop.state.error)
        server.greeting = b"* OK ready\r\n"
        until_subjects(memory, "one")


def test_a_status_without_text() -> None:
    memory = Memory()
    with FakeImap({1: mail("one")}) as server:
        server.answers["STORE"] = lambda c: c.send(f"{c.tag} OK\r\n")
        with running(box(server), memory) as loop:
            wait_for(lambda: loop.state.looked_at)
            assert memory.subjects == ["one"]
            assert not loop.state.error


def test_the_size_was_a_lie() -> None:
    def flood(connection: Connection) -> None:
        if 2 not in server.uids(connection):
            server._fetch_body(connection)
            return
        connection.send("* 2 FETCH (UID 2 BODY[] {50000000}\r\n")
        for _ in range(50):
            connection.send(b"x" * 1_000_000)

    memory = Memory()
    with FakeImap({1: mail("one"), 2: mail("two"), 3: mail("three")}) as server:
        server.answers["FETCH BODY"] = flood
        with running(box(server), memory) as loop:
            wait_for(lambda: len(memory.mails) == 3)
            wait_for(lambda: loop.state.connected and not loop.state.stuck)
    oversized = [arrival.raw for arrival in memory.mails.values() if arrival.raw.startswith(b"X-Antesala-Oversized")]
    assert [b"Subject: two" in raw for raw in oversized] == [True]
    assert sorted(memory.subjects) == ["one", "three", "two"]


def test_a_connection_cut_in_the_middle_of_a_mail() -> None:
    def cut(connection: Connection) -> None:
        raw = server.mails[1]
        connection.send(f"* 1 FETCH (UID 1 BODY[] {{{len(raw)}}}\r\n".encode() + raw[: len(raw) * 6 // 10])
        connection.close()

    memory = Memory()
    with FakeImap({1: mail("one"), 2: mail("two")}) as server:
        server.answers["FETCH BODY"] = once(cut, server._fetch_body)
        with running(box(server), memory):
            until_subjects(memory, "one", "two")
    assert [arrival.raw for arrival in memory.order] == [mail("one"), mail("two")]


def test_a_mail_at_which_the_server_always_breaks() -> None:
    def breaks(connection: Connection) -> None:
        if 2 in server.uids(connection):
            connection.close()
        server._fetch_body(connection)

    memory = Memory()
    with FakeImap({1: mail("one"), 2: mail("two"), 3: mail("three")}) as server:
        server.answers["FETCH BODY"] = breaks
        with running(box(server), memory) as loop:
            wait_for(lambda: set(memory.subjects) == {"one", "three"})
            wait_for(lambda: loop.state.connected and loop.state.stuck == ("2",))
            assert memory.cursors["box"].last_uid == 1
        del server.answers["FETCH BODY"]
        with running(box(server), memory):
            wait_for(lambda: set(memory.subjects) == {"one", "two", "three"})


@pytest.mark.parametrize(
    "answer",
    [
        "* 2 FETCH (UID 2 BODY[] NIL)\r\n",
        "* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n",
        "* 2 FETCH (UID 2 BODY[] (broken\r\n",
        "",
    ],
    ids=["NIL", "pushed flags alone", "malformed", "nothing"],
)
def test_a_mail_without_its_text_stops_no_other(answer: str) -> None:
    def spoil(connection: Connection) -> None:
        for uid in server.uids(connection):
            if uid == 2:
                connection.send(answer)
            else:
                server.send_body(connection, uid)
        connection.ok()

    memory = Memory()
    with FakeImap({1: mail("one"), 2: mail("two"), 3: mail("three")}) as server:
        server.answers["FETCH BODY"] = spoil
        with running(box(server), memory) as loop:
            wait_for(lambda: set(memory.subjects) == {"one", "three"})
            wait_for(lambda: loop.state.stuck == ("2",))
            assert loop.state.connected


def test_a_mail_that_went_away_between_search_and_fetch() -> None:
    memory = Memory()
    with FakeImap({1: mail("one"), 2: mail("two")}) as server:

        def sizes(connection: Connection) -> None:
            server.mails.pop(1, None)
            server._fetch(connection)

        server.answers["FETCH"] = sizes
        with running(box(server), memory) as loop:
            until_subjects(memory, "two")
            wait_for(lambda: loop.state.looked_at)
            assert loop.state.stuck == ()


def test_a_search_that_names_the_last_mail_again() -> None:
    memory = Memory(cursors={"box": At(1, 7)})
    with FakeImap({7: mail("seven")}) as server, running(box(server, idle=1), memory) as loop:
        wait_for(lambda: loop.state.looked_at)
        time.sleep(1.5)
        assert memory.order == []


def test_a_large_folder_is_searched_in_parts() -> None:
    memory = Memory()
    with FakeImap({1: mail("one"), 45_000: mail("later"), 60_001: mail("last")}) as server:

        def select(connection: Connection) -> None:
            connection.send("* 60001 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 60002] x\r\n")
            connection.ok()

        def search(connection: Connection) -> None:
            low, high = connection.line.split()[-1].split(":")
            found = [uid for uid in server.mails if int(low) <= uid <= (10**9 if high == "*" else int(high))]
            connection.send("* SEARCH " + " ".join(map(str, found)) + "\r\n")
            connection.ok()

        server.answers.update(SELECT=select, SEARCH=search)
        with running(box(server), memory):
            until_subjects(memory, "one", "later", "last")
        assert len([line for line in server.commands if "SEARCH" in line]) >= 4


def test_uidvalidity_changes_between_connections() -> None:
    memory = Memory()
    with FakeImap({5: mail("one"), 6: mail("two")}) as server:
        server.answers["IDLE"] = lambda connection: connection.close()
        with running(box(server), memory):
            until_subjects(memory, "one", "two")
            server.uidvalidity, server.mails = 2, {1: mail("one"), 2: mail("two"), 3: mail("three")}
            until_subjects(memory, "one", "two", "three")
            wait_for(lambda: memory.cursors["box"] == At(2, 3))


def test_marking_refused_stops_nothing() -> None:
    memory = Memory()
    with FakeImap({1: mail("one")}) as server:
        server.answers["STORE"] = lambda c: c.send(f"{c.tag} NO [NOPERM] read-only\r\n")
        with running(box(server, mark="seen", idle=1), memory) as loop:
            wait_for(lambda: "cannot be marked" in loop.state.error)
            assert loop.state.connected
            server.mails[2] = mail("two")
            until_subjects(memory, "one", "two")
            assert len(memory.order) == 2


def test_marked_only_after_it_is_stored() -> None:
    memory = Memory()
    seen: list[int] = []
    with FakeImap({1: mail("one"), 2: mail("two")}) as server:

        def store(connection: Connection) -> None:
            seen.append(len(memory.mails))
            connection.ok()

        server.answers["STORE"] = store
        with running(box(server), memory) as loop:
            wait_for(lambda: loop.state.looked_at)
    assert seen == [2]


def test_exchange_asks_for_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeImap() as server:
        server.answers["LOGIN"] = lambda c: c.send(
            f"{c.tag} NO Request is throttled. Suggested Backoff Time: 299000 milliseconds\r\n"
        )
        with running(box(server), Memory()) as loop:
            wait_for(lambda: loop.state.error)
            time.sleep(0.5)
            assert server.connections == 1
            assert not loop.state.needs_attention


def test_refused_log_ins_do_not_lock_the_account() -> None:
    hour, tries, waits = 3600.0, 0, backoff.Backoff()
    while hour > 0:
        tries += 1
        hour -= waits.failed(lasting=True)
    assert tries <= 10


def test_lost_connections_are_tried_soon_and_then_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "_FIRST", 1.0)
    waits = backoff.Backoff()
    lengths = [waits.failed() for _ in range(12)]
    assert 0.7 <= lengths[0] <= 1
    assert all(length <= 60 for length in lengths)
    assert lengths[-1] >= 40
    waits.succeeded()
    assert waits.failed() <= 1


def test_one_mailbox_that_fails_does_not_hold_up_another() -> None:
    from plugin.intake.run import Intake
    from plugin.settings import Settings

    memory = Memory()
    with FakeImap(greeting=b"") as silent, FakeImap({1: mail("one")}) as good:
        intake = Intake(Settings(mailboxes=(box(silent, name="silent"), box(good, name="good"))), memory)
        intake.start()
        until_subjects(memory, "one")
        assert [state.name for state in intake.states()] == ["silent", "good"]
        assert intake.stop()


def test_no_customer_text_in_states_and_logs(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    private = mail("one", "mi IBAN es ES9121000418450200051332")
    with FakeImap({1: private}) as server:
        server.answers["FETCH BODY"] = lambda c: c.send(b"mi IBAN es ES9121000418450200051332\r\n")
        with running(box(server, password=Secret("hunter2")), Memory()) as loop:
            wait_for(lambda: loop.state.error)
            state = repr(loop.state)
    out = capsys.readouterr()
    for text in (state, out.out, out.err, caplog.text):
        assert "IBAN" not in text
        assert "hunter2" not in text


def test_stuck_mails_are_tried_again_after_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    progress = reading.Progress(last=9, stuck={4: 3, 5: 1, 12: 0})
    assert progress.due() == [5]
    monkeypatch.setattr(progress, "swept", time.monotonic() - 3601)
    assert progress.due() == [4, 5]
