"""The whole job on real servers: mail in by IMAP from Dovecot, the reply out by Postfix into the customer's mailbox."""

from __future__ import annotations

import email
import json
import os
import shutil
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient
from servers.dovecot import PASSWORD, Dovecot
from servers.ground import free_port, wait_for
from servers.postfix import Postfix

from plugin.settings import load
from plugin.store import open_store

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
ANTESALA = [str(Path(sys.executable).parent / "antesala")]
SEAMS = ROOT / "tests" / "faults" / "seams.py"
DESK = "support@desk.test"
CUSTOMER = "ana@guest.example"
REFUND = """From: Ana Ruiz <ana@guest.example>
To: support@desk.test
Subject: Devolución
Message-ID: <refund-{number}@guest.example>
Date: {date}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Hola, me habéis cobrado dos veces y quiero que me devolváis el dinero, por favor.
"""


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    if os.getuid() != 0:
        pytest.skip("Postfix can only be started by root")
    with Dovecot() as dovecot, Postfix(dovecot) as server:
        yield server


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What reading the rulebook leaves behind, so that only this fixture waits for it."""
    home = tmp_path_factory.mktemp("learned")
    shutil.copytree(ROOT / "rules", home / "rules")
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "ANTESALA_HOME": str(home),
        "ANTESALA_RULES": str(home / "rules"),
    }
    command = [str(Path(sys.executable).parent / "antesala"), "triage", "--json", "-"]
    subprocess.run(command, cwd=home, env=environment, input=b"From: a@b.example\n\nHi\n", check=True, timeout=280)
    return home


class Antesala:
    """`antesala run` as a process, on real servers."""

    def __init__(self, postfix: Postfix, home: Path, learned: Path) -> None:
        shutil.copytree(learned / "cache", home / "cache")
        self.postfix = postfix
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTESALA_")}
        user = DESK.replace("@", "%40")
        self.environment = kept | {
            "OMP_NUM_THREADS": "1",
            "ANTESALA_HOME": str(home),
            "ANTESALA_RULES": str(learned / "rules"),
            "ANTESALA_MAILBOXES": f"imaps://{user}:{PASSWORD}@localhost:{postfix.dovecot.imaps}/INBOX",
            "ANTESALA_MAILBOX_CA_FILE": str(postfix.ca),
            "ANTESALA_SMTP_URL": f"smtp://{user}:{PASSWORD}@localhost:{postfix.submission}",
            "ANTESALA_SMTP_CA_FILE": str(postfix.ca),
            "ANTESALA_MAIL_FROM": f"Soporte <{DESK}>",
            "ANTESALA_LISTEN_PORT": str(free_port()),
        }

    def start(self, seam: str = "") -> subprocess.Popen[bytes]:
        """`seam`: dies by SIGKILL the first time it comes there."""
        command = [sys.executable, str(SEAMS), seam, "run"] if seam else [*ANTESALA, "run"]
        with (self.home / "run.log").open("ab") as log:
            return subprocess.Popen(command, cwd=self.home, env=self.environment, stdout=log, stderr=log)

    def run(self, *words: str) -> str:
        command = [*ANTESALA, *words]
        done = subprocess.run(
            command, cwd=self.home, env=self.environment, capture_output=True, text=True, timeout=120, check=True
        )
        return done.stdout

    def show(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("show", "--json", *words).splitlines()]

    def tickets(self) -> list[dict[str, Any]]:
        """Those that are decided."""
        return self.show("--limit", "1000")

    def at_rest(self) -> bool:
        """Is there nothing left that a worker would do? Deadlines of days ahead do not count."""
        store = open_store(load(self.environment, None))
        try:
            states = {(kind, state) for kind, by in store.health().states.items() for state in by}
        finally:
            store.close()
        return not any(state in ("ready", "running", "sending") for _, state in states - {("due", "ready")})


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) in (0, -signal.SIGTERM)  # the latter: it had hardly begun to start


def post(postfix: Postfix, raw: str, sender: str = CUSTOMER) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.smtp) as client:
        client.sendmail(sender, [DESK], raw.replace("\n", "\r\n").encode())


def inbox(postfix: Postfix, address: str) -> list[EmailMessage]:
    with IMAPClient("127.0.0.1", postfix.dovecot.imap, ssl=False, timeout=60) as reader:
        reader.login(address, PASSWORD)
        reader.select_folder("INBOX", readonly=True)
        answer = reader.fetch(reader.search(["ALL"]), ["BODY.PEEK[]"])
    return [email.message_from_bytes(data[b"BODY[]"], policy=default) for data in answer.values()]


def heard(antesala: Antesala) -> list[str]:
    """What was decided about the messages that came, over all tickets."""
    timelines = (antesala.show(str(ticket["number"]))[0]["timeline"] for ticket in antesala.tickets())
    return [entry["state"] for timeline in timelines for entry in timeline if entry["kind"] == "message"]


def refund(number: int) -> str:
    return REFUND.format(number=number, date=email.utils.formatdate())


def test_one_good_answer_and_none_to_an_absence_note(postfix: Postfix, tmp_path: Path, learned: Path) -> None:
    antesala = Antesala(postfix, tmp_path, learned)
    process = antesala.start()
    try:
        post(postfix, refund(1))
        wait_for(lambda: inbox(postfix, CUSTOMER), message="no reply came")
        (reply,) = inbox(postfix, CUSTOMER)
        assert reply["Auto-Submitted"] == "auto-replied"
        assert reply["In-Reply-To"] == "<refund-1@guest.example>"
        assert reply["Return-Path"] == "<>"
        assert reply["To"] == CUSTOMER
        assert "?" in reply.get_body(("plain",)).get_content()
        absence = f"""From: Ana Ruiz <{CUSTOMER}>
To: {DESK}
Subject: Respuesta automática
Message-ID: <away@guest.example>
In-Reply-To: {reply["Message-ID"]}
References: {reply["Message-ID"]}
Auto-Submitted: auto-replied

Estoy de vacaciones.
"""
        post(postfix, absence)
        post(postfix, reply.as_string().replace(f"To: {CUSTOMER}", f"To: {DESK}"))  # our own reply, sent back to us
        wait_for(lambda: len(heard(antesala)) == 3, message="the two mails were not taken")
        wait_for(antesala.at_rest, message="work is left")
        wait_for(postfix.idle)
        assert len(inbox(postfix, CUSTOMER)) == 1
        tickets = antesala.tickets()
        assert any(ticket["intent"] == "refund" and ticket["language"] == "es" for ticket in tickets)
    finally:
        stop(process)


def test_killed_again_and_again_answers_each_customer_once(postfix: Postfix, tmp_path: Path, learned: Path) -> None:
    antesala = Antesala(postfix, tmp_path, learned)
    customers = [f"guest{number}@killed.example" for number in range(8)]
    process = antesala.start()
    try:
        for number, customer in enumerate(customers):
            post(postfix, refund(100 + number).replace(CUSTOMER, customer), customer)
            if number % 4 == 3:  # in the middle of four: one has its answer, the others are somewhere on the way
                batch = customers[number - 3 : number + 1]
                wait_for(lambda batch=batch: any(inbox(postfix, one) for one in batch), message="no reply came")
                process.kill()
                process.wait()
                process = antesala.start()
        each_once_or_in_doubt(antesala, customers)
        settle_doubts(antesala, customers)
    finally:
        stop(process)


@pytest.mark.parametrize(("seam", "arrives"), [("after-sending", 0), ("after-data", 1)])
def test_killed_while_it_hands_over_a_mail_names_the_doubt(
    postfix: Postfix, tmp_path: Path, learned: Path, seam: str, arrives: int
) -> None:
    antesala = Antesala(postfix, tmp_path, learned)
    customer = f"{seam}@doubt.example"
    post(postfix, refund(200 + arrives).replace(CUSTOMER, customer), customer)
    assert antesala.start(seam).wait(240) == -signal.SIGKILL
    process = antesala.start()
    try:
        assert list(each_once_or_in_doubt(antesala, [customer])) == [customer]
        wait_for(postfix.idle)
        assert len(inbox(postfix, customer)) == arrives
        settle_doubts(antesala, [customer])
    finally:
        stop(process)


def each_once_or_in_doubt(antesala: Antesala, customers: Sequence[str]) -> dict[str, int]:
    """Who has no certain answer is named, with a ticket that agents can work on; the id of each doubt, by customer.

    A kill while a mail is handed over leaves nobody who knows whether it was taken. Such a reply is
    never sent again by itself: a person looks and says.
    """
    wait_for(lambda: len(antesala.tickets()) == len(customers), message="a mail was lost")
    wait_for(antesala.at_rest, message="work is left")
    wait_for(antesala.postfix.idle, message="Postfix still delivers")
    tickets = {ticket["requester"]: ticket for ticket in antesala.tickets()}
    assert set(tickets) == set(customers)
    assert all(ticket["note"] and ticket["state"] != "new" for ticket in tickets.values())
    named = antesala.show("--failed")
    assert {(doubt["kind"], doubt["state"]) for doubt in named} <= {("reply", "uncertain")}
    by_ticket = {doubt["request"]: doubt["id"] for doubt in named}
    doubts = {who: by_ticket[ticket["number"]] for who, ticket in tickets.items() if ticket["number"] in by_ticket}
    letters = {who: len(inbox(antesala.postfix, who)) for who in customers}
    assert max(letters.values()) <= 1, f"answered twice: {letters}"
    assert {who for who, number in letters.items() if not number} <= set(doubts), f"no reply and no doubt: {letters}"
    return doubts


def settle_doubts(antesala: Antesala, customers: Sequence[str]) -> None:
    """The person looks into the mailboxes and says for each doubt what is true; then everybody has one answer."""
    for who, job in each_once_or_in_doubt(antesala, customers).items():
        antesala.run("resolve", str(job), "sent" if inbox(antesala.postfix, who) else "send")
    wait_for(lambda: all(inbox(antesala.postfix, who) for who in customers), message="no reply after 'send'")
    assert each_once_or_in_doubt(antesala, customers) == {}
    assert [len(inbox(antesala.postfix, who)) for who in customers] == [1] * len(customers)
