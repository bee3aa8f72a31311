"""A mailbox on a real IMAP server: log-in, push, marking, and what goes wrong in between."""

from __future__ import annotations

import imaplib
import os
import signal
import ssl
import time
from pathlib import Path

import pytest
from imapclient import IMAPClient
from in_memory import Memory, box, mail, running, subject, until_subjects
from servers.dovecot import PASSWORD, Dovecot
from servers.ground import certificate, wait_for

from plugin.intake.session import KEYWORD
from plugin.model import Arrival
from plugin.settings import Secret

pytestmark = pytest.mark.server


def client(server: Dovecot, address: str) -> IMAPClient:
    found = IMAPClient("127.0.0.1", server.imap, ssl=False, timeout=60)
    found.login(address, PASSWORD)
    return found


def flags(server: Dovecot, address: str, folder: str = "INBOX") -> dict[str, tuple[bytes, ...]]:
    """Flags by subject."""
    with client(server, address) as connection:
        connection.select_folder(folder, readonly=True)
        answer = connection.fetch(connection.search(["ALL"]), ["FLAGS", "BODY.PEEK[]"])
    return {subject(data[b"BODY[]"]): data[b"FLAGS"] for data in answer.values()}


@pytest.mark.parametrize("tls", ["tls", "starttls", "none"])
def test_takes_what_is_there_oldest_first(dovecot: Dovecot, address: str, tls: str) -> None:
    for text in ("first", "second", "third"):
        dovecot.deliver(address, mail(text))
    memory = Memory()
    port = dovecot.imaps if tls == "tls" else dovecot.imap
    with running(box(dovecot, address, tls=tls, port=port), memory) as loop:
        until_subjects(memory, "first", "second", "third")
        wait_for(lambda: loop.state.connected)
        assert loop.state.error == ""
        assert loop.state.taken == 3
    arrival = memory.order[0]
    assert arrival.raw.endswith(mail("first"))
    assert arrival.source == "mail"
    assert arrival.mailbox == f"{address}/INBOX"
    assert abs(arrival.received_at.timestamp() - time.time()) < 30


def test_a_new_mail_is_pushed(dovecot: Dovecot, address: str) -> None:
    memory = Memory()
    with running(box(dovecot, address, idle=1500), memory) as loop:  # so long it would not look by itself
        wait_for(lambda: loop.state.connected)
        dovecot.deliver(address, mail("pushed"))
        until_subjects(memory, "pushed")


def test_a_mail_that_comes_while_another_is_read_does_not_wait_for_the_next(dovecot: Dovecot, address: str) -> None:
    def meanwhile(arrival: Arrival) -> None:
        if subject(arrival.raw) == "first":
            dovecot.deliver(address, mail("second"))  # announced in the answer to the next command, before any IDLE

    memory = Memory(fail=meanwhile)
    with running(box(dovecot, address, idle=1500), memory) as loop:
        wait_for(lambda: loop.state.connected)
        dovecot.deliver(address, mail("first"))
        until_subjects(memory, "first", "second")


def test_a_server_without_idle_is_polled(dovecot: Dovecot, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name != "IDLE")
    memory = Memory()
    with running(box(dovecot, address, poll=1), memory) as loop:
        wait_for(lambda: loop.state.connected)
        dovecot.deliver(address, mail("polled"))
        until_subjects(memory, "polled")


def test_token_instead_of_a_password(dovecot: Dovecot, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = iter([dovecot.token(address, lifetime=-10), dovecot.token(address)])
    asked = []

    def token(oauth2: object, *, stale: str = "") -> str:
        asked.append(stale)
        return next(tokens)

    monkeypatch.setattr("plugin.intake.session.access_token", token)
    from plugin.settings import OAuth2

    dovecot.deliver(address, mail("by token"))
    memory = Memory()
    oauth2 = OAuth2("https://idp.desk.test/token", "id", Secret(""), Secret("refresh"))
    with running(box(dovecot, address, password=Secret(""), oauth2=oauth2), memory):
        until_subjects(memory, "by token")
    assert asked[0] == ""
    assert asked[1] != "", "the refused token has to be named, so that it is not given again"


def test_a_forged_token_is_refused(dovecot: Dovecot, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugin.intake.session.access_token", lambda *_, **__: dovecot.token(address, key=b"other"))
    from plugin.settings import OAuth2

    oauth2 = OAuth2("https://idp.desk.test/token", "id", Secret(""), Secret("refresh"))
    with running(box(dovecot, address, password=Secret(""), oauth2=oauth2), Memory()) as loop:
        wait_for(lambda: loop.state.needs_attention)
        assert "refused the log-in" in loop.state.error


def test_a_wrong_password_is_tried_once_a_minute(dovecot: Dovecot, address: str) -> None:
    log = dovecot.home / "dovecot.log"
    with running(box(dovecot, address, password=Secret("wr0ng-secret")), Memory()) as loop:
        wait_for(lambda: loop.state.needs_attention)
        time.sleep(2.5)
        assert log.read_text().count(f"user=<{address}>, method=PLAIN") <= 1
        assert "wr0ng-secret" not in repr(loop.state)
        assert not loop.state.connected


def test_a_password_beyond_ascii(dovecot: Dovecot, address: str) -> None:
    with running(box(dovecot, address, password=Secret("contraseña")), Memory()) as loop:
        wait_for(lambda: loop.state.error)
        assert "refused the log-in" in loop.state.error


def test_a_certificate_of_another_host_is_refused(dovecot: Dovecot, address: str, tmp_path: Path) -> None:
    dovecot.deliver(address, mail("secret"))
    memory = Memory()
    with running(box(dovecot, address, ca_file=""), memory) as loop:
        wait_for(lambda: loop.state.error)
        assert "certificate" in loop.state.error
        assert loop.state.needs_attention
    assert not memory.mails


@pytest.mark.parametrize(
    ("names", "days"), [("DNS:elsewhere.example", 10), ("DNS:localhost", -1)], ids=["host", "expired"]
)
def test_wrong_certificates(address: str, names: str, days: int, tmp_path: Path) -> None:
    with Dovecot() as server:
        certificate(server.home / "tls", names=names, days=days)
        server.admin("reload")
        new = (server.home / "tls" / "server.pem").read_text().split()
        wait_for(lambda: ssl.get_server_certificate(("127.0.0.1", server.imaps)).split() == new)
        memory = Memory()
        server.deliver(address, mail("secret"))
        for tls, port in (("tls", server.imaps), ("starttls", server.imap)):
            with running(box(server, address, tls=tls, port=port), memory) as loop:
                wait_for(lambda loop=loop: loop.state.error)
                assert "certificate" in loop.state.error
        assert not memory.mails


def test_marks_with_a_keyword_and_leaves_unread(dovecot: Dovecot, address: str) -> None:
    dovecot.deliver(address, mail("one"))
    memory = Memory()
    with running(box(dovecot, address), memory):
        until_subjects(memory, "one")
        wait_for(lambda: KEYWORD.encode() in flags(dovecot, address)["one"])
    assert b"\\Seen" not in flags(dovecot, address)["one"]


def test_marks_as_seen(dovecot: Dovecot, address: str) -> None:
    dovecot.deliver(address, mail("one"))
    with running(box(dovecot, address, mark="seen"), Memory()):
        wait_for(lambda: b"\\Seen" in flags(dovecot, address)["one"])


@pytest.mark.parametrize("capability", ["MOVE", "UIDPLUS only"])
def test_moves_and_leaves_others_deleted_mail_alone(
    dovecot: Dovecot, address: str, capability: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(address, mail("deleted by a person"))
    with client(dovecot, address) as connection:
        connection.select_folder("INBOX")
        connection.add_flags([1], [b"\\Deleted"])
        connection.add_flags([1], [KEYWORD.encode()])
    dovecot.deliver(address, mail("ours"))
    if capability != "MOVE":
        real = IMAPClient.has_capability
        monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name != "MOVE" and real(self, name))
    memory = Memory()
    with running(box(dovecot, address, mark="move:Eingang & Ärger/taken"), memory):
        until_subjects(memory, "ours")
        wait_for(lambda: list(flags(dovecot, address)) == ["deleted by a person"])
        assert list(flags(dovecot, address, "Eingang & Ärger/taken")) == ["ours"]


@pytest.mark.parametrize("folder", ['Support "Ä" &-x', "INBOX/日本語 {5}", "a\\b'c%", "x) (y"])
def test_odd_folder_names(dovecot: Dovecot, address: str, folder: str) -> None:
    with client(dovecot, address) as connection:
        connection.create_folder(folder)
        connection.append(folder, mail("odd"))
    memory = Memory()
    with running(box(dovecot, address, folder=folder, name=f"{address}/{folder}"), memory):
        until_subjects(memory, "odd")


@pytest.mark.parametrize("folder", ["Missing", "x\r\nA1 DELETE INBOX"])
def test_a_folder_that_is_not_there(dovecot: Dovecot, address: str, folder: str) -> None:
    dovecot.deliver(address, mail("stays"))
    with running(box(dovecot, address, folder=folder), Memory()) as loop:
        wait_for(lambda: loop.state.error)
        assert "folder cannot be opened" in loop.state.error
    assert list(flags(dovecot, address)) == ["stays"]


def test_seen_by_a_person_before_us(dovecot: Dovecot, address: str) -> None:
    dovecot.deliver(address, mail("read already"))
    with client(dovecot, address) as connection:
        connection.select_folder("INBOX")
        connection.add_flags([1], [b"\\Seen"])
    memory = Memory()
    with running(box(dovecot, address), memory):
        until_subjects(memory, "read already")


def test_goes_on_where_it_stopped(dovecot: Dovecot, address: str) -> None:
    memory = Memory()
    dovecot.deliver(address, mail("one"))
    with running(box(dovecot, address), memory):
        until_subjects(memory, "one")
        wait_for(lambda: memory.cursors)
    dovecot.deliver(address, mail("two"))
    with running(box(dovecot, address), memory):
        until_subjects(memory, "one", "two")
    assert len(memory.order) == 2, "nothing is fetched twice"


def test_a_first_start_leaves_out_what_an_earlier_installation_took(dovecot: Dovecot, address: str) -> None:
    dovecot.deliver(address, mail("taken long ago"))
    with running(box(dovecot, address), Memory()):
        wait_for(lambda: KEYWORD.encode() in flags(dovecot, address)["taken long ago"])
    dovecot.deliver(address, mail("new"))
    memory = Memory()
    with running(box(dovecot, address), memory):
        until_subjects(memory, "new")


def test_what_was_left_out_at_the_first_start_stays_out(dovecot: Dovecot, address: str) -> None:
    for text in ("first", "taken long ago"):
        dovecot.deliver(address, mail(text))
    with client(dovecot, address) as connection:
        connection.select_folder("INBOX")
        connection.add_flags(connection.search(["SUBJECT", "taken"]), [KEYWORD])
    memory = Memory()
    with running(box(dovecot, address), memory):
        until_subjects(memory, "first")
        dovecot.deliver(address, mail("new"))
        until_subjects(memory, "first", "new")


def test_another_uidvalidity_means_a_rescan_and_nothing_twice(dovecot: Dovecot, address: str) -> None:
    memory = Memory()
    for text in ("one", "two"):
        dovecot.deliver(address, mail(text))
    with running(box(dovecot, address), memory) as loop:
        until_subjects(memory, "one", "two")
        wait_for(lambda: loop.state.looked_at)
        dovecot.admin("mailbox", "update", "-u", address, "--uid-validity", "1900000000", "INBOX")
        dovecot.signal_sessions(signal.SIGTERM)
        dovecot.deliver(address, mail("three"))
        until_subjects(memory, "one", "two", "three")
        wait_for(lambda: memory.cursors[f"{address}/INBOX"].uidvalidity == 1900000000)


def test_a_folder_made_anew(dovecot: Dovecot, address: str) -> None:
    with client(dovecot, address) as connection:
        connection.create_folder("Work")
        for text in ("a", "b", "c"):
            connection.append("Work", mail(text))
        memory = Memory()
        mailbox = box(dovecot, address, folder="Work", name=f"{address}/Work")
        with running(mailbox, memory):
            until_subjects(memory, "a", "b", "c")
            wait_for(lambda: memory.cursors)
        old = memory.cursors[mailbox.name].uidvalidity
        connection.delete_folder("Work")
        connection.create_folder("Work")
        # the hard case: the new folder has the same number, so that only UIDNEXT tells
        dovecot.admin("mailbox", "update", "-u", address, "--uid-validity", str(old), "Work")
        connection.append("Work", mail("d"))
    with running(mailbox, memory):
        until_subjects(memory, "a", "b", "c", "d")


def test_a_server_that_is_killed_and_comes_back(address: str) -> None:
    with Dovecot() as server:
        memory = Memory()
        server.deliver(address, mail("before"))
        with running(box(server, address), memory) as loop:
            until_subjects(memory, "before")
            wait_for(lambda: loop.state.connected)
            server.kill()
            wait_for(lambda: not loop.state.connected)
            assert loop.state.error
            server.start()
            server.deliver(address, mail("after"))
            until_subjects(memory, "before", "after")
            wait_for(lambda: loop.state.connected and not loop.state.error)


def test_a_server_that_stands_still_is_noticed(address: str) -> None:
    with Dovecot() as server:
        memory = Memory()
        with running(box(server, address, idle=5), memory) as loop:
            wait_for(lambda: loop.state.looked_at)
            time.sleep(0.5)
            assert server.signal_sessions(signal.SIGSTOP)
            try:
                wait_for(lambda: not loop.state.connected)
                assert "no answer in time" in loop.state.error
            finally:
                server.signal_sessions(signal.SIGCONT)
            server.deliver(address, mail("awake"))
            until_subjects(memory, "awake")


def test_stopping_while_the_server_stands_still(address: str) -> None:
    with Dovecot() as server, running(box(server, address), Memory()) as loop:
        wait_for(lambda: loop.state.looked_at)
        server.signal_sessions(signal.SIGSTOP)
        # `running` holds that the loop ends within ten seconds


def test_nothing_is_marked_that_is_not_stored(dovecot: Dovecot, address: str) -> None:
    for text in ("good", "poison", "good too"):
        dovecot.deliver(address, mail(text))

    def fail(arrival: object) -> None:
        if b"Subject: poison" in arrival.raw:  # type: ignore[attr-defined]
            raise RuntimeError("no")

    memory = Memory(fail=fail)
    with running(box(dovecot, address), memory) as loop:
        until_subjects(memory, "good", "good too")
        wait_for(lambda: loop.state.stuck == ("2",))
        wait_for(lambda: KEYWORD.encode() in flags(dovecot, address)["good too"])
        assert KEYWORD.encode() not in flags(dovecot, address)["poison"]
        assert memory.cursors[f"{address}/INBOX"].last_uid == 1, "the cursor stays before it"
    memory.fail = lambda arrival: None
    with running(box(dovecot, address), memory):
        until_subjects(memory, "good", "good too", "poison")


def test_a_store_that_takes_nothing(dovecot: Dovecot, address: str) -> None:
    for number in range(5):
        dovecot.deliver(address, mail(f"m{number}"))

    def fail(_: object) -> None:
        raise RuntimeError("disk full")

    memory = Memory(fail=fail)
    with running(box(dovecot, address), memory) as loop:
        wait_for(lambda: "store takes no mail" in loop.state.error)
        assert not memory.cursors
        memory.fail = lambda arrival: None
        until_subjects(memory, "m0", "m1", "m2", "m3", "m4")
        wait_for(lambda: not loop.state.error and not loop.state.stuck)


def test_a_full_disk_pauses_the_mailbox(dovecot: Dovecot, address: str) -> None:
    dovecot.deliver(address, mail("waits"))
    memory = Memory(room=False)
    with running(box(dovecot, address), memory) as loop:
        wait_for(lambda: "disk is nearly full" in loop.state.error)
        assert not memory.order
        memory.room = True
        until_subjects(memory, "waits")


def test_of_a_mail_that_is_too_large_only_the_header_is_taken(dovecot: Dovecot, address: str) -> None:
    dovecot.deliver(address, mail("large", "x" * 70 * 1000 + "\r\n" * 10_000))
    dovecot.deliver(address, mail("small"))
    memory = Memory()
    with running(box(dovecot, address), memory, max_bytes=50_000):
        until_subjects(memory, "large", "small")
    raw = memory.order[0].raw
    assert raw.startswith(b"X-Antesala-Oversized: ")
    assert int(raw.split(b"\r\n")[0].split(b": ")[1]) > 70_000
    assert raw.endswith(b"\r\n\r\n")
    assert b"xxx" not in raw


def test_a_mailbox_with_thousands_of_mails(dovecot: Dovecot, address: str) -> None:
    user, domain = address.split("@")
    dovecot.deliver(address, mail("0"))
    new = dovecot.home / "mail" / domain / user / "Maildir" / "new"
    owner = new.stat()
    for number in range(1, 3000):
        path = new / f"{2_000_000_000 + number}.M{number}.host"
        path.write_bytes(mail(str(number)))
        os.chown(path, owner.st_uid, owner.st_gid)
    memory = Memory()
    with running(box(dovecot, address), memory) as loop:
        wait_for(lambda: len(memory.mails) == 3000)
        wait_for(lambda: loop.state.looked_at)
    assert memory.subjects == [str(number) for number in range(3000)]
    assert len(memory.order) == 3000


def test_no_clear_text_where_starttls_is_asked_for(
    dovecot: Dovecot, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name != "STARTTLS")
    sent: list[bytes] = []
    real = imaplib.IMAP4.send
    monkeypatch.setattr(imaplib.IMAP4, "send", lambda self, data: (sent.append(bytes(data)), real(self, data))[1])
    with running(box(dovecot, address, tls="starttls", port=dovecot.imap), Memory()) as loop:
        wait_for(lambda: loop.state.error)
        assert "does not offer" in loop.state.error
    assert not any(b"LOGIN" in data and b"pass" in data for data in sent)


def test_an_imaps_port_without_tls(dovecot: Dovecot, address: str) -> None:
    with running(box(dovecot, address, port=dovecot.imap), Memory()) as loop:
        wait_for(lambda: loop.state.error)
        assert "TLS could not be agreed" in loop.state.error
