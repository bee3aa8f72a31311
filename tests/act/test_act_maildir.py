"""Mail into a Maildir: whole or not at all, and once for each Message-ID."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from plugin.act.maildir import MaildirMailer
from plugin.act.outcome import Outcome
from plugin.act.smtp import send

DATA = b"Message-ID: <one@acme.example>\r\nSubject: x\r\n\r\nHello\r\n"


def put(path: Path, data: bytes = DATA, to: str = "ana@casa.example") -> Outcome:
    outcome = send(MaildirMailer(path), "", to, data, lambda: True)
    assert outcome is not None
    return outcome


def test_a_mail_is_there_with_its_envelope(tmp_path: Path) -> None:
    assert put(tmp_path / "box").state == "done"
    (found,) = mailbox.Maildir(tmp_path / "box")
    assert (found["Subject"], found["Return-Path"], found["X-Envelope-To"]) == ("x", "<>", "ana@casa.example")
    assert list((tmp_path / "box" / "tmp").iterdir()) == []


def test_the_same_mail_is_there_once_also_after_it_was_read(tmp_path: Path) -> None:
    box = tmp_path / "box"
    put(box)
    put(box)
    (name,) = (box / "new").iterdir()
    name.rename(box / "cur" / f"{name.name}:2,S")
    assert put(box).state == "done"
    assert len(mailbox.Maildir(box)) == 1


def test_another_mail_or_recipient_is_another(tmp_path: Path) -> None:
    box = tmp_path / "box"
    put(box)
    put(box, to="bob@casa.example")
    put(box, DATA.replace(b"one@", b"two@"))
    assert len(mailbox.Maildir(box)) == 3


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "box").write_text("a file")
    outcome = put(tmp_path / "box")
    assert (outcome.state, outcome.fault) == ("again", True)


def test_what_was_called_off_is_not_written(tmp_path: Path) -> None:
    assert send(MaildirMailer(tmp_path / "box"), "", "a@b.example", DATA, lambda: False) is None
    assert not (tmp_path / "box").exists()


@pytest.mark.parametrize("recipient", ["../../etc/x@y.example", "a/b@c.example"])
def test_an_address_is_never_a_path(tmp_path: Path, recipient: str) -> None:
    put(tmp_path / "box", to=recipient)
    assert {path.name for path in tmp_path.rglob("*") if path.is_dir()} == {"box", "tmp", "new", "cur"}
