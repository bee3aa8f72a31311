"""Tickets of a desk in the store: hooks are kept once, where tickets stand, what people corrected."""

from __future__ import annotations

from verdicts import NOW, decision, mail, message, take_in

from plugin.act.outcome import Outcome
from plugin.model import Effect
from plugin.store import Store, Verdict


def test_a_fetch_that_has_not_begun_stands_for_all_events_of_its_ticket(store: Store) -> None:
    assert store.desk.announce("rt", "7", "a")
    assert not store.desk.announce("rt", "7", "a")
    assert not store.desk.announce("rt", "7", "b"), "it is fetched after this event anyway"
    assert store.desk.announce("rt", "8", "a")
    job = store.claim(("fetch",))
    assert job is not None
    assert store.desk.announce("rt", str(job.payload["ticket"]), "c"), "what has begun may have read already"
    assert not store.desk.announce("rt", str(job.payload["ticket"]), "c")


def test_one_event_is_fetched_once_however_often_it_is_told(store: Store) -> None:
    store.desk.announce("rt", "7", "a")
    job = store.claim(("fetch",))
    assert job is not None
    assert store.finish(job, Outcome("done"))
    assert not store.desk.announce("rt", "7", "a")
    assert store.desk.announce("rt", "7", "b")


def test_fetches_of_long_ago_are_cleared_and_nothing_else(store: Store) -> None:
    for ticket in ("7", "8", "9"):
        store.desk.announce("rt", ticket, "a")
    for outcome in (Outcome("done"), Outcome("done"), Outcome("dead", error="Http 404")):
        job = store.claim(("fetch",))
        assert job is not None
        store.finish(job, outcome)
    assert store.desk.clear() == 0
    with store.engine.begin() as conn:
        conn.exec_driver_sql("update job set finished_at = '2020-01-01 00:00:00' where lane <> 'fetch:8'")
    assert store.desk.clear() == 1
    assert len(store.failed()) == 1


def test_notes_stop_until_a_person_has_looked(store: Store) -> None:
    store.desk.trip("note", "a note can be seen")
    assert [(stop.name, stop.kind) for stop in store.breakers()] == [("note", "breaker")]
    assert store.resume("note")
    assert not store.breakers()


def test_nothing_is_known_of_a_ticket_that_was_never_seen(store: Store) -> None:
    assert store.desk.by_ticket("7") is None
    assert store.desk.where(1) is None
    assert store.desk.corrections() == ()


def test_of_all_that_is_done_to_a_ticket_one_thing_is_in_flight(store: Store) -> None:
    made = (
        Effect("desk:1", "desk", {"looks": True}),
        Effect("note:1", "note", {"looks": True}),
        Effect("reply:1:ask", "reply", {"via": "desk", "to": "ana@casa.example"}),
    )
    job, about = take_in(store, mail()), message()
    store.record(job, Verdict(about, decision(), made, store.known(about, NOW), NOW))
    kinds, done = ["desk", "note", "reply"], []
    while first := store.claim(kinds):
        assert store.claim(kinds) is None
        store.finish(first, Outcome("done"))
        done.append(first.kind)
    assert sorted(done) == kinds


def test_a_ticket_is_not_read_while_something_is_done_to_it(store: Store) -> None:
    job, about = take_in(store, mail()), message()
    made = (Effect("note:1", "note", {"looks": True}),)
    store.record(job, Verdict(about, decision(), made, store.known(about, NOW), NOW))
    store.desk.give_ticket(1, "77")
    assert store.desk.announce("rt", "77", "event")
    note = store.claim(["note"])
    assert note
    assert store.claim(["fetch"]) is None
    store.finish(note, Outcome("done"))
    assert store.claim(["fetch"])
