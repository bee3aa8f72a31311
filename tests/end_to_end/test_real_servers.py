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
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from imapclient import IMAPClient
from servers.dovecot import PASSWORD, Dovecot
from servers.ground import free_port, wait_for
from servers.postfix import Postfix

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]
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

    def start(self) -> subprocess.Popen[bytes]:
        self.log = (self.home / "run.log").open("ab")
        return subprocess.Popen(
            [str(Path(sys.executable).parent / "antesala"), "run"],
            cwd=self.home,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
        )

    def show(self) -> str:
        command = [str(Path(sys.executable).parent / "antesala"), "show", "--json"]
        done = subprocess.run(command, cwd=self.home, env=self.environment, capture_output=True, timeout=60, check=True)
        return done.stdout.decode()


def post(postfix: Postfix, raw: str) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.smtp) as client:
        client.sendmail(CUSTOMER, [DESK], raw.replace("\n", "\r\n").encode())


def inbox(postfix: Postfix, address: str) -> list[EmailMessage]:
    with IMAPClient("127.0.0.1", postfix.dovecot.imap, ssl=False, timeout=10) as reader:
        reader.login(address, PASSWORD)
        reader.select_folder("INBOX", readonly=True)
        answer = reader.fetch(reader.search(["ALL"]), ["BODY.PEEK[]"])
    return [email.message_from_bytes(data[b"BODY[]"], policy=default) for data in answer.values()]


def refund(number: int) -> str:
    return REFUND.format(number=number, date=email.utils.formatdate())


def test_one_good_answer_and_none_to_an_absence_note(postfix: Postfix, tmp_path: Path, learned: Path) -> None:
    antesala = Antesala(postfix, tmp_path, learned)
    process = antesala.start()
    try:
        post(postfix, refund(1))
        wait_for(lambda: inbox(postfix, CUSTOMER), 120, "no reply came")
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
        time.sleep(6)
        assert len(inbox(postfix, CUSTOMER)) == 1
        tickets = [json.loads(line) for line in antesala.show().splitlines()]
        assert any(ticket["intent"] == "refund" and ticket["language"] == "es" for ticket in tickets)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_killed_again_and_again_answers_each_customer_once(postfix: Postfix, tmp_path: Path, learned: Path) -> None:
    antesala = Antesala(postfix, tmp_path, learned)
    customers = [f"guest{number}@killed.example" for number in range(8)]
    process = antesala.start()
    try:
        for number, customer in enumerate(customers):
            mail = refund(100 + number).replace(CUSTOMER, customer)
            with smtplib.SMTP("127.0.0.1", postfix.smtp) as client:
                client.sendmail(customer, [DESK], mail.replace("\n", "\r\n").encode())
            if number % 4 == 3:  # in the middle of four: one has its answer, the others are somewhere on the way
                batch = customers[number - 3 : number + 1]
                wait_for(lambda batch=batch: any(inbox(postfix, one) for one in batch), 120, "no reply came")
                process.kill()
                process.wait()
                process = antesala.start()
        for customer in customers:
            wait_for(lambda customer=customer: inbox(postfix, customer), 120, f"no reply for {customer}")
        time.sleep(3)
        assert [len(inbox(postfix, customer)) for customer in customers] == [1] * len(customers)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
