"""The webhook over a real socket: what is taken, what is refused in which words, and that nothing is taken twice."""

import json
import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from websites import SECRET, serving, settings_in

from plugin.settings import Secret
from plugin.web.limiter import FailureLimiter

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))
GOOD = {"from": "Ana <ana@casa.example>", "subject": "Reembolso", "text": "Me han cobrado dos veces."}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with serving(settings_in(tmp_path_factory.mktemp("web"))) as site:
        yield site


def body_of(row):
    if "body_latin1" in row:
        return row["body_latin1"].encode("latin-1")
    body = (row["body"] * row.get("repeat_body", 1)).encode()
    return body.ljust(row.get("fill", 0), b"x")


def stored(site):
    with sqlite3.connect(site.settings.database_url.value.removeprefix("sqlite:///")) as db:
        return db.execute("select count(*) from inbound").fetchone()[0]


@pytest.mark.parametrize("row", VECTORS["http"], ids=lambda row: f"{row['case']} {row['name']}")
def test_each_vector_gets_its_answer(shared, row):
    body, before = body_of(row), stored(shared)
    headers = shared.signed(body)
    for name, value in row.get("headers", {}).items():
        headers.pop(name, None) if value is None else headers.update({name: value * row.get("repeat", 1)})
    answer = shared.ask(row.get("method", "POST"), "/v1/requests", body, headers, chunked=row.get("chunked", False))
    assert answer.status == row["status"], answer.body
    assert stored(shared) - before == (1 if row["status"] == 202 else 0)
    if row["status"] == 202:
        assert answer.headers["Location"] == f"/v1/requests/{answer.json['id']}"
        return
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json["code"], answer.json["status"]) == (row["code"], row["status"])
    assert answer.json["detail"].endswith(".")
    if "pointer" in row:
        assert row["pointer"] in [fault["pointer"] for fault in answer.json["errors"]]


def test_every_problem_of_a_payload_is_named_at_once(shared):
    answer = shared.post({"form": "ana@casa.example", "subject": 7, "text": ""})
    faults = {fault["pointer"]: fault for fault in answer.json["errors"]}
    assert set(faults) == {"/form", "/from", "/subject", "/text"}
    assert faults["/form"]["hint"] == "Did you mean from?"
    assert faults["/subject"]["detail"] == "Expected a string, found a number."


def test_no_answer_repeats_what_the_customer_wrote(shared):
    for payload in ({"from": "secret", "text": "x"}, {"from": "a@b.example", "text": "x", "ticket": "secret secret"}):
        assert b"secret" not in shared.post(payload).body
    assert b"secret" not in shared.post(b'{"text": "secret", }').body


def test_the_same_id_again_is_taken_once(site):
    first = site.post(GOOD, webhook_id="msg_1")
    again = site.post(GOOD, webhook_id="msg_1", at=time.time() - 60)
    assert (first.status, again.status) == (202, 202)
    assert (first.json["new"], again.json["new"]) == (True, False)
    assert first.json["id"] == again.json["id"]
    assert stored(site) == 1


def test_the_same_id_five_times_at_once_is_taken_once(site):
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: site.post(GOOD, webhook_id="msg_1"), range(5)))
    assert [answer.status for answer in answers] == [202] * 5
    assert sum(answer.json["new"] for answer in answers) == 1
    assert stored(site) == 1


def test_a_mail_by_webhook_and_the_same_mail_again_are_one(site):
    import base64

    raw = base64.b64encode(b"From: a@b.example\r\nMessage-ID: <1@b.example>\r\nSubject: x\r\n\r\nHola\r\n").decode()
    first, second = site.post({"raw": raw}), site.post({"raw": raw})
    assert (first.json["new"], second.json["new"]) == (True, False)
    assert site.store.inbound(first.json["id"]).source == "mail"


def test_it_is_on_the_disk_when_the_answer_comes(site):
    number = site.post(GOOD).json["id"]
    assert json.loads(site.store.inbound(number).raw) == GOOD


def test_a_sender_that_hangs_up_before_the_answer_is_taken_once(site):
    body = json.dumps(GOOD).encode()
    headers = site.signed(body, webhook_id="msg_gone")
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(
            f"POST /v1/requests HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode()
            + body
        )
    deadline = time.monotonic() + 120
    while stored(site) == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert site.post(GOOD, webhook_id="msg_gone").json["new"] is False
    assert stored(site) == 1


def test_a_store_that_cannot_commit_is_503_and_nothing_is_lost_by_trying_again(tmp_path):
    with serving(settings_in(tmp_path)) as site:
        path = site.settings.database_url.value.removeprefix("sqlite:///")
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("begin immediate")
        refused = site.post(GOOD, webhook_id="msg_1")
        blocker.execute("rollback")
        taken = site.post(GOOD, webhook_id="msg_1")
    assert refused.status == 503
    assert refused.json["code"] == "store-unavailable"
    assert int(refused.headers["Retry-After"]) > 0
    assert (taken.status, taken.json["new"]) == (202, True)


def test_a_full_disk_is_503_and_not_ready(site, monkeypatch):
    monkeypatch.setattr(type(site.store), "has_room", lambda self: False)
    assert site.post(GOOD).status == 503
    assert site.get("/readyz").status == 503
    assert stored(site) == 0


def test_both_secrets_are_taken_while_one_is_replaced(tmp_path):
    other = "whsec_" + "QUJD" * 8
    with serving(settings_in(tmp_path, webhook_secrets=(Secret(other), Secret(SECRET)))) as site:
        assert site.post(GOOD, secret=SECRET).status == 202
        assert site.post(GOOD, secret=other).status == 202
    with serving(settings_in(tmp_path, webhook_secrets=(Secret(other),))) as site:
        assert site.post(GOOD, secret=SECRET).status == 401


def test_without_a_secret_nothing_is_taken(tmp_path):
    with serving(settings_in(tmp_path, webhook_secrets=())) as site:
        answer = site.post(GOOD)
    assert (answer.status, answer.json["code"]) == (401, "no-secret")


def test_who_guesses_signatures_has_to_wait_and_whoever_knows_the_secret_does_not(tmp_path):
    with serving(settings_in(tmp_path), bad_signatures=FailureLimiter(3, 60)) as site:
        guesses = [site.post(GOOD, secret="whsec_" + "QUJD" * 8) for _ in range(5)]
        answer = site.post(GOOD)
    assert [guess.status for guess in guesses] == [401, 401, 401, 429, 429]
    assert 1 <= int(guesses[-1].headers["Retry-After"]) <= 60
    assert answer.status == 202


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: 4x\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
    ],
)
def test_a_request_with_two_lengths_is_refused(shared, head):
    with socket.create_connection(("127.0.0.1", shared.port), timeout=60) as connection:
        connection.sendall(f"POST /v1/requests HTTP/1.1\r\nHost: localhost\r\n{head}\r\n0\r\n\r\n".encode())
        answer = connection.recv(4096)
    assert answer.split()[1] in (b"400", b"501", b"415", b"401"), answer
    assert b"202" not in answer.split(b"\r\n")[0]


def test_a_header_with_underscores_does_not_count(shared):
    body = json.dumps(GOOD).encode()
    headers = {
        name.replace("-", "_") if name.startswith("webhook") else name: v for name, v in shared.signed(body).items()
    }
    answer = shared.ask("POST", "/v1/requests", body, headers)
    assert (answer.status, answer.json["code"]) == (401, "missing_header")


def test_two_hundred_slow_senders_do_not_hold_up_the_others(site):
    slow = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(200)]
    stop = threading.Event()

    def drip():
        for connection in slow:
            connection.sendall(b"POST /v1/requests HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        while not stop.wait(0.5):
            for connection in slow:
                connection.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        time.sleep(0.5)
        times = []
        for _ in range(50):
            begin = time.monotonic()
            assert site.post(GOOD).status == 202
            times.append(time.monotonic() - begin)
    finally:
        stop.set()
        dripping.join()
        for connection in slow:
            connection.close()
    assert sorted(times)[48] < 30, "nobody waits for the slow ones to be given up after a minute"
