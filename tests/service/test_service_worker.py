"""From bytes that came in to a sorted ticket and one answer, with real parts from end to end."""

from __future__ import annotations

import fcntl
import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from running import Service, customer_mail
from servers.ground import wait_for
from servers.smtp import SmtpServer

from plugin.model import Decision
from plugin.service.health import of_store, overall
from plugin.settings import Smtp
from plugin.store import Job, Stale, StoreError
from plugin.store.engine import sqlite_path
from plugin.store.people import mail_id
from plugin.store.tables import job, thread


def only_decision(service: Service, inbound_id: int = 1) -> Decision:
    found = service.store.decision(inbound_id)
    assert found is not None
    return found


def test_a_mail_becomes_a_sorted_ticket_and_one_answer(service: Service) -> None:
    service.accept(customer_mail())
    service.work()
    (request,) = service.store.requests()
    made = only_decision(service)
    assert made.reply is not None
    assert (request.group, request.intent, request.language) == (made.group, made.intent, "es")
    assert (request.state, request.asked) == ("waiting", made.reply.asks)
    (reply,) = service.outbox()
    assert (reply["To"], reply["In-Reply-To"]) == ("ana@casa.example", "<one@casa.example>")
    assert reply["Auto-Submitted"] == "auto-replied"
    assert made.reply.text.split()[0] in str(reply.get_payload(0))
    assert {entry.state for entry in service.store.timeline(1) if entry.kind != "message"} == {"done"}
    assert overall(of_store(service.store)) == "ok"


def test_the_same_mail_again_changes_nothing(service: Service) -> None:
    for _ in range(3):
        service.accept(customer_mail())
        service.work()
    assert len(service.store.requests()) == 1
    assert len(service.outbox()) == 1


def test_the_customers_answer_joins_the_request(service: Service) -> None:
    service.accept(customer_mail())
    service.work()
    ours = service.outbox()[0]["Message-ID"]
    answer = customer_mail(
        "La factura F-2291, 89 euros, del 3 de marzo, porque me cobraron dos veces.",
        "two@casa.example",
        subject="Re: algo",
        in_reply_to=ours,
    )
    service.accept(answer)
    service.work()
    (request,) = service.store.requests()
    assert (request.rounds, request.state) == (1, "handed-over")
    assert {"charge", "amount", "date"} <= {*request.given}
    assert (request.intent, request.group, request.missing) == ("refund", "billing", ())
    assert len([e for e in service.store.timeline(1) if e.kind == "message"]) == 2


def test_a_deadline_that_came_while_nobody_worked_lets_what_lies_in_the_mailbox_be_read_first(service: Service) -> None:
    service.accept(customer_mail())
    service.work()
    with service.store.engine.begin() as conn:
        conn.execute(job.update().where(job.c.kind == "due").values(run_at=service.store.clock() - timedelta(hours=9)))
    stop = threading.Event()
    working = threading.Thread(target=service.worker.run, args=(stop,))
    working.start()
    try:
        service.accept(
            customer_mail("Fueron 89 euros.", "two@casa.example", in_reply_to=service.outbox()[0]["Message-ID"])
        )
        wait_for(lambda: service.store.decision(2) is not None, message="the answer was not decided")
    finally:
        stop.set()
        working.join(20)
    assert [entry.text for entry in service.store.timeline(1) if entry.kind == "due"] == []
    assert "Silence" not in service.store.requests()[0].note


def test_our_own_mail_and_robots_are_kept_and_not_answered(service: Service) -> None:
    service.accept(customer_mail())
    service.work()
    looped = bytes(service.outbox()[0]).replace(b"To: ana@", b"To: support@")
    service.accept(looped)
    service.accept(customer_mail("Estoy fuera", "three@casa.example", auto_submitted="auto-replied"))
    service.work()
    assert len(service.outbox()) == 1
    assert service.store.failed() == ()
    assert [only_decision(service, i).suppressed is not None for i in (2, 3)] == [True, True]


def test_a_sender_is_answered_three_times_a_day_at_most(service: Service) -> None:
    for number in range(6):
        text = f"Quiero un reembolso de la factura F-{1000 + number}, {('una', 'otra', 'alguna')[number % 3]} más"
        service.accept(customer_mail(text, f"{number}@casa.example", subject=f"Asunto {number}"))
        service.work()
    assert len(service.outbox()) == 3
    assert len(service.store.requests()) == 6


def test_what_cannot_be_handled_is_set_aside_and_nothing_behind_it_waits(service: Service) -> None:
    bad = service.accept(b"{ this is no JSON", "webhook", "msg_1")
    service.accept(customer_mail())
    deadline = time.monotonic() + 120
    while not service.store.failed() and time.monotonic() < deadline:
        service.work()
        assert len(service.store.requests()) == 1, "the good one is done already"
        time.sleep(0.2)
    (failed,) = service.store.failed()
    assert (failed.kind, failed.inbound_id, failed.attempts) == ("triage", bad.inbound_id, 3)
    assert failed.error.startswith("JSONDecodeError")
    assert len(failed.history) == 3
    kept = service.store.inbound(bad.inbound_id)
    assert kept is not None
    assert kept.raw == b"{ this is no JSON"
    assert overall(of_store(service.store)) == "warning"
    assert service.store.retry(failed.id)
    assert service.store.failed() == ()


def test_a_webhook_is_decided_like_a_mail(service: Service) -> None:
    body = {"from": "ana@casa.example", "subject": "Reembolso", "text": "Quiero un reembolso"}
    service.accept(json.dumps(body).encode(), "webhook", "msg_1")
    service.work()
    (request,) = service.store.requests()
    assert (request.requester, request.subject) == ("ana@casa.example", "Reembolso")
    assert [mail["To"] for mail in service.outbox()] == ["ana@casa.example"]


def test_a_dry_run_decides_and_sends_nothing(serve: Callable[..., Service]) -> None:
    service = serve(dry_run=True, hook_url="http://127.0.0.1:1/")
    service.accept(customer_mail())
    service.work()
    assert service.outbox() == []
    assert {e.kind: e.text for e in service.store.timeline(1) if e.kind in ("reply", "webhook")} == {
        "reply": "dry run",
        "webhook": "dry run",
    }


@pytest.mark.parametrize("note", ["second", "part"])
def test_the_mail_gateway(serve: Callable[..., Service], note: str) -> None:
    service = serve(desk="gateway", gateway_note=note, gateway_addresses={"*": "desk@desk.example"})
    raw = customer_mail(x_antesala_group="security")
    service.accept(raw)
    service.work()
    to_desk = [mail for mail in service.outbox() if mail["X-Envelope-To"] == "desk@desk.example"]
    original = next(mail for mail in to_desk if mail["Message-ID"] == "<one@casa.example>")
    made = only_decision(service)
    assert original.get_all("X-Antesala-Group") == [made.group]
    assert original["X-Antesala-Score"] == str(made.completeness.score)
    assert original.is_multipart() is (note == "part")
    assert len(to_desk) == (2 if note == "second" else 1)
    assert service.store.failed() == ()


def test_a_gateway_without_an_address_for_the_group_says_so(serve: Callable[..., Service]) -> None:
    service = serve(desk="gateway", gateway_addresses={"nobody": "x@desk.example"})
    service.accept(customer_mail())
    service.work()
    assert {failed.error for failed in service.store.failed()} == {"GatewayAddressMissing"}
    assert len(service.outbox()) == 1, "the customer is answered all the same"


def test_after_data_without_an_answer_the_operator_decides(serve: Callable[..., Service]) -> None:
    with SmtpServer(faults={"dot": "cut"}) as server:
        service = serve(smtp=Smtp(scheme="smtp", host="127.0.0.1", port=server.port))
        service.accept(customer_mail())
        service.work()
        (failed,) = service.store.failed()
        assert (failed.kind, failed.state, len(server.mails)) == ("reply", "uncertain", 1)
        assert [e.state for e in service.store.timeline(1) if e.kind == "desk"] == ["done"]
        server.faults.clear()
        assert service.store.resolve(failed.id, "send")
        service.work()
        first, second = server.mails
        assert first.data == second.data, "the very same bytes, so that receivers can tell"
        assert service.store.failed() == ()


def test_a_server_that_refuses_the_null_sender_stops_sending_and_loses_nothing(serve: Callable[..., Service]) -> None:
    with SmtpServer(faults={"mail": "550 5.1.7 no"}) as server:
        service = serve(smtp=Smtp(scheme="smtp", host="127.0.0.1", port=server.port))
        service.accept(customer_mail())
        service.work()
        assert [(s.name, s.kind, s.reason) for s in service.store.breakers()] == [("reply", "pause", "MailFrom 550")]
        assert overall(of_store(service.store)) == "warning"
        assert service.store.failed() == ()
        server.faults.clear()
        service.store.resume("reply")
        with service.store.engine.begin() as conn:
            conn.exec_driver_sql("UPDATE job SET run_at = created_at")
        service.work()
        assert len(server.mails) == 1


def test_it_runs_until_it_is_told_to_stop(service: Service) -> None:
    stop = threading.Event()
    running = threading.Thread(target=service.worker.run, args=(stop,))
    running.start()
    service.accept(customer_mail())
    wait_for(service.outbox)
    assert len(service.outbox()) == 1
    stop.set()
    running.join(60)
    assert not running.is_alive()


def test_work_in_hand_is_given_back_when_it_cannot_end_in_time(
    serve: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.service.worker.STOP", 0.5)
    with SmtpServer(faults={"rcpt": "stall"}) as server:
        service = serve(smtp=Smtp(scheme="smtp", host="127.0.0.1", port=server.port))
        service.accept(customer_mail())
        stop = threading.Event()
        running = threading.Thread(target=service.worker.run, args=(stop,))
        running.start()
        wait_for(lambda: service.store.health().states.get("reply", {}).get("running") == 1)
        stop.set()
        running.join(60)
        assert not running.is_alive()
        assert service.store.health().states["reply"] == {"ready": 1}


def test_a_decision_that_others_overtake_costs_the_message_no_try(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(_job: Job) -> int:
        raise Stale

    service.accept(customer_mail())
    with monkeypatch.context() as patch:
        patch.setattr(service.worker._triager, "decide", overtaken)
        for _ in range(5):
            assert service.worker.run_once()
    assert service.store.health().states["triage"] == {"ready": 1}
    service.work()
    assert len(service.outbox()) == 1


def held(lock: Path) -> bool:
    with lock.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_on_sqlite_a_second_worker_is_refused_with_a_reason(service: Service, serve: Callable[..., Service]) -> None:
    stop = threading.Event()
    running = threading.Thread(target=service.worker.run, args=(stop,))
    running.start()
    lock = Path(f"{sqlite_path(service.store.engine.url)}.worker")
    wait_for(lambda: lock.exists() and held(lock))
    try:
        with pytest.raises(StoreError, match="With SQLite one is enough"):
            serve().worker.run(threading.Event())
    finally:
        stop.set()
        running.join(60)


def test_our_message_ids_lead_back_to_the_request(service: Service) -> None:
    service.accept(customer_mail())
    service.work()
    ours = service.outbox()[0]["Message-ID"]
    with service.store.engine.connect() as conn:
        rows = {row.message_id: row.ours for row in conn.execute(thread.select())}
    assert rows == {mail_id(ours): True, mail_id("one@casa.example"): False}
