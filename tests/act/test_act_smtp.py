"""SMTP with every fault at every step: what is tried again, what is not, and what nobody can tell.

The outcomes are those of RFC 5321 and RFC 1047: before the final dot nothing was given away; after it,
without an answer, the mail may have been taken.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.ground import certificate, wait_for
from servers.smtp import SmtpServer

from plugin.act import smtp as module
from plugin.act.outcome import Outcome
from plugin.act.smtp import SmtpMailer, send
from plugin.settings import Secret, Smtp
from plugin.store import StoreUnavailable

DATA = b"Subject: Hello\r\n\r\nHello\r\n"

# step, fault, outcome, a fault of the server?, address refused?, mails that the server has
FAULTS = [
    ("connect", "421 4.3.2 busy", "again", True, False, 0),
    ("connect", "554 5.3.2 go away", "again", True, False, 0),
    ("connect", "cut", "again", True, False, 0),
    ("connect", "stall", "again", True, False, 0),
    ("ehlo", "cut", "again", True, False, 0),
    ("mail", "451 4.7.1 later", "again", True, False, 0),
    ("mail", "550 5.1.7 no null sender here", "again", True, False, 0),
    ("mail", "552 5.3.4 too big", "dead", False, False, 0),
    ("mail", "cut", "again", False, False, 0),
    ("rcpt", "450 4.2.0 greylisted", "again", False, False, 0),
    ("rcpt", "421 4.3.2 closing", "again", True, False, 0),
    ("rcpt", "550 5.1.1 no such user", "dead", False, True, 0),
    ("rcpt", "cut", "again", False, False, 0),
    ("rcpt", "stall", "again", False, False, 0),
    ("data", "451 4.3.0 later", "again", False, False, 0),
    ("data", "554 5.7.1 no", "dead", False, False, 0),
    ("data", "cut", "again", False, False, 0),
    ("dot", "450 4.3.0 later", "again", False, False, 0),
    ("dot", "421 4.3.2 closing", "again", False, False, 0),
    ("dot", "552 5.3.4 too big", "dead", False, False, 0),
    ("dot", "554 5.7.1 refused", "dead", False, False, 0),
    ("dot", "cut", "uncertain", False, False, 1),
    ("dot", "stall", "uncertain", False, False, 1),
    ("dot", "half", "uncertain", False, False, 1),
    ("dot", "nonsense", "uncertain", False, False, 1),
    ("dot", "299 what", "uncertain", False, False, 0),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.5)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


def mailer(server: SmtpServer, **more: object) -> SmtpMailer:
    values: dict[str, object] = {"scheme": "smtp", "host": "127.0.0.1", "port": server.port, **more}
    return SmtpMailer(Smtp(**values), "acme.example")  # type: ignore[arg-type]


def sent(server: SmtpServer, data: bytes = DATA, commits: list[int] | None = None, **more: object) -> Outcome:
    def commit() -> bool:
        if commits is not None:
            commits.append(len(server.mails))
        return True

    outcome = send(mailer(server, **more), "", "ana@casa.example", data, commit)
    assert outcome is not None
    return outcome


@pytest.mark.parametrize(
    ("step", "fault", "state", "of_server", "refused", "kept"), FAULTS, ids=[f"{r[0]} {r[1]}" for r in FAULTS]
)
def test_a_fault(
    server: SmtpServer, step: str, fault: str, state: str, of_server: bool, refused: bool, kept: int
) -> None:
    server.faults[step] = fault
    commits: list[int] = []
    outcome = sent(server, commits=commits)
    assert (outcome.state, outcome.fault, outcome.refused) == (state, of_server, refused)
    assert len(server.mails) == kept
    assert len(commits) == (1 if step == "dot" else 0), "only the final dot is worth a doubt"
    assert not any(word in outcome.error for word in ("ana", "user", "greylisted", "what"))


def test_a_mail_goes_out_with_the_null_sender_and_no_delivery_reports(server: SmtpServer) -> None:
    commits: list[int] = []
    assert sent(server, commits=commits) == Outcome("done", receipt="250")
    mail = server.mails[0]
    assert (mail.sender, mail.recipients, mail.data) == ("", ["ana@casa.example"], DATA)
    assert "NOTIFY=NEVER" in mail.options
    assert commits == [0], "what is about to happen is recorded before it does"


def test_without_dsn_nothing_is_said_about_reports(server: SmtpServer) -> None:
    server.extensions = ()
    assert sent(server).state == "done"
    assert server.mails[0].options == []


def test_the_final_dot_waits_for_no_acknowledgement_of_the_lines_before_it(server: SmtpServer) -> None:
    session = mailer(server).open("", "customer@home.example")
    try:
        assert session._server.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
    finally:
        session.close()


def test_a_mail_that_is_no_longer_ours_is_not_sent(server: SmtpServer) -> None:
    assert send(mailer(server), "", "ana@casa.example", DATA, lambda: False) is None
    wait_for(lambda: server.ended == server.connections, 30)
    assert server.mails == []


def test_what_cannot_be_recorded_is_not_sent(server: SmtpServer) -> None:
    def unrecordable() -> bool:
        raise StoreUnavailable("the disk is full")

    with pytest.raises(StoreUnavailable):
        send(mailer(server), "", "ana@casa.example", DATA + b"QUIT\r\n", unrecordable)
    wait_for(lambda: server.ended == server.connections, 30)
    assert server.mails == [], "the connection ends without a dot, so that no server may take the mail"


COPY = "archive@acme.example"


def test_a_copy_goes_out_with_the_mail_itself(server: SmtpServer) -> None:
    outcome = send(mailer(server), "", "ana@casa.example", DATA, lambda: True, COPY)
    assert outcome == Outcome("done", receipt="250")
    (mail,) = server.mails
    assert mail.recipients == ["ana@casa.example", COPY]
    assert COPY.encode() not in mail.data


@pytest.mark.parametrize("answer", ["450 4.2.2 full", "550 5.1.1 nobody"])
def test_a_refused_copy_keeps_no_customer_waiting(server: SmtpServer, answer: str) -> None:
    server.faults[f"rcpt {COPY}"] = answer
    outcome = send(mailer(server), "", "ana@casa.example", DATA, lambda: True, COPY)
    assert outcome == Outcome("done", receipt=f"250, the copy was refused ({answer[:3]})")
    assert server.mails[0].recipients == ["ana@casa.example"]


def test_a_server_that_closes_at_the_copy_gets_the_mail_later(server: SmtpServer) -> None:
    server.faults[f"rcpt {COPY}"] = "421 4.3.2 closing"
    outcome = send(mailer(server), "", "ana@casa.example", DATA, lambda: True, COPY)
    assert outcome == Outcome("again", error="RcptTo 421", fault=True)
    assert server.mails == []


BODIES = {
    "a dot alone": b"S: x\r\n\r\n.\r\nafter\r\n",
    "dots first": b".S: x\r\n\r\n..\r\n...a\r\n",
    "bare line feeds": b"S: x\n\n.\nafter\n",
    "bare returns": b"S: x\r\r.\rafter\r",
    "no end of line": b"S: x\r\n\r\nend",
    "smuggled end of data": b"S: x\r\n\r\na\n.\nMAIL FROM:<evil@x>\n\r.\r",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_ends_the_mail_early(server: SmtpServer, body: bytes) -> None:
    assert sent(server, body).state == "done"
    lines = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n").split(b"\n")
    assert server.mails[0].data.rstrip(b"\r\n").split(b"\r\n") == lines
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    "address", ["añá@casa.example", "a b@casa.example", "a@b.example>\r\nDATA", "a@b\x00", "=?q?=0d=0a?=@b.example"]
)
def test_an_address_that_smtp_cannot_carry_is_refused_before_anything_is_said(server: SmtpServer, address: str) -> None:
    outcome = send(mailer(server), "", address, DATA, lambda: True)
    assert outcome == Outcome("dead", error="AddressUnusable")
    assert server.connections == 0


def test_starttls_that_is_missing_is_never_given_up(server: SmtpServer) -> None:
    outcome = sent(server, tls="starttls")
    assert (outcome.state, outcome.error, outcome.fault) == ("again", "StartTlsMissing", True)
    assert server.mails == []


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("tls")
    certificate(where)
    return where


def test_starttls_with_a_log_in(server: SmtpServer, tls: Path) -> None:
    server.certificate, server.login = (tls / "server.pem", tls / "server.key"), ("support", "s3cret")
    access = {"tls": "starttls", "ca_file": str(tls / "ca.pem"), "user": "support"}
    assert sent(server, **access, password=Secret("s3cret")).state == "done"
    assert (server.mails[0].tls, server.mails[0].login) == (True, "support")
    wrong = sent(server, **access, password=Secret("wrong"))
    assert (wrong.state, wrong.fault, wrong.wait) == ("again", True, module.AUTH_SECONDS)
    assert "535" in wrong.error
    assert len(server.mails) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(server: SmtpServer, tls: Path) -> None:
    server.certificate = (tls / "server.pem", tls / "server.key")
    outcome = sent(server, tls="starttls")
    assert (outcome.state, outcome.fault) == ("again", True)
    assert "SSLCertVerificationError" in outcome.error


def test_nobody_listens(server: SmtpServer) -> None:
    server.close()
    outcome = sent(server)
    assert (outcome.state, outcome.fault) == ("again", True)
