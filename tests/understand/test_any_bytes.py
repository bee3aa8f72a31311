"""Whatever the bytes are, they end as a Message: random bytes, mails cut at every place, mails with damaged bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.model import Message
from plugin.understand.html import render
from plugin.understand.mail import attachment_bytes, read_mail
from plugin.understand.newest import newest_text, plain_lines, whole_text
from plugin.understand.wire import from_wire, to_wire

ARRIVED = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
MAILS = sorted((Path(__file__).resolve().parent.parent / "mails").glob("*.eml"))

TWO_KILOBYTES = (
    b"From: =?utf-8?B?QW5hIFJ1aXo=?= <ana@casa.example>\r\nTo: support@desk.example\r\nSubject: Calendario\r\n"
    b"Date: Wed, 18 Nov 2026 10:24:00 +0100\r\nMessage-ID: <m1@casa.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="out"\r\n\r\nThis is a multipart mail.\r\n--out\r\n'
    b'Content-Type: multipart/alternative; boundary="in"\r\n\r\n--in\r\nContent-Type: text/plain; charset=utf-8\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n"
    + b"SG9sYSwgZWwgY2FsZW5kYXJpbyBubyBzaW5jcm9uaXphLiAg\r\n"
    * 8
    + b"--in\r\n"
    b"Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    + b"<p>Hola, el calendario no sincroniza desde ma=F1ana.</p>=\r\n"
    * 8
    + b"--in--\r\n--out\r\nContent-Type: image/png; name=captura.png\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename*0=cap; filename*1=tura.png\r\n\r\n"
    + b"iVBORw0KGgo"
    * 5
    + b"\r\n--out\r\n"
    b"Content-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: inner\r\n\r\nold text\r\n--out--\r\n"
)


def is_sound(message: Message) -> bool:
    """Text that can be stored and shown, and that survives the way between processes."""
    shown = (message.text, message.newest, message.subject, message.id, *(name for name, _ in message.headers))
    for text in shown:
        text.encode("utf-8")
        assert not any(c < " " and c not in "\t\n" for c in text)
    assert message.id
    assert from_wire(to_wire(message)) == message
    return True


def test_a_mail_cut_at_every_byte_is_kept() -> None:
    for end in range(len(TWO_KILOBYTES)):
        message = read_mail(TWO_KILOBYTES[:end], ARRIVED)
        assert is_sound(message)
    assert read_mail(TWO_KILOBYTES, ARRIVED).attachments[0].name == "captura.png"


def test_text_that_came_is_there_however_the_mail_ends() -> None:
    head, _, body = TWO_KILOBYTES.partition(b"8bit")
    assert not body
    start = head.index(b"SG9s") + 49 * 2
    for end in range(start, len(TWO_KILOBYTES), 7):
        assert "calendario" in read_mail(TWO_KILOBYTES[:end], ARRIVED).text


@given(st.binary(max_size=2_000))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_a_message(raw: bytes) -> None:
    assert is_sound(read_mail(raw, ARRIVED))


@given(st.sampled_from(MAILS), st.data())
@settings(max_examples=400, deadline=None)
def test_damaged_mail_is_a_message(path: Path, data: st.DataObject) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    message = read_mail(bytes(raw), ARRIVED)
    assert is_sound(message)
    for attachment in message.attachments:
        assert attachment_bytes(bytes(raw), attachment.digest) is not None


TOKENS = [
    *(
        "Content-Type: ",
        "multipart/mixed",
        "message/rfc822",
        "; boundary=x",
        "\n--x\n",
        "\n--x--\n",
        "\n\n",
        "text/html",
    ),
    *(
        "=?utf-8?q?",
        "?=",
        "From: ",
        "a@b.co",
        ",",
        "<",
        ">",
        '"',
        "(",
        "Subject: ",
        "\r",
        "charset=",
        "\0",
        "é",
        "base64",
    ),
]


@given(st.lists(st.sampled_from(TOKENS), max_size=60))
@settings(max_examples=300, deadline=None)
def test_pieces_of_mail_in_any_order_are_a_message(pieces: list[str]) -> None:
    assert is_sound(read_mail("".join(pieces).encode("utf-8"), ARRIVED))


LINES = [
    *(
        "> quoted",
        "On 13 Oct 2026 at 9:12, Support <s@d.co> wrote:",
        "-- ",
        "--",
        "",
        "From: a@b.co",
        "To: b",
        "Subject: x",
    ),
    *(
        "Sent from my iPhone",
        "my text",
        "##- Please write your answer above this line -##",
        "-----Original Message-----",
    ),
    *("This e-mail is confidential.", "Thanks,", "Tel. +34 600 000 000", "____________"),
]


@given(st.lists(st.sampled_from(LINES), max_size=30))
@settings(max_examples=500, deadline=None)
def test_newest_text_only_leaves_out(lines: list[str]) -> None:
    newest = newest_text(plain_lines("\n".join(lines)))
    rest = iter([line.strip() for line in lines])
    assert all(line.strip() in rest for line in newest.split("\n") if line)


@given(st.text(max_size=500))
@settings(max_examples=300, deadline=None)
def test_any_html_can_be_rendered(html: str) -> None:
    whole_text(render(html).lines)
    whole_text(render(f"<div>{html}</div><p>end</p>").lines)


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_golden_mail_survives_the_way_between_processes(path: Path) -> None:
    assert is_sound(read_mail(path.read_bytes(), ARRIVED))
