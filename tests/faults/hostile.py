# ruff: noqa: E501 - tables of what hurts
"""Some 150 mails that are meant to hurt, each under a name; made anew for every run, along known ways to hurt a reader."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

_MULTIPART = b"".join(
    [
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n',
        b"Quiero un reembolso\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        base64.encodebytes(bytes(300)),
        b"--b--\r\n",
    ]
)
_CHARSETS = ("no-such", "utf-7", "base64", "rot13", "idna", "unicode_escape", "utf-16", "hz", "x" * 500, "\xff", "")
_NAMES = (
    "../../etc/cron.d/x", "/etc/passwd", "a\r\nSet-Cookie: x", "CON", "x" * 5000, "inv\u202efdp.exe", "", ".", "..", "\x00",
)  # fmt: skip


def mail(
    name: str, *, head: bytes = b"", body: bytes = b"\r\nQuiero un reembolso\r\n", sender: bytes | None = None
) -> bytes:
    """A mail with the usual header, `head` beside it, and `body` after it: its own header fields, a blank line, text."""
    who = b"Ana <ana@casa.example>" if sender is None else sender
    date = format_datetime(datetime.now(UTC)).encode()
    usual = b"From: %s\r\nTo: support@acme.example\r\nDate: %s\r\n" % (who, date)
    if b"essage-" not in head:
        usual += b"Message-ID: <%s@hostile.example>\r\n" % name.encode()
    return usual + head + body


def mails() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each."""
    for group in (_ids, _headers, _senders, _bodies, _structures, _charsets, _attachments, _cuts, _nothing):
        for number, raw in enumerate(group()):
            yield f"{group.__name__.strip('_')}-{number}", raw


def _ids() -> Iterator[bytes]:
    for number, value in enumerate(
        (b"<[b378dfc5]@microsoft.com>", b"<>", b"", b"x", b"<" * 5000, b"a" * 300_000, b"<a@b> <c@d>")
    ):
        yield mail("id", head=b"Message-ID: %s\r\nSubject: id %d\r\n" % (value, number))
    yield mail("id", head=b"Message-ID: <same@hostile.example>\r\n", body=b"\r\none\r\n")
    yield mail("id", head=b"Message-ID: <same@hostile.example>\r\n", body=b"\r\ntwo\r\n")
    yield mail("refs", head=b"References: " + b"<a@b.example> " * 15_000 + b"\r\n")


def _headers() -> Iterator[bytes]:
    for value in (
        b"=?utf-8?q?hi=0D=0ABcc:_evil@x.y?=", b"a\rBcc: e@x", b"a\x00b\x1b[31m", b"=?utf-8?q?x?= " * 8000, b"x" * 200_000,
        b"=?no-such?b?AAAA?=", b"=?utf-8?b?" + b"A" * 100_001 + b"?=", b"=?" * 50_000, b"\xff\xfe" * 500, b"a\r\n " * 5000,
        "\u202egnp.exe \u2028 x".encode(), b"=?utf-7?q?+AGE-?=",
    ):  # fmt: skip
        yield mail(f"subject{len(value)}", head=b"Subject: " + value + b"\r\n")
    for line in (
        b"Auto-Submitted : auto-replied", b"X-Antesala-Loop: forged; forged", b"X-Antesala-Group: security", b": x", b"no colon",
        b"Reply-To: list@lists.example", b"Date: Fri, 31 Dec 9999 23:59:59 +9999", b"Date: never", b"Date: " + b"1" * 10_000,
        b"Received: from a by b\r\n" * 51, b"List-Id: " + b"(" * 5000, b"Content-Type: ", b"Content-Type: " + b";" * 50_000,
        b"Content-Type: text/plain; " + b"a*0=x; " * 5000, b"MIME-Version: (((((", b"To: " + b"a@b.example, " * 20_000,
        b"Cc: " + b"(" * 2000, b"X-Long: " + b"x" * 1_000_000, b"In-Reply-To: " + b"<" * 100_000,
    ):  # fmt: skip
        yield mail(f"line{hash(line[:40]) % 10**8}-{len(line)}", head=line + b"\r\n")
    yield mail("many", head=b"".join(b"X-H%d: v\r\n" % n for n in range(100_000)))


def _senders() -> Iterator[bytes]:
    for number, value in enumerate(
        (
            b"(" * 1000, b"", b"undisclosed-recipients:;", b"a@localhost", b"x@[127.0.0.1]", b"support@acme.example@evil.example",
            b"alice@casa.example)bob@casa.example", b"=?utf-8?q?a=0D=0ABcc:_e@x?= <a@casa.example>", b"a@casa.example, b@casa.example",
            b"<" * 10_000, b'"' * 10_001, b"=?utf-8?q?=0d=0a?=@casa.example", b"\xff@\xfe.example", b"a@" + b"b." * 10_000 + b"example",
            b"a" * 100_000 + b"@casa.example", b"MAILER-DAEMON@casa.example", b"a\x00b@casa.example", "ñ@ñandú.example".encode(),
        )
    ):  # fmt: skip
        yield mail(f"sender{number}", sender=value)


def _bodies() -> Iterator[bytes]:
    plain, page = b"Content-Type: text/plain\r\n", b"Content-Type: text/html; charset=utf-8\r\n"
    for number, (kind, text) in enumerate(
        (
            (plain, b"\x00" * 100_000), (plain, b"a" * 3_000_000), (plain, b"> " * 500_000), (plain, b"\r\n" * 500_000),
            (plain, b"-- \r\n" * 100_000), (plain, b"El lunes, Ana escribi\xf3:\r\n> " * 20_000), (plain, "é".encode() * 500_000),
            (plain, b"4111 1111 1111 1111 " * 20_000), (plain, b"https://x.example/" * 20_000), (plain, b"1234567890" * 100_000),
            (plain, b"a@b.example " * 50_000), (plain, b"(((((" * 50_000), (plain, "\u200b\u202e".encode() * 50_000),
            (plain, b"reembolso " * 100_000), (plain, b"." * 200_000), (plain, b"From x\r\n" * 50_000),
            (page, b"<div>" * 200_000), (page, b"<a href=x>y</a>" * 5001), (page, b"<" * 200_000), (page, b"&" * 200_000),
            (page, b"<script>" * 10_000), (page, b"<!--" * 50_000), (page, b"<table>" * 20_000), (page, b"<blockquote>" * 20_000),
            (page, b"<p style='" + b"x" * 500_000), (page, b"<style>" + b"a{}" * 100_000),
        )
    ):  # fmt: skip
        yield mail(f"body{number}", body=kind + b"\r\n" + text + b"\r\n")


def _structures() -> Iterator[bytes]:
    for kind, depth in ((b"multipart/mixed", 1000), (b"multipart/alternative", 300)):
        nested = b"".join(b'Content-Type: %s; boundary="b%d"\r\n\r\n--b%d\r\n' % (kind, n, n) for n in range(depth))
        yield mail(f"nested{depth}", body=nested + b"\r\ndeep\r\n")
    yield mail("rfc822", body=b"Content-Type: message/rfc822\r\n\r\n" * 1000 + b"\r\ndeep\r\n")
    head = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    for count in (10_000, 1_000_000):
        yield mail(f"parts{count}", body=head + b"--x\r\n\r\n\r\n" * count)
    yield mail("same", body=b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n" * 100_000)
    yield mail("noboundary", body=b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nhello\r\n--x--\r\n")
    yield mail(
        "long",
        body=b'Content-Type: multipart/mixed; boundary="' + b"x" * 100_000 + b'"\r\n\r\n--' + b"x" * 100_000 + b"\r\n",
    )
    yield mail(
        "report",
        body=b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\n" * 100,
    )
    yield mail(
        "tnef", body=b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"A" * 100_000
    )
    for encoding in (b"base64", b"quoted-printable", b"x-uuencode", b"8bit", b"no-such", b"base64 (x", b"\xff"):
        kind = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: %s\r\n\r\n" % encoding
        yield mail(f"cte{len(encoding)}{encoding[0]}", body=kind + b"=ZZ=\r\n=\r\nAA=A===\xff\x00Quiero\r\n")


def _charsets() -> Iterator[bytes]:
    for name in _CHARSETS:
        kind = b'Content-Type: text/plain; charset="' + name.encode("latin-1") + b'"\r\n\r\n'
        yield mail(f"charset{name[:20].encode('latin-1').hex()}", body=kind + b"\xff\xfe+AGE- Quiero un reembolso\r\n")
    yield mail("rfc2231", body=b"Content-Type: text/plain; charset*=utf-8''%FF%00\r\n\r\nhello\r\n")


def _attachments() -> Iterator[bytes]:
    bomb = base64.encodebytes(gzip.compress(bytes(20_000_000)))
    for number, name in enumerate(_NAMES):
        disposition = b'Content-Disposition: attachment; filename="' + name.encode("utf-8", "replace") + b'"\r\n'
        kind = b"Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n"
        yield mail(f"file{number}", body=kind + disposition + b"\r\n" + bomb)
    yield mail("star", body=b"Content-Disposition: attachment; filename*=utf-8''..%2F..%2Fetc%2Fpasswd\r\n\r\nx\r\n")


def _cuts() -> Iterator[bytes]:
    whole = mail("cut", head=b"Subject: cut\r\n", body=_MULTIPART)
    for at in range(0, len(whole), len(whole) // 24):
        yield whole[:at] + b""


def _nothing() -> Iterator[bytes]:
    yield from (b"\r\n", b"\n\n\n", b"\x00", b"\xff" * 1000, b"Subject: only", b"x" * 100_000, bytes(range(256)) * 100)
