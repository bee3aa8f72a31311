"""Whom never to answer. A new case is a line in one of the tables beside this file."""

from __future__ import annotations

import json
import runpy
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugin.model import Address, Message
from plugin.settings import load
from plugin.understand.automatic import automatic
from plugin.understand.mail import read_mail
from plugin.understand.own import Own, own, plain_address

TABLES = Path(__file__).parent / "automatic"
REQUESTS = Path(__file__).parents[3] / "shared" / "requests"
NOW = datetime(2026, 11, 18, tzinfo=UTC)
OWN = Own(
    addresses=frozenset({"support@desk.example", "hilfe@xn--bro-hoa.example"}),
    is_own_message_id=lambda value: value == "signed@desk.example",
    is_own_marker=lambda value: value == "signed",
    authserv_id="mx.ours.example",
)


def message(
    *,
    sender: str = "ana@guest.example",
    subject: str = "Calendario",
    text: str = "No me deja bloquear noches.",
    **more: object,
) -> Message:
    return Message(
        source="mail",
        id=str(more.pop("id", "1@guest.example")),
        sender=Address(sender.lower()) if "@" in sender else None,
        subject=subject,
        text=text,
        newest=text,
        received_at=NOW,
        **more,  # type: ignore[arg-type]
    )


def rows(name: str) -> list[list[str]]:
    lines = (TABLES / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def headers(text: str) -> list[tuple[str, str]]:
    part, times, count = text.partition("¶*")
    fields = [part] * int(count) if times else text.split(" ¶ ")
    pairs = [field.replace("\\r\\n", "\r\n").partition(":") for field in fields]
    return [(name.lower(), value.strip(" ")) for name, _, value in pairs]


@pytest.mark.parametrize(("case", "reason", "text"), rows("headers.tsv"))
def test_headers(case: str, reason: str, text: str) -> None:
    fields = headers(text)
    values = dict(fields)
    sender = values.get("from", "ana@guest.example").split("<")[-1].rstrip(">")
    identifier = values.get("message-id", "<1@guest.example>").strip("<>")
    got = automatic(message(sender=sender, id=identifier, headers=tuple(fields)), OWN)
    assert (got or "-") == reason


@pytest.mark.parametrize(("reason", "parts"), rows("structures.tsv"))
def test_structure(reason: str, parts: str) -> None:
    assert (automatic(message(structure=tuple(parts.split(", "))), OWN) or "-") == reason


@pytest.mark.parametrize("line", (TABLES / "texts.jsonl").read_text("utf-8").splitlines())
def test_what_the_text_says_of_itself(line: str) -> None:
    row = json.loads(line)
    assert (automatic(message(subject=row["subject"], text=row["text"]), OWN) or "-") == row["reason"]


def test_a_mail_that_is_not_addressed_to_us() -> None:
    ours = Own(addresses=OWN.addresses, recipients=OWN.addresses)
    elsewhere = (Address("list@lists.example"),)
    assert automatic(message(to=elsewhere), ours) == "not-addressed"
    assert automatic(message(to=(Address("support+rt@desk.example"),)), ours) is None
    assert automatic(message(to=elsewhere, cc=(Address("support@desk.example"),)), ours) is None
    assert automatic(message(to=elsewhere, headers=(("delivered-to", "Support@desk.example"),)), ours) is None
    assert automatic(message(to=elsewhere), OWN) is None


@pytest.mark.parametrize(
    "more",
    [
        {"headers": (("x-antesala-oversized", "31457280"),)},
        {"defects": ("too-complex",)},
        {"defects": ("needs-a-human",)},
    ],
)
def test_a_mail_that_was_not_read_to_its_end(more: dict[str, object]) -> None:
    assert automatic(message(**more), OWN) == "unread"
    assert automatic(message(defects=("charset-unknown",)), OWN) is None


def test_own_addresses_come_from_the_settings() -> None:
    environ = {
        "ANTESALA_MAIL_FROM": "Help <Help@Desk.example>",
        "ANTESALA_MAILBOXES": "imaps://support%40desk.example:x@mail.desk.example/INBOX",
        "ANTESALA_GATEWAY_ADDRESSES": "*=queue@rt.desk.example",
    }
    ours = own(load(environ, dotenv=None))
    assert ours.addresses == {"help@desk.example", "support@desk.example", "queue@rt.desk.example"}
    assert not ours.recipients
    listed = own(load({**environ, "ANTESALA_OWN_ADDRESSES": "Info+x@desk.example"}, dotenv=None))
    assert listed.recipients == listed.addresses == ours.addresses | {"info@desk.example"}


@pytest.mark.parametrize(
    ("email", "plain"),
    [
        ("A+b@C.example.", "a@c.example"),
        ("<x@y.example>", "x@y.example"),
        ("+tag@y.example", "+tag@y.example"),
        ("x@büro.example", "x@xn--bro-hoa.example"),
        ("x@" + "ü" * 70 + ".example", "x@" + "ü" * 70 + ".example"),
    ],
)
def test_one_spelling_for_an_address(email: str, plain: str) -> None:
    assert plain_address(email) == plain


def test_labelled_requests() -> None:
    if not REQUESTS.is_dir():
        pytest.skip("the labelled requests are not beside this clone")
    build = runpy.run_path(str(REQUESTS / "build.py"))["write_mail"]
    wrong = []
    for path in sorted(REQUESTS.glob("*.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            reason = automatic(read_mail(build(row).as_bytes(), NOW), OWN)
            if bool(reason) != bool(row["gold"]["suppressed"]):
                wrong.append((row["id"], reason))
    assert wrong == []


def test_hostile_text_costs_little() -> None:
    started = time.perf_counter()
    for text in ("buro ist " * 50_000, '"' * 200_000, "re: " * 50_000, "(" * 100_000, "\ud800" * 9000):
        fields = (("auto-submitted", text + " no"), ("return-path", text), ("sender", text))
        automatic(message(subject=text, text=text, headers=fields), OWN)
        automatic(message(subject=text, text=text), OWN)
    assert time.perf_counter() - started < 30
