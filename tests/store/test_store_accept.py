"""What arrives is kept once, byte for byte, whatever it is made of."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st
from verdicts import arrival, mail

from plugin.store import OTHER_BYTES, Store, StoreUnavailable
from plugin.store.engine import BUSY_MS
from plugin.store.keys import source_key
from plugin.store.tables import inbound, job


def counts(store: Store) -> tuple[int, int]:
    """How many arrivals and jobs there are."""
    with store.engine.connect() as conn:
        both = (sa.select(sa.func.count()).select_from(table) for table in (inbound, job))
        first, second = (conn.execute(query).scalar_one() for query in both)
    return first, second


def test_the_bytes_are_kept_with_one_job(store: Store) -> None:
    raw = mail() + bytes(range(256))
    receipt = store.accept(arrival(raw))
    kept = store.inbound(receipt.inbound_id)
    assert receipt.new
    assert kept is not None
    assert kept.raw == raw
    assert counts(store) == (1, 1)


SAME = [
    ("the same bytes again", mail(), mail()),
    ("by another server, with another header", mail(), mail(extra="Received: by elsewhere\r\n")),
    ("with other line ends", mail(), mail().replace(b"\r\n", b"\n")),
    ("with the sender's name in another form", mail(), mail().replace(b"ana@casa.example", b"Ana <Ana@casa.example>")),
    ("with a folded Message-ID", mail(), mail().replace(b"Message-ID: ", b"message-id:\r\n ")),
    ("without a Message-ID, the same bytes", mail(message_id=""), mail(message_id="")),
]
OTHER = [
    ("another Message-ID", mail(), mail("two@casa.example"), None),
    ("the same Message-ID and another text", mail(), mail(body="Something else"), OTHER_BYTES),
    ("the same Message-ID and text of somebody else", mail(), mail().replace(b"ana@", b"bob@"), OTHER_BYTES),
    (
        "the same Message-ID, no text and another subject",
        *(mail(body="", extra=f"Subject: {n}\r\n") for n in "ab"),
        OTHER_BYTES,
    ),
    ("the same, with bare carriage returns", *(mail(body=b).replace(b"\r\n", b"\r") for b in ("1", "2")), OTHER_BYTES),
    ("without Message-IDs, another text", mail(message_id=""), mail(message_id="", body="Other"), None),
]


@pytest.mark.parametrize(("first", "second"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_the_same_mail_is_kept_once(store: Store, first: bytes, second: bytes) -> None:
    one, two = store.accept(arrival(first)), store.accept(arrival(second, mailbox="webhook"))
    assert (two.new, two.inbound_id) == (False, one.inbound_id)
    assert counts(store) == (1, 1)


@pytest.mark.parametrize(("first", "second", "flag"), [row[1:] for row in OTHER], ids=[row[0] for row in OTHER])
def test_another_mail_is_kept_beside_it_and_also_once(store: Store, first: bytes, second: bytes, flag: str) -> None:
    store.accept(arrival(first))
    two = store.accept(arrival(second))
    kept = store.inbound(two.inbound_id)
    assert two.new
    assert kept is not None
    assert kept.flagged == flag
    assert store.accept(arrival(second)).new is False
    assert counts(store) == (2, 2)


def test_a_mail_whose_bytes_are_gone_is_told_from_another_by_its_text(store: Store) -> None:
    store.accept(arrival(mail()))
    with store.engine.begin() as conn:
        conn.execute(inbound.update().values(raw=None))
    assert not store.accept(arrival(mail(extra="Received: by elsewhere\r\n"))).new
    assert store.accept(arrival(mail(body="Something else"))).new


def test_a_webhook_counts_once_by_its_own_id(store: Store) -> None:
    body = json.dumps({"text": "hello"}).encode()
    first = store.accept(arrival(body, "webhook", "msg_1"))
    assert store.accept(arrival(body, "webhook", "msg_1")) == type(first)(first.inbound_id, new=False)
    assert store.accept(arrival(body, "webhook", "msg_2")).new


def test_a_payload_that_names_its_mail_is_the_same_as_that_mail(store: Store) -> None:
    first = store.accept(arrival(mail()))
    body = json.dumps({"message_id": "<one@casa.example>", "text": "Hello"}).encode()
    assert store.accept(arrival(body, "webhook", "msg_1")) == type(first)(first.inbound_id, new=False)


def test_another_payload_that_names_the_same_mail_is_kept_beside_it_and_also_once(store: Store) -> None:
    def payload(text: str, **more: str) -> bytes:
        return json.dumps({"message_id": "<one@casa.example>", "text": text, **more}).encode()

    assert store.accept(arrival(payload("Hello"), "webhook", "msg_1")).new
    second = store.accept(arrival(payload("Other"), "webhook", "msg_2"))
    kept = store.inbound(second.inbound_id)
    assert second.new
    assert kept is not None
    assert kept.raw == payload("Other")
    again = (payload("Hello", ticket="7"), payload("Other", date="2026-11-21T09:30:00Z"))
    assert not any(store.accept(arrival(raw, "webhook", key)).new for raw in again for key in ("msg_2", "msg_3"))
    assert counts(store) == (2, 2)


def test_the_same_event_at_once_on_several_hosts_is_one(opened: Callable[[], Store]) -> None:
    stores = [opened() for _ in range(5)]
    ready = threading.Barrier(len(stores))
    new: list[bool] = []

    def post(store: Store) -> None:
        ready.wait()
        new.extend(store.accept(arrival(b"{}", "webhook", f"msg_{n}")).new for n in range(20))

    threads = [threading.Thread(target=post, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (new.count(True), new.count(False)) == (20, 80)
    assert counts(stores[0]) == (20, 20)


@given(raw=st.binary(max_size=3000))
@tuned(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_have_a_key(raw: bytes) -> None:
    for source in ("mail", "webhook", "form"):
        key = source_key(arrival(raw, source))
        assert len(key) <= 160
        assert key == source_key(arrival(raw, source))


@pytest.mark.parametrize(
    "raw", [b"", b"\x00", b"[" * 100_000, b"Message-ID: " + b"x" * 300_000, b"\xff\xfe\r\n\r\n\x00"]
)
def test_anything_at_all_is_kept(store: Store, raw: bytes) -> None:
    for source in ("mail", "webhook"):
        kept = store.inbound(store.accept(arrival(raw, source)).inbound_id)
        assert kept is not None
        assert kept.raw == raw


@pytest.fixture
def locked(store: Store) -> Iterator[sa.Connection]:
    """Somebody else holds the database; rolling back lets go of it."""
    other = sa.create_engine(store.engine.url)
    with other.connect() as conn:
        if conn.dialect.name == "sqlite":
            conn.connection.isolation_level = None  # type: ignore[attr-defined]
            conn.exec_driver_sql("BEGIN EXCLUSIVE")
        else:
            conn.exec_driver_sql("LOCK TABLE inbound IN ACCESS EXCLUSIVE MODE")
        yield conn
    other.dispose()


def test_who_waits_for_an_answer_is_told_soon_that_the_database_is_held(store: Store, locked: sa.Connection) -> None:
    began = time.monotonic()
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            store.accept(arrival(b"Message-ID: <one@a.example>\r\n\r\n"), patience=0.2)
    assert time.monotonic() - began < BUSY_MS / 1000, "not as long as those wait who have time"
    locked.connection.rollback()
    assert store.accept(arrival(b"Message-ID: <one@a.example>\r\n\r\n"), patience=30.0).new


def test_patience_is_for_the_one_who_has_none(store: Store, locked: sa.Connection) -> None:
    with pytest.raises(StoreUnavailable):
        store.accept(arrival(b"one"), patience=0.2)
    timer = threading.Timer(1.0, lambda: locked.connection.rollback())
    timer.start()
    assert store.accept(arrival(b"two")).new, "the connection of the first is used again, and waits again"
    timer.join()
