"""The mail gateway hands on the customer's mail as it came, and lets nobody sort tickets from outside."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st
from making_mails import message

from plugin.act.gateway import composed, handed_on

VALUES = {"Group": "billing", "Tags": "refund, vip", "Priority": "high", "Score": "50"}
MAIL = (
    b"Received: from there\r\nDKIM-Signature: v=1; a=x;\r\n b=folded\r\nFrom: Ana <ana@casa.example>\r\n"
    b"To: support@acme.example\r\n"
    b"Subject: =?utf-8?q?Reembolso_=C3=A9?=\r\nMessage-ID: <one@casa.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHola\r\n'
    b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n"
)


def read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, policy=default))


def test_the_mail_is_the_same_but_for_our_headers() -> None:
    out = handed_on(MAIL, VALUES)
    assert out.endswith(MAIL)
    mail = read(out)
    assert [mail[f"X-Antesala-{name}"] for name in VALUES] == list(VALUES.values())
    assert (mail["From"], mail["Message-ID"]) == ("Ana <ana@casa.example>", "<one@casa.example>")


@pytest.mark.parametrize(
    "evil",
    [
        b"X-Antesala-Group: security\r\n",
        b"x-antesala-group: security\r\n",
        b"X-ANTESALA-GROUP : security\r\n",
        b"X-Antesala-Group:\r\n security\r\n",
        b"X-Antesala-Else: security\r\n\tsecurity\r\n",
        b"X-Else: nothing\rX-Antesala-Group: security\r\n",
    ],
)
@pytest.mark.parametrize("note", [None, "A note"])
def test_what_the_customer_says_about_sorting_is_taken_out(evil: bytes, note: str | None) -> None:
    for raw in (evil + MAIL, MAIL.replace(b"Subject:", evil + b"Subject:"), (evil + MAIL).replace(b"\r\n", b"\n")):
        out = handed_on(raw, VALUES, note)
        assert b"security" not in out
        assert read(out).get_all("X-Antesala-Group") == ["billing"]
        assert read(out)["Subject"] == "Reembolso é"


def test_an_indented_first_line_does_not_go_on_with_a_header_of_ours() -> None:
    out = handed_on(b" X-Antesala-Group: security\r\n, security\r\n" + MAIL, {"Group": "billing"})
    assert read(out).get_all("X-Antesala-Group") == ["billing"]


def test_the_note_as_first_part() -> None:
    mail = read(handed_on(MAIL, VALUES, "Quiere su dinero. Ñ"))
    note, original = mail.iter_parts()
    assert note.get_content().strip() == "Quiere su dinero. Ñ"
    text, picture = original.iter_parts()
    assert (text.get_content().strip(), picture.get_content()) == ("Hola", b"\0\0\0")
    assert (mail["Subject"], mail["DKIM-Signature"]) == ("Reembolso é", "v=1; a=x; b=folded")
    assert len(mail.get_all("Content-Type", [])) == 1


def test_a_plain_mail_gets_the_note_as_first_part_too() -> None:
    raw = b"From: a@b.example\nSubject: x\n\nHello\nthere\n"
    note, original = read(handed_on(raw, VALUES, "Note")).iter_parts()
    assert (note.get_content().strip(), original.get_content().strip()) == ("Note", "Hello\nthere")


def test_values_cannot_break_out_of_their_header() -> None:
    out = handed_on(MAIL, {"Group": "a\r\nBcc: x@y", "Tags": "ñandú\x00"})
    assert read(out)["Bcc"] is None
    assert read(out)["X-Antesala-Tags"] == "and"


@given(raw=st.binary(max_size=2000))
@tuned(max_examples=300, deadline=None)
def test_any_bytes_are_handed_on_under_our_headers(raw: bytes) -> None:
    out = handed_on(raw, VALUES)
    assert out.startswith(b"X-Antesala-Group: billing\r\n")
    assert out.lower().count(b"\nx-antesala-group") == 0 or b"x-antesala-group" in raw.lower()
    assert handed_on(raw, VALUES, "note")


def test_a_webhook_becomes_the_mail_that_it_would_have_been() -> None:
    mail = read(composed(message(source="webhook", subject="Hola\r\nBcc: x@y", text="¿Qué?\n.\n")))
    assert (mail["From"], mail["Message-ID"], mail["Bcc"]) == ("ana@casa.example", "<one@casa.example>", None)
    assert mail.get_content().replace("\r\n", "\n") == "¿Qué?\n.\n"
    assert read(composed(message(sender=None, id="no id")))["Message-ID"] is None
    evil = read(composed(message(subject="=?utf-8?q?=0d=0aBcc:_x?=")))
    assert (evil["Bcc"], evil["Subject"]) == (None, "=?utf-8?q?=0d=0aBcc:_x?=")
