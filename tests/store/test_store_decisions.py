"""A decision and what follows from it are kept together; conversations are joined by who may join them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from verdicts import NOW, arrival, decide, decision, mail, message, reply_effect, take_in

from plugin.act.outcome import Outcome
from plugin.model import Address, Effect, Evidence, History, Message, Step
from plugin.service.health import of_store, overall
from plugin.store import Lost, Stale, Store, Verdict, queue

OURS = "reply1@acme.example"  # the Message-ID of the reply to the first message


def first(store: Store) -> int:
    return decide(store, take_in(store, mail()), message())


def later(message_id: str = "two@casa.example", **more: object) -> Message:
    return message(message_id, **{"subject": "Something else", **more})


def test_a_decision_comes_back_as_it_was_kept(store: Store) -> None:
    job = take_in(store, mail())
    number = decide(store, job, message())
    assert store.decision(job.inbound_id or 0) == decision()
    request = store.request(number)
    assert request is not None
    assert (request.state, request.group, request.score, request.missing) == ("waiting", "billing", 50, ("date",))
    assert (request.requester, request.subject, request.asked, request.given) == (
        "ana@casa.example", "Refund", ("date",), ("amount",),
    )  # fmt: skip
    assert [entry.kind for entry in store.timeline(number)] == ["message", "desk", "reply"]
    assert store.request_of(job.inbound_id or 0) == number


def test_secrets_of_the_customer_are_kept_nowhere_but_in_the_bytes(store: Store) -> None:
    secret, card = "hunter2secret", "4111 1111 1111 1111"
    text = f"My password: {secret} and my card {card}"
    about = message(text=text, subject=f"password: {secret}")
    quoting = decision(
        note=f"They wrote {secret} and {card}", trail=(Step("x", "y", None, True, "z", (Evidence(f"is {secret}"),)),)
    )
    number = decide(store, take_in(store, mail(body=text)), about, quoting)
    kept = repr((store.request(number), store.decision(1), store.timeline(number), store.failed()))
    assert secret not in kept
    assert card not in kept


def test_all_or_nothing(store: Store) -> None:
    job = take_in(store, mail())
    broken = Verdict(
        message(), decision(), (Effect("x" * 500, "desk", {"no": object()}),), store.known(message(), NOW), NOW
    )
    with pytest.raises(Exception, match="JSON"):
        store.record(job, broken)
    assert store.requests() == ()
    assert store.finish(job, Outcome("done")), "the job is still ours"


def test_who_lost_the_job_keeps_no_decision(store: Store) -> None:
    job = take_in(store, mail())
    store.release(job)
    with pytest.raises(Lost):
        decide(store, job, message())
    assert store.requests() == ()


def test_a_decision_from_a_history_that_is_no_longer_true_is_refused(store: Store) -> None:
    one, two = take_in(store, mail()), take_in(store, mail("two@casa.example"))
    other = later()
    before = store.known(other, NOW)
    decide(store, one, message())
    with pytest.raises(Stale):
        store.record(two, Verdict(other, decision(), (), before, NOW))
    assert len(store.requests()) == 1
    assert decide(store, two, other) == 2


def test_a_history_that_differs_where_nothing_depends_on_it_is_good_enough(store: Store) -> None:
    one, two = take_in(store, mail()), take_in(store, mail("two@casa.example"))
    other = later()
    before = store.known(other, NOW)
    decide(store, one, message())
    seen = []

    def alike(now: History, then: History) -> bool:
        seen.append((now.replies_from_mailbox_1h, then.replies_from_mailbox_1h))
        return True

    assert store.record(two, Verdict(other, decision(), (), before, NOW, alike)) == 2
    assert seen == [(1, 0)]


def test_two_workers_never_both_think_that_nothing_was_sent(opened: Callable[[], Store]) -> None:
    """Eight mails of one sender at once: each decision saw exactly the replies before it."""
    stores = [opened() for _ in range(4)]
    seen: list[int] = []

    def work(store: Store, names: range) -> None:
        for n in names:
            about = later(f"{n}@casa.example", subject=f"Matter {n}")
            store.accept(arrival(mail(about.id)))
            job = store.claim(["triage"])
            while job:
                known = store.known(about, NOW)
                verdict = Verdict(about, decision(), (reply_effect(job.inbound_id or 0),), known, NOW)
                try:
                    store.record(job, verdict)
                except Stale:
                    continue
                seen.append(known.history.replies_to_sender_24h)
                break

    threads = [threading.Thread(target=work, args=(s, range(4 * i, 4 * i + 2))) for i, s in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(8))


@pytest.mark.parametrize(
    ("follow", "joins"),
    [
        (later(in_reply_to=(OURS,)), True),
        (later(references=("unknown@x", OURS)), True),
        (later(references=(OURS,), sender=Address("colleague@elsewhere.example")), True),
        (later(references=("one@casa.example",)), True),
        (later(references=("one@casa.example",), sender=Address("stranger@elsewhere.example")), False),
        (later(subject="Re: [#1] Refund"), True),
        (later(subject="Re: [#1] Refund", sender=Address("stranger@elsewhere.example")), False),
        (later(subject="Re: Refund"), False),  # that is for deciding: see below
        (later(subject="Refund", sender=Address("stranger@elsewhere.example")), False),
        (later(subject="Another matter"), False),
        (later(subject=""), False),
        (later(in_reply_to=("made.up@acme.example",)), False),
        (later(subject="[#999999999999]"), False),
        (later(sender=None, subject="Refund"), False),
    ],
    ids=lambda value: f"{value.subject} {value.references or value.in_reply_to}" if isinstance(value, Message) else "",
)
def test_who_joins_a_conversation(store: Store, follow: Message, joins: bool) -> None:
    assert first(store) == 1
    assert (store.known(follow, NOW).request == 1) is joins


@pytest.mark.parametrize(
    ("subject", "text", "same_subject", "alike"),
    [
        ("Re: Refund", "Any news?", True, 1.0),
        ("RE: Fwd: refund", "I want a refund", True, 1.0),
        ("Something else", "The calendar shows wrong prices", False, 0.0),
        ("", "", False, 0.0),
    ],
)
def test_open_requests_of_the_sender_are_offered(
    store: Store, subject: str, text: str, same_subject: bool, alike: float
) -> None:
    first(store)
    (earlier,) = store.known(later(subject=subject, text=text, newest=text), NOW).history.earlier
    assert (earlier.number, earlier.same_subject, earlier.alike) == (1, same_subject, alike)
    assert (earlier.history.intent, earlier.history.asked) == ("refund", frozenset({"date"}))
    stranger = later(subject=subject, text=text, newest=text, sender=Address("stranger@elsewhere.example"))
    assert store.known(stranger, NOW).history.earlier == ()


def test_somebody_in_copy_takes_part(store: Store) -> None:
    decide(store, take_in(store, mail()), message(cc=(Address("bea@casa.example"),)))
    (earlier,) = store.known(later(sender=Address("bea@casa.example")), NOW).history.earlier
    assert (earlier.number, earlier.wrote) == (1, False)


def test_nobody_in_copy_is_kept_from_requests_of_their_own(store: Store) -> None:
    first(store)
    for number in range(4):  # more than are looked at
        id_ = f"evil{number}@evil.example"
        copied = message(id_, sender=Address("eve@evil.example"), cc=(Address("ana@casa.example"),))
        decide(store, take_in(store, mail(id_, str(number))), copied)
    earlier, *_ = store.known(later(), NOW).history.earlier
    assert (earlier.number, earlier.wrote) == (1, True)


def test_other_names_make_another_matter(store: Store) -> None:
    decide(store, take_in(store, mail()), message(text="Wrong price at Villa Azul, reservation HMX4Q2"))
    for name, other in (("HMX4Q2", False), ("HMZ9K7", True)):
        text = f"Wrong price, reservation {name}"
        (earlier,) = store.known(later(text=text, newest=text), NOW).history.earlier
        assert earlier.other_names is other, name


def test_an_older_request_is_found_by_its_number(store: Store) -> None:
    first(store)
    text = "It is the same as in ticket #1 again"
    mine = later(text=text, newest=text)
    assert store.known(mine, NOW + timedelta(days=40)).history.linked == (1,)
    stranger = later(text=text, newest=text, sender=Address("stranger@elsewhere.example"))
    assert store.known(stranger, NOW).history.linked == ()


def test_the_same_subject_joins_for_a_day_only(store: Store) -> None:
    first(store)
    again = later(subject="Re: Refund")
    assert store.known(again, NOW).history.earlier
    with store.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE request SET updated_at = '2026-03-01 08:00:00+00:00'") if (
            conn.dialect.name != "sqlite"
        ) else conn.exec_driver_sql("UPDATE request SET updated_at = '2026-03-01 08:00:00.000000'")
    assert store.known(again, NOW).history.earlier == ()


def test_the_history_of_an_answer(store: Store) -> None:
    first(store)
    history = store.known(later(in_reply_to=(OURS,)), NOW + timedelta(minutes=5)).history
    assert (history.asked, history.given, history.rounds) == (frozenset({"date"}), frozenset({"amount"}), 1)
    assert (history.replies_to_request, history.replies_to_sender_24h, history.replies_to_domain_1h) == (1, 1, 1)
    assert (history.replies_from_mailbox_1h, history.replies_from_mailbox_24h) == (1, 1)
    assert (history.last_reply_to_sender, history.language, history.request_open) == (NOW, "en", True)
    assert history.own_message_ids == frozenset({OURS})
    assert (history.intent, history.group) == ("refund", "billing")


@pytest.mark.parametrize(
    ("after", "sender", "domain", "mailbox"),
    [
        (timedelta(minutes=59), 1, 1, 1),
        (timedelta(minutes=61), 1, 0, 0),
        (timedelta(hours=25), 0, 0, 0),
        (timedelta(days=-1), 1, 1, 1),  # a clock that went back makes nothing unsent
    ],
)
def test_windows_of_the_ledger(store: Store, after: timedelta, sender: int, domain: int, mailbox: int) -> None:
    first(store)
    history = store.known(later("three@casa.example"), NOW + after).history
    counted = (history.replies_to_sender_24h, history.replies_to_domain_1h, history.replies_from_mailbox_1h)
    assert counted == (sender, domain, mailbox)


@pytest.mark.parametrize(
    "address", ["ana@casa.example", "ANA@casa.example", "ana+x1@casa.example", "ana@casa.example."]
)
def test_one_person_under_many_spellings_is_counted_as_one(store: Store, address: str) -> None:
    first(store)
    assert store.known(later(sender=Address(address)), NOW).history.replies_to_sender_24h == 1


def test_an_answer_fills_in_what_was_missing(store: Store) -> None:
    number = first(store)
    done = decision(asks=(), missing=())
    assert decide(store, take_in(store, mail("two@casa.example")), later(in_reply_to=(OURS,)), done) == number
    request = store.request(number)
    assert request is not None
    assert (request.state, request.missing, request.rounds) == ("complete", (), 1)


def test_a_question_that_was_answered_before_it_was_asked_is_called_off(store: Store) -> None:
    number = first(store)
    follow = later(references=("one@casa.example",))
    decide(store, take_in(store, mail("two@casa.example")), follow, decision(asks=(), missing=()))
    assert store.claim(["reply"]) is None
    assert [e.state for e in store.timeline(number) if e.kind == "reply"] == ["cancelled"]
    assert store.known(follow, NOW).history.replies_to_sender_24h == 0


def test_a_question_that_is_being_sent_is_not_called_off(store: Store) -> None:
    first(store)
    reply = store.claim(["reply"])
    assert reply is not None
    decide(store, take_in(store, mail("two@casa.example")), later(in_reply_to=(OURS,)), decision(asks=(), missing=()))
    assert store.sending(reply)


def test_an_out_of_office_does_not_sort_the_ticket_anew(store: Store) -> None:
    number = first(store)
    before = store.request(number)
    away = replace(decision(asks=()), group="first-line", intent="other", suppressed="auto-submitted", note="Away")
    assert decide(store, take_in(store, mail("two@casa.example")), later(in_reply_to=(OURS,)), away) == number
    after = store.request(number)
    assert before is not None
    assert after == replace(before, updated_at=NOW)
    assert store.claim(["desk"]) is not None
    assert store.claim(["desk"]) is None, "the second message does nothing to the ticket"


def test_whoever_answers_our_mail_has_it(store: Store) -> None:
    first(store)
    reply = store.claim(["reply"])
    assert reply is not None
    store.finish(reply, Outcome("uncertain", error="NoAnswerAfterData"))
    assert len(store.failed()) == 1
    decide(store, take_in(store, mail("two@casa.example")), later(in_reply_to=(OURS,)), decision(asks=()))
    assert store.failed() == ()


def test_an_address_that_refused_mail_for_good_is_left_alone_for_60_days(store: Store) -> None:
    first(store)
    reply = store.claim(["reply"])
    assert reply is not None
    assert not store.known(later(), NOW).history.sender_muted
    store.finish(reply, Outcome("dead", error="RcptTo 550", refused=True))
    now = store.clock()
    assert store.known(later(), now).history.sender_muted
    assert not store.known(later(), now + timedelta(days=61)).history.sender_muted


def test_a_mailbox_that_sent_too_much_stops_until_a_person_says_go_on(store: Store) -> None:
    first(store)
    capped = decision(asks=(), no_reply="mailbox-cap")
    decide(store, take_in(store, mail("two@casa.example")), later(), capped, store.clock())
    assert store.claim(["reply"]) is None, "what is queued waits"
    assert store.known(later(), NOW).history.breaker_open
    assert overall(of_store(store)) == "failing"
    assert store.resume("reply")
    assert not store.known(later(), NOW).history.breaker_open
    assert store.known(later(), store.clock()).history.replies_from_mailbox_24h == 0, "counted anew"
    assert store.claim(["reply"]) is not None


def test_the_same_words_from_one_domain_are_counted(store: Store) -> None:
    for n in range(3):
        robot = later(f"{n}@x", text=f"Ticket {n}: WE GOT your mail!", sender=Address(f"bot{n}@loop.example"))
        decide(store, take_in(store, mail(robot.id)), robot)
    again = later("4@x", text="ticket 77 we got your mail", sender=Address("bot9@loop.example"))
    assert store.known(again, NOW).history.seen_fingerprints == 3
    assert store.known(replace(again, sender=Address("a@else.example")), NOW).history.seen_fingerprints == 0


def test_the_desk_has_it(store: Store) -> None:
    one = first(store)
    about = later(subject="Else")
    two = decide(store, take_in(store, mail("two@casa.example")), about, decision(asks=()))
    for number in (one, two):
        store.hand_over(number)
    assert [r.state for r in store.requests()] == ["handed-over", "waiting"]
    assert [r.number for r in store.requests(state="waiting")] == [one]
    assert [r.number for r in store.requests(group="billing", before=two, limit=1)] == [one]
    assert store.requests(group="none") == ()


def test_a_queue_that_nobody_works_on_turns_health_red(store: Store) -> None:
    store.accept(arrival(mail()))
    assert (overall(of_store(store)), store.health().ready) == ("ok", 1)
    with store.engine.begin() as conn:
        conn.execute(queue.job.update().values(run_at=store.clock() - timedelta(minutes=5)))
    assert overall(of_store(store)) == "failing"
    assert 295 < store.health().oldest_ready_seconds < 310
