"""Twelve things that a customer wrote, and not one of them in the log, in a report or in a job."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import sentry_sdk
import structlog
from running import Service, customer_mail
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from plugin.service.errors import report, setup_sentry, stripped
from plugin.service.log import logger, setup_log
from plugin.settings import Secret, Settings

CANARIES = {
    "name": "Anabelcanary",
    "address": "canary.person@casa-canary.example",
    "phone": "+34 611 222 333",
    "iban": "ES91 2100 0418 4502 0005 1332",
    "card": "4111 1111 1111 1111",
    "token": "tok_canary_9f8e7d6c",
    "password": "canary-Passw0rd!",
    "subject": "Canarysubject",
    "body": "canarybodyword",
    "file": "canary-invoice.pdf",
    "ip": "203.0.113.77",
    "message-id": "canary-id-55@casa-canary.example",
}
TEXT = (
    "Quiero un reembolso. {body} mi contraseña: {password} token {token} tarjeta {card} cuenta {iban} "
    "teléfono {phone} adjunto {file} desde {ip}"
).format(**CANARIES)


def canary_mail() -> bytes:
    return customer_mail(
        TEXT,
        CANARIES["message-id"],
        **{"from": f"{CANARIES['name']} <{CANARIES['address']}>", "subject": CANARIES["subject"]},
        received=f"from [{CANARIES['ip']}] by mx.acme.example",
    )


def leaked(text: str) -> list[str]:
    return [name for name, value in CANARIES.items() if value in text or value.replace(" ", "") in text]


class Kept(Transport):
    """Takes events instead of sending them."""

    events: list[dict[str, Any]]

    def __init__(self, options: dict[str, Any] | None = None) -> None:
        super().__init__(options)
        self.events = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.events.append(envelope.get_event() or {"other": True})


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """What is written to standard error."""
    yield capsys
    structlog.reset_defaults()


@pytest.fixture
def sentry() -> Iterator[Kept]:
    transport = Kept()
    dsn = Settings(sentry_dsn=Secret("https://key@sentry.example/1"))
    assert setup_sentry(dsn, "1.0", transport)
    yield transport
    sentry_sdk.init(None)


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_of_a_customer_is_logged(
    serve: Callable[..., Service], log: pytest.CaptureFixture[str], form: str
) -> None:
    service = serve(log_format=form)
    setup_log(service.settings)
    service.accept(canary_mail())
    service.accept(b'{"text": "%s" ' % CANARIES["body"].encode(), "webhook", CANARIES["token"])
    service.work()
    said = log.readouterr().err
    assert "decided" in said
    assert "JSONDecodeError" in said
    assert leaked(said) == []


def test_nothing_of_a_customer_is_reported(
    serve: Callable[..., Service], sentry: Kept, log: pytest.CaptureFixture[str]
) -> None:
    service = serve()
    service.accept(b'{"text": "%s" ' % TEXT.encode(), "webhook", CANARIES["token"])
    service.work()
    assert [e["exception"]["values"][-1]["type"] for e in sentry.events] == ["JSONDecodeError"]
    frames = sentry.events[0]["exception"]["values"][-1]["stacktrace"]["frames"]
    assert any(frame["function"] == "decide" for frame in frames)
    assert leaked(json.dumps(sentry.events)) == []
    assert "smtp" not in json.dumps(sentry.events)


def test_an_error_that_quotes_the_customer_is_reported_without_the_quotation(sentry: Kept) -> None:
    local = dict(CANARIES)
    try:
        try:
            raise KeyError(TEXT)
        except KeyError as first:
            raise ValueError(f"{local} {TEXT}") from first
    except ValueError as error:
        error.add_note(TEXT)
        sentry_sdk.set_user({"email": CANARIES["address"]})
        sentry_sdk.set_tag("subject", CANARIES["subject"])
        sentry_sdk.add_breadcrumb(message=TEXT)
        report(error)
    sentry_sdk.capture_message(TEXT)
    assert len(sentry.events) == 1, "messages are dropped"
    types = [value["type"] for value in sentry.events[0]["exception"]["values"]]
    assert types == ["KeyError", "ValueError"]
    assert leaked(json.dumps(sentry.events)) == []


def test_without_a_dsn_nothing_is_reported() -> None:
    assert not setup_sentry(Settings())
    assert stripped({"message": "x"}, {}) is None


def test_what_is_kept_beside_the_bytes_has_no_secrets(serve: Callable[..., Service]) -> None:
    service = serve(hook_url="http://127.0.0.1:1/")
    service.accept(canary_mail())
    service.work()
    with service.store.engine.connect() as conn:
        tables = ("job", "request", "decision", "sent", "thread", "stop")
        rows = [tuple(row) for table in tables for row in conn.exec_driver_sql(f"SELECT * FROM {table}")]
    kept = repr(rows)
    assert "reembolso" in kept.lower()
    assert {"password", "card", "iban"} & set(leaked(kept)) == set()
    assert leaked("".join(str(mail.get_payload()) for mail in service.outbox())) == []


def test_a_log_line_stays_one_line(log: pytest.CaptureFixture[str]) -> None:
    setup_log(Settings(log_format="json"))
    logger().info("x", error="a\nFAKE line\x1b[31m" + "y" * 1000)
    line = log.readouterr().err.strip()
    assert "\n" not in line
    assert len(json.loads(line)["error"]) <= 301


def test_a_log_that_is_closed_stops_nothing(log: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    closed = StringIO()
    closed.close()
    setup_log(Settings())
    monkeypatch.setattr(sys, "stderr", closed)
    logger().info("x")
    monkeypatch.undo()
    logger().info("y")
    assert "y" in log.readouterr().err
