"""Mails that are made to cost: each must end as a Message, marked where it is over a limit, within seconds."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from plugin.understand.mail import read_mail

#: Of processor time: far above what they take, far below what a reader without guards does (minutes).
SECONDS = 8
ARRIVED = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
HEAD = b"From: Ana <ana@casa.example>\nSubject: Calendario\nMessage-ID: <m@casa.example>\n"


def html(body: str) -> bytes:
    return HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + body.encode()


def plain(body: str) -> bytes:
    return HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + body.encode()


def nested_multiparts(levels: int) -> bytes:
    parts = [b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(levels)]
    return HEAD + b"".join(parts) + b"\nthe text\n"


def nested_attachments(levels: int, size: int) -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=b%d\nContent-Disposition: attachment\n\n--b%d\n"
    file = b"Content-Type: application/pdf\n\n" + b"x" * 76 + b"\n" + (b"y" * 76 + b"\n") * (size // 77)
    return HEAD + b"".join(head % (i, i) for i in range(levels)) + file


COMPLEX: dict[str, Callable[[], bytes]] = {
    "a thousand nested multiparts (I07)": lambda: nested_multiparts(1000),
    "a thousand nested mails (I08)": lambda: HEAD + b"Content-Type: message/rfc822\n\n" * 1000 + b"the text",
    "a million empty parts (I09)": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\r\n\r\n\r\n" * 1_100_000
    ),
    "a hundred thousand headers (I10)": lambda: HEAD + b"".join(b"X-H%d: v\n" % i for i in range(100_000)) + b"\nhi",
    "one header of 10 MB (I12)": lambda: HEAD + b"X: " + b"v" * 10_000_000,
    "deep attachments that would be copied once a level": lambda: nested_attachments(49, 10_000_000),
    "forty-two megabytes": lambda: plain("x" * 42_000_000),
}


@pytest.mark.parametrize("name", COMPLEX)
def test_over_a_limit_headers_and_the_beginning_are_kept(name: str) -> None:
    raw = COMPLEX[name]()
    began = time.process_time()
    message = read_mail(raw, ARRIVED)
    assert time.process_time() - began < SECONDS
    assert {"too-complex", "needs-a-human"} <= set(message.defects)
    assert message.sender is not None
    assert message.sender.email == "ana@casa.example"
    assert message.subject == "Calendario"
    assert message.text


COSTLY: dict[str, Callable[[], bytes]] = {
    "a thousand opening parentheses in From (I06)": lambda: b"From: " + b"(" * 1000 + b"\n\nhi",
    "twenty thousand recipients (I11)": lambda: (
        HEAD
        + b"".join(
            b"To: " + b",".join(b"a%d@b.example" % (i * 1000 + j) for j in range(600)) + b"\n" for i in range(12)
        )
        + b"\nhi"
    ),
    "one header of 200 KB (I12)": lambda: HEAD + b"X: " + b"v" * 100_000 + b"\n\nhi",
    "eight thousand encoded words (I13)": lambda: b"Subject: " + b"=?utf-8?q?x?= " * 8000 + b"\n\nhi",
    "five megabytes of nested div (I26)": lambda: html("<div>" * 1_000_000 + "hi"),
    "five thousand links (I26)": lambda: html("<a href='https://x.example/'>link</a> " * 5001),
    "fifty thousand nested div": lambda: html("<div>" * 50_000 + "hi" + "</div>" * 50_000),
    "two hundred thousand attributes": lambda: html("<p " + " ".join(f"a{i}=1" for i in range(200_000)) + ">hi</p>"),
    "two hundred thousand comments": lambda: html("<!--" * 200_000 + "--> hi"),
    "half a megabyte of <": lambda: html("<" * 500_000 + " hi"),
    "half a megabyte of br": lambda: html("<br>" * 125_000 + "hi"),
    "nested tables": lambda: html("<table><tr><td>" * 1900 + "hi"),
    "unclosed inline tags": lambda: html("<p><b><i><u>" * 600 + "hi"),
    "ten megabytes of flat html": lambda: html("<p>hola</p>" * 900_000),
    "two megabytes of style": lambda: html("<p>hi</p><style>" + "a{b:c}" * 350_000 + "</style>"),
    "eight kilobytes of empty lines": lambda: plain("hi" + "\n" * 8_000),
    "a megabyte of empty lines": lambda: plain("hi" + "\n" * 1_000_000),
    "on on on": lambda: plain("hi\n" + "On " * 20_000),
    "on on on in lines": lambda: plain("hi\n" + "On 13 Oct 2026\n" * 40_000),
    "two hundred kilobytes of quotes": lambda: plain("hi\n" + "> x\n" * 50_000),
    "intros without end": lambda: plain("hi\n" + "El 13 oct 2026 a las 9:12, x <a@b.example>\n" * 20_000),
    "header labels without end": lambda: plain("hi\n" + "From: x\n" * 60_000),
    "markers without end": lambda: plain("hi\n" + "##- x\n" * 60_000),
    "dashes without end": lambda: plain("hi\n" + "-----\n" * 60_000),
    "one line of a megabyte": lambda: plain("hi " + "wrote: " * 140_000),
    "delimiters without end": lambda: plain("hi\n" + "--\n" * 60_000),
    "disclaimers without end": lambda: plain("hi\n" + "this e-mail\n\n" * 60_000),
    "a base64 body of one character a line": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"a\n" * 500_000,
    "ten megabytes of base64 picture": lambda: (
        HEAD
        + b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(b"\x89PNG\r\n" + b"x" * 7_500_000)
    ),
}


@pytest.mark.parametrize("name", COSTLY)
def test_costly_mail_is_read_within_seconds(name: str) -> None:
    raw = COSTLY[name]()
    began = time.process_time()
    message = read_mail(raw, ARRIVED)
    assert time.process_time() - began < SECONDS
    assert message.newest or message.attachments


def test_a_long_header_value_is_read_up_to_the_limit_and_marked() -> None:
    message = read_mail(COSTLY["one header of 200 KB (I12)"](), ARRIVED)
    assert "header-too-long" in message.defects
    assert [len(value) for value in message.header("x")] == [20 * 1024]


def test_at_most_five_hundred_recipients_are_read() -> None:
    assert len(read_mail(COSTLY["twenty thousand recipients (I11)"](), ARRIVED).to) == 500


def test_deeply_nested_html_keeps_its_text() -> None:
    for name in ("five megabytes of nested div (I26)", "fifty thousand nested div"):
        message = read_mail(COSTLY[name](), ARRIVED)
        assert "html-too-complex" in message.defects
    assert message.newest == "hi"


def test_six_hundred_dashed_lines_are_no_parts() -> None:
    message = read_mail(plain("-- a line\n" * 600), ARRIVED)
    assert "too-complex" not in message.defects


def test_sixty_attached_mails_side_by_side_are_not_nested() -> None:
    inner = (
        b"--x\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=y%d\n\n--y%d\n\nhi\n--y%d--\n"
    )
    parts = b"".join(inner % (i, i, i) for i in range(60))
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nsee below\n" + parts + b"--x--\n"
    message = read_mail(raw, ARRIVED)
    assert "too-complex" not in message.defects
    assert len(message.attachments) == 60
    assert message.newest == "see below"
