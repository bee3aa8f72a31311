"""The outgoing webhook: signed, to one address only, tried again as the receiver asks, and described by its schema."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from making_mails import NOW, decision, message
from referencing import Registry, Resource
from servers.ground import free_port
from standardwebhooks import Webhook

from plugin.act.effects import event
from plugin.act.hook import post, retry_after
from plugin.act.outcome import Outcome

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


class Receiver(ThreadingHTTPServer):
    """Answers as told, remembers what came."""

    status, headers = 204, {}  # type: ignore[var-annotated]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.shutdown()
    server.server_close()


def posted(receiver: Receiver, now: datetime | None = None) -> Outcome:
    return post(receiver.url, SECRET, "msg_1", {"text": "¿Qué? 😀"}, now or datetime.now(UTC))


def test_the_receiver_can_tell_that_it_is_us(receiver: Receiver) -> None:
    assert posted(receiver) == Outcome("done", receipt="204")
    _, head, body = receiver.got[0]
    assert Webhook(SECRET).verify(body, head) == {"text": "¿Qué? 😀"}
    assert head["webhook-id"] == "msg_1"


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (200, {}, Outcome("done", receipt="200")),
        (410, {}, Outcome("dead", error="Http 410")),
        (400, {}, Outcome("again", error="Http 400")),
        (500, {}, Outcome("again", error="Http 500")),
        (429, {"Retry-After": "17"}, Outcome("again", error="Http 429", wait=17.0, fault=True)),
        (429, {}, Outcome("again", error="Http 429", wait=60.0, fault=True)),
        (401, {}, Outcome("again", error="Http 401", wait=300.0, fault=True)),
        (403, {}, Outcome("again", error="Http 403", wait=300.0, fault=True)),
        (500, {"Retry-After": "17"}, Outcome("again", error="Http 500", wait=17.0)),
        (503, {"Retry-After": "17"}, Outcome("again", error="Http 503", wait=17.0, fault=True)),
        (503, {"Retry-After": "nonsense"}, Outcome("again", error="Http 503")),
        (302, {"Location": "http://127.0.0.1:1/else"}, Outcome("again", error="Http 302")),
    ],
)
def test_answers(receiver: Receiver, status: int, headers: dict[str, str], outcome: Outcome) -> None:
    receiver.status, receiver.headers = status, headers
    assert posted(receiver) == outcome
    assert len(receiver.got) == 1


def test_nobody_there() -> None:
    nobody = f"http://127.0.0.1:{free_port()}/hook"
    assert post(nobody, SECRET, "msg_1", {}, NOW) == Outcome("again", error="ConnectError", fault=True)
    assert post("not a url", "", "msg_1", {}, NOW).state in ("again", "dead")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        (" 30 ", 30.0),
        ("999999999", 3600.0),
        ("Wed, 21 Oct 2037 07:28:00 GMT", 3600.0),
        ("Wed, 21 Oct 2037 07:28:00 +9999999999999", None),
        ("1000000000", None),
        ("-5", None),
        ("1_0", None),
        ("٣", None),
        ("Mon, 02 Mar 2026 09:01:00 GMT", 60.0),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_the_body_is_what_the_schema_says() -> None:
    files = {path.name: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.schema.json")}
    named = [(name, Resource.from_contents(schema)) for name, schema in files.items()]
    named += [(f"https://antesala.example/schemas/{name}", resource) for name, resource in named]
    schema = Draft202012Validator(files["hook.schema.json"], registry=Registry().with_resources(named))
    body = json.loads(json.dumps(event(decision(), message(), 7)))
    body["data"]["request"] = 3
    schema.validate(body)
    silent = json.loads(json.dumps(event(decision(reply=None, suppressed="bounce"), message(sender=None), 7)))
    silent["data"]["request"] = None
    schema.validate(silent)
    body["data"]["decision"]["channel"] = "telex"
    assert not schema.is_valid(body)
