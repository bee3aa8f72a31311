"""A receiver of webhooks that is busy, broken or slow in three calls of ten: every event arrives, none counts twice."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from quick import Quick

from plugin.act import hook

pytestmark = pytest.mark.server
EVENTS = 20
WAIT = 120


class Receiver(ThreadingHTTPServer):
    """Does what a throw of the dice says: 429, 500, takes the event and says nothing, or takes it."""

    daemon_threads = True

    def __init__(self, clock: Callable[[], datetime], weights: dict[str, float]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.clock, self.weights = clock, weights
        self.dice = random.Random(20)
        self.calls: list[tuple[datetime, str]] = []
        self.taken: Counter[str] = Counter()
        self.over = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def close(self) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        deed = self.server.dice.choices([*self.server.weights], [*self.server.weights.values()])[0]
        self.server.calls.append((self.server.clock(), deed))
        if deed in ("taken", "silent"):
            self.server.taken[self.headers["webhook-id"]] += 1
        if deed == "silent":
            self.server.over.wait(60)
            self.close_connection = True
            return
        self.send_response({"taken": 204, "busy": 429, "broken": 500}[deed])
        if deed == "busy":
            self.send_header("Retry-After", str(WAIT))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receive() -> Iterator[Callable[..., Receiver]]:
    made: list[Receiver] = []

    def build(clock: Callable[[], datetime], **weights: float) -> Receiver:
        made.append(Receiver(clock, weights))
        return made[-1]

    yield build
    for one in made:
        one.close()


def connected(
    quick: Callable[..., Quick], receive: Callable[..., Receiver], **weights: float
) -> tuple[Quick, Receiver]:
    receiver = receive(lambda: house.now, **weights)
    house = quick(hook_url=receiver.url)
    return house, receiver


def test_three_calls_of_ten_fail_and_every_event_counts_once(
    quick: Callable[..., Quick], receive: Callable[..., Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook, "TIMEOUT", httpx.Timeout(2.0))
    house, receiver = connected(quick, receive, taken=0.7, busy=0.1, broken=0.15, silent=0.05)
    house.write(EVENTS)
    house.pass_time(house.settled)
    assert house.states("webhook") == {"done": EVENTS}
    assert len(receiver.taken) == EVENTS, "a repetition has the id of the first, by which the receiver knows it"
    deeds = Counter(deed for _, deed in receiver.calls)
    assert deeds["taken"] == EVENTS
    assert min(deeds["busy"], deeds["broken"], deeds["silent"]) > 0
    assert sum(receiver.taken.values()) == EVENTS + deeds["silent"]
    assert list(house.sent().values()) == [1] * EVENTS, "and each customer has one answer"


def test_a_receiver_that_is_busy_is_left_alone_for_as_long_as_it_says(
    quick: Callable[..., Quick], receive: Callable[..., Receiver]
) -> None:
    house, receiver = connected(quick, receive, taken=0.5, busy=0.5)
    house.write(6)
    house.pass_time(house.settled)
    assert house.states("webhook") == {"done": 6}
    for (before, deed), (after, _) in zip(receiver.calls, receiver.calls[1:], strict=False):
        assert deed != "busy" or after - before >= timedelta(seconds=WAIT)
    assert any(deed == "busy" for _, deed in receiver.calls)


def test_a_receiver_that_is_away_for_a_day_gets_everything_afterwards(
    quick: Callable[..., Quick], receive: Callable[..., Receiver]
) -> None:
    house, receiver = connected(quick, receive, broken=1.0)
    house.write(1)
    house.wait(hours=24)
    assert house.states("webhook") == {"ready": 1}
    assert len(receiver.calls) < 60, "and is not asked all the time"
    receiver.weights = {"taken": 1.0}
    house.pass_time(house.settled)
    assert list(receiver.taken.values()) == [1]


def test_an_address_where_nobody_listens_holds_up_one_try_a_while(quick: Callable[..., Quick]) -> None:
    house = quick(hook_url="http://127.0.0.1:1/hook")
    house.write(5)
    assert house.states("webhook") == {"ready": 5}
    assert [stop.reason for stop in house.store.breakers()] == ["ConnectError"]
    assert house.states("reply") == {"done": 5}, "customers are answered all the same"
    house.wait(hours=0.1)
    assert house.states("webhook") == {"ready": 5}, "nothing is given up because a receiver is down"
