"""From the bytes of a mail to everything that can be told without rules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plugin.understand.mail import read_mail
from plugin.understand.own import Own
from plugin.understand.understand import understand

NOW = datetime(2026, 11, 18, tzinfo=UTC)
OWN = Own(addresses=frozenset({"support@desk.example"}))
LANGUAGES = ("es", "fr", "en", "pt", "de", "it")


def reason(header: bytes, *, sender: bytes = b"From: Ana <ana@guest.example>\r\n") -> str | None:
    raw = (
        sender
        + b"To: support@desk.example\r\n"
        + header
        + b"Subject: Calendario\r\n\r\nNo me deja bloquear noches.\r\n"
    )
    return understand(read_mail(raw, NOW), own=OWN, languages=LANGUAGES, fallback_language="en").automatic


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"Auto-Submitted:\r\n auto-replied\r\n", "auto-submitted"),
        (b"Auto-Submitted : auto-replied\r\n", "auto-submitted"),
        (b"AUTO-SUBMITTED:auto-replied\r\n", "auto-submitted"),
        (b"Auto-Submitted: no\r\nAuto-Submitted: auto-generated\r\n", "auto-submitted"),
        (b"Auto-Submitted: (a (nested) comment)\r\n\tauto-generated; x=y\r\n", "auto-submitted"),
        (b"Auto-Submitted: no (typed by hand)\r\n", None),
        (b"Return-Path: <>\r\n", "null-sender"),
        (b"List-Id: =?utf-8?q?Bolet=C3=ADn?= <weekly.example>\r\n", "list"),
        (b"X-Antesala-Loop: forged\r\n", None),
        (b"Reply-To: list@lists.example\r\n", None),
        (b"Received: from a by b\r\n" * 51, "loop"),
    ],
)
def test_headers_as_they_stand_in_a_mail(header: bytes, expected: str | None) -> None:
    assert reason(header) == expected


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        (b"From: a@guest.example, b@guest.example\r\n", "no-sender"),
        (b"From: \r\n", "no-sender"),
        (b"From: undisclosed-recipients:;\r\n", "no-sender"),
        (b"From: a@localhost\r\n", "no-sender"),
        (b"From: x@[127.0.0.1]\r\n", "no-sender"),
        (b"From: support@desk.example@evil.example\r\n", "no-sender"),
        (b"From: alice@guest.example)bob@guest.example\r\n", "no-sender"),
        (b"", "no-sender"),
        (b"From: =?utf-8?q?Soporte?= <Support+x@DESK.example>\r\n", "own-address"),
        (b"From: MAILER-DAEMON@mx.guest.example (Mail Delivery System)\r\n", "system-sender"),
        (b'From: "noreply@other.example" <ana@guest.example>\r\n', None),
    ],
)
def test_senders_as_they_stand_in_a_mail(sender: bytes, expected: str | None) -> None:
    assert reason(b"", sender=sender) == expected


def test_a_bounce_as_servers_write_it() -> None:
    raw = b"""From: Mail System <system@guest.example>\r
To: support@desk.example\r
Subject: A problem\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
It did not arrive.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.guest.example\r
\r
--b--\r
"""
    assert understand(read_mail(raw, NOW), own=OWN, languages=LANGUAGES, fallback_language="en").automatic == "bounce"


def test_a_forwarded_bounce_is_a_customers_question() -> None:
    raw = b"""From: Ana <ana@guest.example>\r
To: support@desk.example\r
Subject: rebotes\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary="a"\r
\r
--a\r
Content-Type: text/plain; charset=utf-8\r
\r
Os adjunto uno de los rebotes que nos llegan.\r
--a\r
Content-Type: message/rfc822\r
\r
From: MAILER-DAEMON@mx.guest.example\r
Auto-Submitted: auto-replied\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.guest.example\r
\r
--b--\r
--a--\r
"""
    understood = understand(read_mail(raw, NOW), own=OWN, languages=LANGUAGES, fallback_language="en")
    assert understood.automatic is None
    assert (understood.language, understood.language_sure) == ("es", True)


def test_the_quoted_history_does_not_tell_the_language() -> None:
    raw = (
        "From: Ana <ana@guest.example>\r\nSubject: Re: Your ticket\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nMerci, mais cela ne fonctionne toujours pas.\r\n\r\n"
        "On Tue, Oct 13, 2026 at 9:12 AM Support <support@desk.example> wrote:\r\n"
        + "> Hello, please tell us which browser you use and what you see on the screen.\r\n"
        * 5
    ).encode()
    understood = understand(read_mail(raw, NOW), own=OWN, languages=LANGUAGES, fallback_language="en", inherited="en")
    assert (understood.language, understood.language_sure) == ("fr", True)
