"""What `antesala doctor` says about real servers, and about everything that can be wrong here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from servers.dovecot import Dovecot
from servers.ground import free_port, wait_for
from servers.postfix import Postfix
from servers.postgres import Postgres
from servers.smtp import SmtpServer

from plugin.service.doctor import Finding, rounds
from plugin.service.doctor import here as local
from plugin.service.doctor.mail import mailbox, sent, smtp
from plugin.settings import FolderMailbox, ImapMailbox, OAuth2, Secret, Settings, Smtp, load

ROOT = Path(__file__).parents[2]
USER = "support@desk.test"
NO_TOKENS = OAuth2("http://localhost:1/token", "id", Secret(""), Secret("refresh"))


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    if os.getuid() != 0:
        pytest.skip("Postfix can only be started by root")
    with Postfix(dovecot) as server:
        yield server


def box(server: Dovecot, **more: object) -> ImapMailbox:
    values: dict[str, object] = {"name": USER, "host": "localhost", "port": server.imaps, "user": USER}
    values |= {"password": Secret("pass"), "ca_file": str(server.ca)}
    return ImapMailbox(**{**values, **more})  # type: ignore[arg-type]


def out(server: Postfix, **more: object) -> Settings:
    values: dict[str, object] = {"scheme": "smtp", "host": "localhost", "port": server.submission, "user": USER}
    values |= {"password": Secret("pass"), "tls": "starttls", "ca_file": str(server.ca)}
    return Settings(smtp=Smtp(**{**values, **more}), mail_from=f"Support <{USER}>")  # type: ignore[arg-type]


def said(finding: Finding) -> str:
    return f"{finding.state} {finding.reason} {finding.remedy}"


@pytest.mark.server
def test_a_good_mailbox(dovecot: Dovecot) -> None:
    assert said(mailbox(box(dovecot), Settings())).startswith("ok Log-in works; TLS; 0 mails; IDLE")


@pytest.mark.server
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"password": Secret("s3cret")}, "refused the log-in"),
        ({"password": Secret("")}, "Neither a password nor ANTESALA_OAUTH2_* is set Write user:password@host"),
        ({"ca_file": ""}, "certificate is not accepted"),
        ({"ca_file": "/nowhere.pem"}, "CA file /nowhere.pem cannot be used: No such file or directory Name a readable"),
        ({"ca_file": __file__}, "it is not PEM Name a readable file in PEM in ANTESALA_MAILBOX_CA_FILE"),
        ({"folder": "Missing"}, "folder cannot be opened Check its name"),
        ({"host": "no-such-host.invalid"}, "there is no such host"),
        ({"port": 1}, "Check the port"),
        (
            {"password": Secret(""), "oauth2": NO_TOKENS},
            "Localhost gave no token: ConnectError Check ANTESALA_OAUTH2_TOKEN_URL",
        ),
    ],
    ids=["password", "none", "unknown CA", "missing CA", "no CA", "folder", "host", "port", "token"],
)
def test_a_mailbox_that_fails(dovecot: Dovecot, more: dict[str, object], words: str) -> None:
    finding = mailbox(box(dovecot, **more), Settings())
    assert finding.state == "failing"
    assert words in said(finding).replace(". ", " ")
    assert finding.remedy
    assert "s3cret" not in said(finding)


@pytest.mark.server
@pytest.mark.parametrize(("tls", "port"), [("starttls", "submission"), ("tls", "smtps")])
def test_a_good_way_out(postfix: Postfix, tls: str, port: str) -> None:
    assert said(smtp(out(postfix, tls=tls, port=getattr(postfix, port)))).startswith("ok")
    log = (postfix.home / "maillog").read_text()
    assert "status=sent" not in log, "the doctor must not send anything"


@pytest.mark.server
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"password": Secret("s3cret")}, "log-in is refused"),
        ({"ca_file": ""}, "certificate is refused"),
        (
            {"ca_file": "/nowhere.pem"},
            "No such file or directory. Name a readable file in PEM in ANTESALA_SMTP_CA_FILE",
        ),
        ({"ca_file": __file__}, "it is not PEM. Name a readable"),
        ({"tls": "tls"}, "TLS could not be agreed"),
        ({"host": "no-such-host.invalid"}, "no such host"),
        ({"port": 1}, "Nobody listens there"),
        (
            {"password": Secret(""), "oauth2": NO_TOKENS},
            "Localhost gave no token: ConnectError. Check ANTESALA_OAUTH2_TOKEN_URL",
        ),
    ],
    ids=["password", "unknown CA", "missing CA", "no CA", "wrong TLS", "host", "port", "token"],
)
def test_a_way_out_that_fails(postfix: Postfix, more: dict[str, object], words: str) -> None:
    finding = smtp(out(postfix, **more))
    assert finding.state == "failing"
    assert words in said(finding)
    assert "s3cret" not in said(finding)


@pytest.mark.server
def test_a_relay_that_wants_no_null_sender(dovecot: Dovecot) -> None:
    if os.getuid() != 0:
        pytest.skip("Postfix can only be started by root")
    with Postfix(dovecot, refuse_null_sender=True) as server:
        finding = smtp(out(server))
        assert "ANTESALA_BOUNCE_ADDRESS" in finding.remedy
        assert smtp(replace(out(server), bounce_address="bounces@desk.test")).state == "ok"


@pytest.mark.server
def test_mail_goes_through_postfix_to_dovecot(postfix: Postfix) -> None:
    """Holds the ground for every test that uses both."""
    import smtplib

    from imapclient import IMAPClient

    with smtplib.SMTP("127.0.0.1", postfix.smtp) as client:
        client.sendmail("", ["anna@example.com"], b"Subject: hello\r\n\r\nhi\r\n")
    with IMAPClient("127.0.0.1", postfix.dovecot.imap, ssl=False, timeout=10) as reader:
        reader.login("anna@example.com", "pass")
        reader.select_folder("INBOX")
        wait_for(lambda: (reader.noop(), reader.search(["ALL"]))[1])


def test_a_server_that_hangs_up_may_be_the_one_for_the_other_kind_of_tls() -> None:
    with SmtpServer(faults={"connect": "cut"}) as server:
        finding = smtp(Settings(smtp=Smtp(scheme="smtp", host="127.0.0.1", port=server.port, tls="none")))
    assert finding.state == "failing"
    assert "smtps:// for 465" in finding.remedy


@pytest.mark.server
def test_a_folder_of_sent_mail_that_is_not_there(dovecot: Dovecot) -> None:
    finding = sent(Settings(sent=box(dovecot, folder="Missing")))
    assert finding.state == "failing"
    assert "ANTESALA_SENT_FOLDER" in finding.remedy


def test_folders(tmp_path: Path) -> None:
    found = mailbox(FolderMailbox(tmp_path / "inbox"), Settings())
    assert found.state == "ok"
    (tmp_path / "inbox/a.eml").write_text("")
    assert "1 mails waiting" in mailbox(FolderMailbox(tmp_path / "inbox"), Settings()).reason
    (tmp_path / "file").write_text("")
    assert mailbox(FolderMailbox(tmp_path / "file/inbox"), Settings()).state == "failing"
    assert smtp(Settings(smtp=Smtp(maildir=tmp_path / "file/out"))).state == "failing"
    assert smtp(Settings(smtp=Smtp(maildir=tmp_path / "out"))).state == "ok"


def test_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Settings(home=tmp_path)
    assert local.disk(given).state == "ok"
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=500 << 20))
    assert local.disk(given).state == "warning"
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    assert "no mail is taken any more" in said(local.disk(given))
    (tmp_path / "file").write_text("")
    assert local.disk(Settings(home=tmp_path / "file/home")).state == "failing"


def test_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Settings(home=tmp_path)
    assert local.clock(given).state == "ok"
    now = time.time()
    monkeypatch.setattr(local.time, "time", lambda: now + 120)
    assert "120 s apart" in local.clock(given).reason
    monkeypatch.setattr(local.time, "time", lambda: 1_000_000_000.0)
    assert "before this program was installed" in local.clock(given).reason


def test_the_store(tmp_path: Path) -> None:
    given = Settings(home=tmp_path, database_url=Secret(f"sqlite:///{tmp_path}/a.db"))
    assert local.store(given).state == "ok"
    url = f"postgresql+psycopg://user:s3cret@127.0.0.1:{free_port()}/none"
    finding = local.store(replace(given, database_url=Secret(url)))
    assert finding.state == "failing"
    assert "s3cret" not in said(finding)


@pytest.mark.server
def test_a_postgresql_that_forgets(tmp_path: Path) -> None:
    with Postgres() as server:
        given = Settings(home=tmp_path, database_url=Secret(server.database()))
        assert said(local.store(given)).startswith("ok postgresql")
        server.reload(fsync="off", full_page_writes="off")
        wait_for(lambda: local.store(given).state == "failing")
        assert "fsync=off and full_page_writes=off" in local.store(given).reason


def test_the_rulebook(tmp_path: Path) -> None:
    given = Settings(home=tmp_path / "home")
    assert local.rulebook(given).state in ("ok", "warning")
    shutil.copytree(given.rules, tmp_path / "rules")
    desk = tmp_path / "rules/desk.yaml"
    desk.write_text(desk.read_text("utf-8") + "\nnonsense: 1\n", "utf-8")
    broken = replace(given, rules=tmp_path / "rules")
    assert f"{tmp_path}/rules/desk.yaml:" in local.rulebook(broken).reason
    assert local.rulebook(broken).state == "failing"
    gateway = replace(broken, desk="gateway", smtp=Smtp(scheme="smtp"), gateway_addresses={"billing": "b@desk.test"})
    assert "Mend the rulebook first" in said(local.desk(gateway))


def test_the_desk(tmp_path: Path) -> None:
    given = Settings(home=tmp_path, desk="gateway", smtp=Smtp(scheme="smtp"))
    assert local.desk(Settings()).state == "ok"
    assert local.desk(replace(given, gateway_addresses={"*": "q@desk.test"})).state == "ok"
    finding = local.desk(replace(given, gateway_addresses={"billing": "b@desk.test"}))
    assert "No address for:" in finding.reason
    assert "first-line" in finding.reason
    assert "billing" not in finding.reason
    assert local.desk(replace(given, smtp=Smtp())).state == "warning"


def test_the_gateway_knows_every_group_that_has_an_address(tmp_path: Path) -> None:
    given = Settings(home=tmp_path, desk="gateway", smtp=Smtp(scheme="smtp"))
    finding = local.desk(replace(given, gateway_addresses={"*": "q@desk.test", "biling": "b@desk.test"}))
    assert finding.state == "failing"
    assert "no group biling" in finding.reason
    assert "billing" in finding.remedy


def test_a_folder_that_cannot_be_written_is_named_by_each_look_that_needs_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    home = tmp_path / "file" / "home"
    given = Settings(home=home, database_url=Secret(f"sqlite:///{home}/a.db"))
    assert local.clock(given).state == "ok"
    for finding in (local.disk(given), local.store(given)):
        assert finding.state == "failing"
        assert "ANTESALA_HOME" in finding.remedy
        assert str(home.resolve()) in finding.remedy


def test_a_look_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_: Settings) -> Finding:
        raise RuntimeError("password=s3cret")

    monkeypatch.setattr(local, "clock", broken)
    given = load({"ANTESALA_HOME": str(tmp_path)}, dotenv=None)
    findings = {finding.name: finding for finding in rounds(given)}
    assert findings["clock"].state == "failing"
    assert "s3cret" not in said(findings["clock"])
    assert findings["disk"].state == "ok"


def doctor(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTESALA_")}
    given = {f"ANTESALA_{name}": value for name, value in settings.items()}
    command = [str(Path(sys.executable).parent / "antesala"), "doctor"]
    return subprocess.run(
        command, cwd=folder, env=kept | given, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_command(tmp_path: Path) -> None:
    done = doctor(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split(":")[0].split(None, 1)[1] for line in done.stdout.splitlines()] == [
        "mailbox folder",
        "smtp",
        "desk",
        "clock",
        "disk",
        "store",
        "rulebook",
        "people told",
    ]


def test_the_command_when_something_fails(tmp_path: Path) -> None:
    url = f"imaps://{USER.replace('@', '%40')}:s3cret@127.0.0.1:{free_port()}/INBOX"
    done = doctor(tmp_path, MAILBOXES=url)
    assert done.returncode == 1
    line = done.stdout.splitlines()[0]
    assert line.startswith("FAILS")
    assert "nobody listens there" in line.lower()
    assert "s3cret" not in done.stdout + done.stderr


def test_mail_that_is_read_and_answered_into_a_folder_is_no_way_out(tmp_path: Path) -> None:
    settings = Settings(
        smtp=Smtp(maildir=tmp_path), mailboxes=(ImapMailbox("support", "imap.example", 993, "support", Secret("pass")),)
    )
    assert said(smtp(settings)).startswith("warning Mail is read from a mailbox.")
    assert smtp(settings).remedy == "Set ANTESALA_SMTP_URL and ANTESALA_MAIL_FROM."
    assert smtp(replace(settings, dry_run=True)).state == "ok"


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "antesala.db"
    file.write_bytes(b"no database at all, and long enough to be read as one" * 40)
    found = local.store(Settings(home=tmp_path, database_url=Secret(f"sqlite:///{file}")))
    assert found.state == "failing"
    assert found.reason == f"{file} is damaged; stop, keep the file, and restore the last backup in its place."
    file.unlink()
    file.mkdir()
    found = local.store(Settings(home=tmp_path, database_url=Secret(f"sqlite:///{file}")))
    assert found.remedy == f"Mend that, or name another file in ANTESALA_DATABASE_URL; this is {file}."
