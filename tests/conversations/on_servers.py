"""Conversations with Postfix and Dovecot between the customer and `antesala run`, which is a process of its own."""

from __future__ import annotations

import email
import os
import shutil
import signal
import smtplib
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from imapclient import IMAPClient
from servers.dovecot import PASSWORD
from servers.ground import free_port, wait_for
from servers.postfix import Postfix

from conversations import mails
from conversations.script import Script, ScriptError, Step, read
from conversations.stage import asks_of, merged_pack
from plugin.model import Decision
from plugin.settings import Secret, Settings
from plugin.store import Store, open_store
from plugin.store.people import mail_id
from plugin.store.tables import decision, job, request, thread

PATIENCE = 240.0  #: seconds that anything may take on a slow machine, the start of the service included
#: The clock is the real one, so that the desk is always open: letters then do not depend on the hour.
ALWAYS_OPEN = {
    "desk.yaml": {"hours": {"week": [{"days": "mon-sun", "open": ["00:00-24:00"]}], "holidays": [], "dates": []}}
}
_OVER = ("done", "dead", "cancelled", "uncertain")


class House:
    """One `antesala run` for all conversations. `learned`: a cache in which the pack was learned already."""

    def __init__(self, postfix: Postfix, home: Path, learned: Path) -> None:
        self.postfix, self.home = postfix, home
        shutil.copytree(learned, home / "cache")
        rules = merged_pack(home, ALWAYS_OPEN)
        user, dovecot = mails.DESK.replace("@", "%40"), postfix.dovecot
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTESALA_")}
        self.environment = kept | {
            "OMP_NUM_THREADS": "1",
            "ANTESALA_HOME": str(home),
            "ANTESALA_RULES": str(rules),
            "ANTESALA_MEANING": "no",
            "ANTESALA_MAILBOXES": f"imaps://{user}:{PASSWORD}@localhost:{dovecot.imaps}/INBOX",
            "ANTESALA_MAILBOX_CA_FILE": str(postfix.ca),
            "ANTESALA_SMTP_URL": f"smtp://{user}:{PASSWORD}@localhost:{postfix.submission}",
            "ANTESALA_SMTP_CA_FILE": str(postfix.ca),
            "ANTESALA_MAIL_FROM": f"Support <{mails.DESK}>",
            "ANTESALA_SIGNING_KEY": "a key for tests",
            "ANTESALA_LISTEN_PORT": str(free_port()),
        }
        url = Secret(f"sqlite:///{home}/antesala.db")
        self.settings = Settings(home=home, database_url=url, signing_key=Secret("a key for tests"))
        self.store: Store | None = None

    def __enter__(self) -> House:
        self.store = open_store(self.settings)
        with (self.home / "run.log").open("ab") as log:
            command = [str(Path(sys.executable).parent / "antesala"), "run"]
            self._process = subprocess.Popen(command, cwd=self.home, env=self.environment, stdout=log, stderr=log)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self.store is not None:
            self.store.close()

    def wait_for(self, what: Any, message: str) -> None:
        """Until it is so; fails with the end of the log."""
        try:
            wait_for(what, PATIENCE, message)
        except AssertionError as error:
            log = (self.home / "run.log").read_text("utf-8", "replace")[-3000:]
            raise AssertionError(f"{error}; antesala run: {self._process.poll()}\n{log}") from None

    def inbox(self, address: str) -> list[EmailMessage]:
        """Everything that an address got, oldest first."""
        with IMAPClient("127.0.0.1", self.postfix.dovecot.imap, ssl=False, timeout=30) as reader:
            reader.login(address, PASSWORD)
            reader.select_folder("INBOX", readonly=True)
            answer = reader.fetch(reader.search(["ALL"]), ["BODY.PEEK[]"])
        found = [email.message_from_bytes(answer[uid][b"BODY[]"], policy=default) for uid in sorted(answer)]
        for one in found:
            one["X-Envelope-To"] = address
        return found


class RealStage:
    """One conversation in the house. Its people have a domain of their own."""

    def __init__(self, house: House, path: Path, number: int, home: Path) -> None:
        self.house, self.domain = house, f".c{number}.example"
        own = home / path.name
        own.write_text(path.read_text("utf-8").replace(".example", self.domain), "utf-8")
        self.script: Script = read(own)
        if self.script.rules or self.script.settings:
            raise ScriptError(f"{path.name}: on real servers there is one pack for all")
        assert house.store is not None
        self.store = house.store
        self.inbound: int | None = None
        self._known: dict[str, int] = {}

    def play(self, step: Step) -> RealSeen:
        """Send the mail, and wait until all that follows from it is done."""
        if not step.says("from") or step.says("source"):
            raise ScriptError(f"{step.place}: on real servers there are mails only")
        sender, house = mails.sender(step), self.house
        before = house.inbox(sender)
        raw = mails.mail(self.script, step, datetime.now(UTC), before[-1] if before else None)
        with smtplib.SMTP("127.0.0.1", house.postfix.smtp, timeout=60) as client:
            client.sendmail(sender, [mails.DESK], raw)
        own = mails.message_id(self.script, step)
        house.wait_for(lambda: self._decided(own), f"{step.place}: no decision")
        house.wait_for(self._settled, f"{step.place}: work is left")
        if self.seen_decision and self.seen_decision.reply:
            house.wait_for(lambda: len(house.inbox(sender)) > len(before), f"{step.place}: no reply came")
        return RealSeen(self, step, house.inbox(sender)[len(before) :])

    @property
    def seen_decision(self) -> Decision | None:
        return self.store.decision(self.inbound) if self.inbound else None

    def numbers(self) -> list[int]:
        """Of the tickets of this conversation's people, oldest first."""
        query = sa.select(request.c.number).where(request.c.requester.endswith(self.domain)).order_by(request.c.number)
        with self.store.engine.connect() as conn:
            return list(conn.execute(query).scalars())

    def _decided(self, message_id: str) -> bool:
        query = (
            sa.select(sa.func.max(decision.c.inbound_id))
            .join(thread, thread.c.request == decision.c.request)
            .where(thread.c.message_id == mail_id(message_id))
        )
        with self.store.engine.connect() as conn:
            self.inbound = conn.execute(query).scalar()
        return self.inbound is not None

    def _settled(self) -> bool:
        query = sa.select(sa.func.count()).where(
            job.c.inbound_id == self.inbound, job.c.state.not_in(_OVER), job.c.kind != "due"
        )
        with self.store.engine.connect() as conn:
            return conn.execute(query).scalar_one() == 0


class RealSeen:
    """What is to be seen after a step, as `checking` wants it. Tickets are numbered within the conversation."""

    told: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()

    def __init__(self, stage: RealStage, step: Step, new: list[EmailMessage]) -> None:
        self.stage, self.step, self.mails = stage, step, new
        self.jobs: Mapping[str, int] = {}

    @property
    def decision(self) -> Decision | None:
        return self.stage.seen_decision

    def ticket(self, number: int | None) -> Any | None:
        numbers = self.stage.numbers()
        if number is not None:
            return self.stage.store.request(numbers[number - 1]) if number <= len(numbers) else None
        found = self.stage.store.request_of(self.stage.inbound or 0)
        return self.stage.store.request(found) if found else None

    @property
    def tickets(self) -> int:
        return len(self.stage.numbers())

    def asks(self, ours: EmailMessage) -> list[str]:
        return asks_of(self.stage.store, ours)
