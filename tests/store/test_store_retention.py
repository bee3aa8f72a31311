"""What is kept for how long, and that a person who is forgotten is nowhere any more, not even in the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from verdicts import arrival, decide, decision, mail, message, take_in

from plugin.act.outcome import Outcome
from plugin.model import Address, Completeness, Evidence, Issue, Item, Reply, Step
from plugin.settings import Secret, Settings
from plugin.store import Lost, Store, open_store
from plugin.store.engine import writing
from plugin.store.tables import inbound, request

WORDS = "Unmistakablewords"


def talkative() -> object:
    step = Step("intent", "refund", None, True, f"they wrote {WORDS}", (Evidence(WORDS),))
    checklist = Completeness(50, (Item("amount", True, 1.0, (Evidence(WORDS),)), Item("date", False, 1.0)))
    wants = (Issue("refund", "billing", WORDS, 0.9, (Evidence(WORDS),), checklist),)
    made = decision(note=WORDS, trail=(step,), issues=wants, completeness=checklist)
    return replace(made, reply=Reply("en", WORDS, WORDS, ("date",), WORDS, "ask", (WORDS,), ((WORDS, WORDS),)))


def conversation(store: Store, name: str, address: str) -> int:
    job = take_in(store, mail(f"{name}@x", body=WORDS).replace(b"ana@casa.example", address.encode()))
    about = message(f"{name}@x", text=WORDS, subject=f"{WORDS} {name}", sender=Address(address, WORDS))
    number = decide(store, job, about, talkative())  # type: ignore[arg-type]
    while effect := store.claim(["desk", "reply"]):
        store.finish(effect, Outcome("done"))
    return number


def everything(store: Store) -> str:
    with store.engine.connect() as conn:
        tables = [tuple(row) for table in inbound.metadata.sorted_tables for row in conn.execute(table.select())]
    return repr(tables)


def test_old_texts_go_and_decisions_stay(store: Store) -> None:
    number = conversation(store, "one", "ana@casa.example")
    with writing(store.engine) as conn:
        now = store.clock()
        conn.execute(inbound.update().values(received_at=now - timedelta(days=100)))
        conn.execute(request.update().values(updated_at=now - timedelta(days=89)))
    assert store.purge() == 0, "the conversation goes on"
    with writing(store.engine) as conn:
        conn.execute(request.update().values(updated_at=now - timedelta(days=91)))
    assert store.purge() == 1
    assert store.purge() == 0
    left = everything(store)
    assert WORDS not in left
    assert "ana@casa.example" not in left
    kept, found = store.decision(1), store.request(number)
    assert kept is not None
    assert found is not None
    assert (kept.intent, kept.group, kept.trail[0].rule, kept.completeness.missing) == (
        "refund", "billing", "refund", ("date",),
    )  # fmt: skip
    assert (found.group, found.requester, found.subject, found.note) == ("billing", "", "", "")


def test_what_is_not_decided_yet_is_never_purged(store: Store) -> None:
    store.accept(arrival(mail()))
    with writing(store.engine) as conn:
        conn.execute(inbound.update().values(received_at=store.clock() - timedelta(days=1000)))
    assert store.purge() == 0
    kept = store.inbound(1)
    assert kept is not None
    assert kept.raw == mail()


def test_a_person_is_forgotten_and_nobody_else(store: Store) -> None:
    ana, bob = conversation(store, "one", "ana@casa.example"), conversation(store, "two", "bob@casa.example")
    forgotten = store.forget("Ana@casa.example")
    assert (forgotten.messages, forgotten.requests, forgotten.decisions, forgotten.effects) == (1, 1, 1, 2)
    left = everything(store)
    assert "ana@casa.example" not in left
    assert left.count("bob@casa.example") > 0
    gone, kept = store.request(ana), store.request(bob)
    assert gone is not None
    assert kept is not None
    assert (gone.requester, kept.requester) == ("", "bob@casa.example")
    about = message("three@x", sender=Address("ana@casa.example"))
    assert store.known(about, store.clock()).history.replies_to_sender_24h == 0
    assert store.forget("ana@casa.example").messages == 0


def test_what_was_not_sent_to_a_forgotten_person_yet_is_called_off(store: Store) -> None:
    decide(store, take_in(store, mail()), message())
    store.accept(arrival(mail("two@x", body="not decided yet")))
    forgotten = store.forget("ana@casa.example")
    assert (forgotten.messages, forgotten.called_off) == (2, 3)
    assert store.claim(["triage", "desk", "reply"]) is None


def test_what_is_being_worked_on_when_a_person_is_forgotten_leaves_nothing_behind(store: Store) -> None:
    decide(store, take_in(store, mail(body=WORDS)), message(), talkative())  # type: ignore[arg-type]
    reply = store.claim(["reply"])
    triage = take_in(store, mail("two@x", body=WORDS))
    desk = store.claim(["desk"])
    assert reply
    assert desk
    assert store.sending(reply)
    assert store.forget("ana@casa.example").messages == 2
    with pytest.raises(Lost):
        decide(store, triage, message("two@x"), talkative())  # type: ignore[arg-type]
    assert not store.sending(desk)
    assert store.finish(reply, Outcome("done"))
    assert WORDS not in everything(store)
    assert "ana@casa.example" not in everything(store)


def test_a_guest_in_the_conversation_of_another_is_taken_out(store: Store) -> None:
    number = decide(store, take_in(store, mail()), message(cc=(Address("guest@casa.example"),)))
    guest = message("two@x", references=("one@casa.example",), sender=Address("guest@casa.example"), subject="x")
    assert store.known(guest, store.clock()).request == number
    store.forget("guest@casa.example")
    assert store.known(guest, store.clock()).request is None
    found = store.request(number)
    assert found is not None
    assert found.requester == "ana@casa.example"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_not_a_byte_is_left_in_the_file(store: Store, settings: Settings) -> None:
    conversation(store, "one", "ana@casa.example")
    file = Path(settings.database_url.value.removeprefix("sqlite:///"))
    store.forget("ana@casa.example")
    data = b"".join(path.read_bytes() for path in (file, file.with_name(file.name + "-wal")) if path.exists())
    assert b"decision" in data
    assert WORDS.encode() not in data
    assert b"ana@casa.example" not in data


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_file_shrinks_when_bodies_go(store: Store, settings: Settings) -> None:
    file = Path(settings.database_url.value.removeprefix("sqlite:///"))
    for n in range(20):
        job = take_in(store, mail(f"{n}@x", body="x" * 500_000))
        decide(store, job, message(f"{n}@x", sender=None, subject=""), decision(asks=()))
        while effect := store.claim(["desk"]):
            store.finish(effect, Outcome("done"))
    with writing(store.engine) as conn:
        long_ago = store.clock() - timedelta(days=100)
        conn.execute(inbound.update().values(received_at=long_ago))
        conn.execute(request.update().values(updated_at=long_ago))
    assert store.purge() == 20
    assert file.stat().st_size < 2_000_000


@pytest.mark.timeout(120)
def test_a_file_made_anew_from_a_dump_cannot_shrink_and_holds_nothing_up(tmp_path: Path) -> None:
    def opened(name: str) -> Store:
        return open_store(Settings(home=tmp_path, database_url=Secret(f"sqlite:///{tmp_path}/{name}.db")))

    first = opened("old")
    first.accept(arrival(mail(body="x" * 50_000)))
    first.close()
    with closing(sqlite3.connect(tmp_path / "old.db")) as old, closing(sqlite3.connect(tmp_path / "new.db")) as new:
        new.executescript("\n".join(old.iterdump()))
    second = opened("new")
    assert second.forget("ana@casa.example").messages == 1
    second.close()
