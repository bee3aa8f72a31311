"""A storm: mail by a real Dovecot and signed webhooks come in while processes are killed; then it is counted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from house import House, mail
from imapclient import IMAPClient
from servers.dovecot import PASSWORD, Dovecot
from servers.ground import alive, wait_for
from servers.postfix import Postfix

from plugin.intake.session import KEYWORD
from plugin.store.engine import reading
from plugin.store.tables import inbound, job

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DESK = "desk@desk.example"
ARCHIVE = "archive@desk.example"  #: where a copy of each mail may go


@dataclass(frozen=True)
class Size:
    """How much of it."""

    mails: int
    hooks: int
    kills: int  #: of each kind
    patience: float  #: seconds for what is left when the last process was killed


@dataclass
class Victim:
    """A process that is killed and started again."""

    kind: str
    words: str
    port: int = 0
    pid: int = 0


@dataclass
class Storm:
    """`victims` are started, fed and killed in random order."""

    house: House
    postfix: Postfix
    box: str
    victims: Sequence[Victim]
    size: Size
    chance: random.Random = field(default_factory=lambda: random.Random(20261121))
    kills: Counter[str] = field(default_factory=Counter)
    delivered: int = 0
    taken: dict[str, int] = field(default_factory=dict)  #: webhook-id -> the id that the 202 named
    posts: int = 0
    set_aside: int = 0  #: messages that a person had to retry, because their worker was killed three times
    sent_in_doubt: int = 0  #: of the effects that were in doubt at the end, those that had happened

    def rage(self) -> str:
        """All of it; a sentence that says what happened."""
        began = time.monotonic()
        for victim in self.victims:
            victim.pid = self.house.start(victim.words)
        feeders = [threading.Thread(target=self._deliver)]
        feeders += [threading.Thread(target=self._post, args=(turn, 4)) for turn in range(4)]
        for feeder in feeders:
            feeder.daemon = True
            feeder.start()
        self._kill_all()
        for feeder in feeders:
            feeder.join(self.size.patience)
            assert not feeder.is_alive(), f"not everything was taken: {self._said()}"
        wait_for(self._quiet, self.size.patience, self.house.states)
        self._retry_set_aside()
        wait_for(self.postfix.idle, self.size.patience, "Postfix still delivers")
        return self._balance(time.monotonic() - began)

    # --- what goes on ---

    def _kill_all(self) -> None:
        kinds = sorted({victim.kind for victim in self.victims})
        while left := [kind for kind in kinds if self.kills[kind] < self.size.kills]:
            victim = self.chance.choice([one for one in self.victims if one.kind in left])
            if victim.port and self.chance.random() < 0.8:  # the others die while they start
                wait_for(lambda port=victim.port: ready(port))
            time.sleep(self.chance.uniform(0.0, 3.0 if len(self.victims) == 1 else 1.0))
            assert alive(victim.pid), f"{victim.kind} ended by itself: {self.house.home}/processes.log"
            self.house.kill(victim.pid)
            self.kills[victim.kind] += 1
            victim.pid = self.house.start(victim.words)
            if sum(self.kills.values()) % 20 == 0:
                print(self._said(), flush=True)

    def _due(self, total: int) -> int:
        """How many should have come by now, so that something comes from the first kill to the last."""
        wanted = self.size.kills * len({victim.kind for victim in self.victims})
        return -(-total * (sum(self.kills.values()) + 1) // wanted)

    def _deliver(self) -> None:
        for number in range(self.size.mails):
            wait_for(lambda number=number: number < self._due(self.size.mails), self.size.patience)
            self.postfix.dovecot.deliver(self.box, mail(number))
            self.delivered += 1

    def _post(self, turn: int, turns: int) -> None:
        """Until it is taken, as the sender of a webhook does; each tenth once more although it was."""
        ports = [victim.port for victim in self.victims if victim.port]
        for number in range(turn, self.size.hooks, turns):
            wait_for(lambda number=number: number < self._due(self.size.hooks), self.size.patience)
            name, body = f"msg_{number}", payload(number)
            for again in (False, True) if number % 10 == 0 else (False,):
                until = time.monotonic() + self.size.patience
                while (answer := ask(ports[self.posts % len(ports)], name, body)) is None:
                    assert time.monotonic() < until, f"{name} is never taken"
                    self.posts += 1
                    time.sleep(0.1)
                self.posts += 1
                assert self.taken.setdefault(name, answer["id"]) == answer["id"]
                assert not (again and answer["new"])

    def _quiet(self) -> bool:
        with reading(self.house.store.engine) as conn:
            came = conn.execute(sa.select(sa.func.count()).select_from(inbound)).scalar_one()
        return (
            came >= self.size.mails + self.size.hooks
            and self.house.settled()
            and not unmarked(self.postfix.dovecot, self.box)
        )

    # --- what came of it ---

    def _retry_set_aside(self) -> None:
        """A message whose worker died three times with it waits for a person, with its bytes and its history."""
        left = [failed for failed in self.house.store.failed() if failed.kind == "triage"]
        self.set_aside = len(left)
        for failed in left:
            kept = self.house.store.inbound(failed.inbound_id or 0)
            assert kept is not None, "set aside, and lost"
            assert kept.raw, "set aside without its bytes"
            assert [entry["error"] for entry in failed.history] == 3 * ["LeaseLapsed"], failed.history
            assert self.house.store.retry(failed.id)
        wait_for(self.house.settled, self.size.patience, self.house.states)

    def _balance(self, seconds: float) -> str:
        size, house, said = self.size, self.house, f"{self._said()} {dict(self.house.states())}"
        messages = size.mails + size.hooks
        assert (house.arrivals(), house.decisions()) == (messages, messages), f"lost or doubled on the way in: {said}"
        for name, inbound_id in self.taken.items():
            kept = house.store.inbound(inbound_id)
            assert kept is not None, f"{name} was acknowledged and is lost"
            assert kept.raw == payload(int(name[4:])), f"{name} was acknowledged and is not what is kept"
        assert len(self.taken) == size.hooks
        jobs = self._jobs()
        doubts = {row.message_id: row for row in jobs if row.state == "uncertain"}
        assert {row.state for row in jobs} <= {"done", "uncertain"}, said
        for kind, least in (("reply", messages), ("gateway", 2 * messages)):
            assert sum(row.kind == kind for row in jobs) >= least, said
        self._check_sent(jobs, doubts)
        self._check_named(doubts)
        cut_off = sum(row.lapses for row in jobs)
        self._settle(doubts)
        wait_for(lambda: not house.orphans(), message="the killed left processes behind")
        return (
            f"{self._said()} in {seconds:.0f} s: 0 lost, 0 customers answered twice, 0 notes twice; "
            f"{self.set_aside} messages were set aside when their worker had died three times, and retried; "
            f"{cut_off} of {len(jobs)} effects were cut off in the middle, {len(doubts)} uncertain and named: "
            "a look settled them, and each was there once"
        )

    def _jobs(self) -> Sequence[Any]:
        columns = (job.c.id, job.c.kind, job.c.state, job.c.message_id, job.c.lapses, job.c.inbound_id)
        with reading(self.house.store.engine) as conn:
            return conn.execute(sa.select(*columns).where(job.c.kind.in_(("reply", "gateway")))).all()

    def _check_sent(self, jobs: Sequence[Any], doubts: Mapping[str, Any]) -> None:
        customers, ids = letters(self.postfix.dovecot.home / "mail")
        assert not [who for who, number in customers.items() if number > 1], "a customer was answered twice"
        assert not [name for name, number in ids.items() if number > 1], "something was sent twice"
        done = {row.message_id for row in jobs if row.state == "done"}
        assert done <= set(ids), "done, and not there"
        assert set(ids) <= done | set(doubts), "there, and not known to us"

    def _check_named(self, doubts: Mapping[str, Any]) -> None:
        named = {failed.id: failed for failed in self.house.store.failed()}
        assert set(named) == {row.id for row in doubts.values()}, "what is in doubt is named, and nothing else"
        for failed in named.values():
            ticket = self.house.store.request(failed.request or 0)
            assert ticket is not None, "a doubt leads to its ticket"
            assert ticket.note, "which an agent can work on"

    def _settle(self, doubts: Mapping[str, Any]) -> None:
        """A person looks, and says; then there is one of each."""
        _, ids = letters(self.postfix.dovecot.home / "mail")
        self.sent_in_doubt = sum(bool(ids[name]) for name in doubts)
        for name, row in doubts.items():
            assert self.house.store.resolve(row.id, "sent" if ids[name] else "send")
        wait_for(self.house.settled, self.size.patience)
        wait_for(self.postfix.idle, self.size.patience)
        customers, ids = letters(self.postfix.dovecot.home / "mail")
        assert sorted(customers.values()) == [1] * (self.size.mails + self.size.hooks)
        assert set(ids.values()) == {1}
        assert set(ids) == {row.message_id for row in self._jobs()}

    def _said(self) -> str:
        dead = ", ".join(f"{number} of {kind}" for kind, number in sorted(self.kills.items()))
        return (
            f"{self.house.store.engine.dialect.name}: SIGKILLs {dead or 'none'}; {self.delivered} mails, "
            f"{len(self.taken)} webhooks ({self.posts} posts)"
        )


def unmarked(dovecot: Dovecot, box: str) -> list[int]:
    """The mails in a mailbox that we have not marked as taken."""
    with IMAPClient("127.0.0.1", dovecot.imap, ssl=False, timeout=60) as reader:
        reader.login(box, PASSWORD)
        reader.select_folder("INBOX", readonly=True)
        return list(reader.search(["UNKEYWORD", KEYWORD]))


def payload(number: int) -> bytes:
    text = "Me han cobrado dos veces este mes y quiero un reembolso."
    fields = {"from": f"Luis <luis{number}@tienda{number}.example>", "subject": f"Cobro {number}", "text": text}
    return json.dumps(fields).encode()


def ready(port: int) -> bool:
    """Whether the web part of a process answers; by then its other parts run too."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def ask(port: int, name: str, body: bytes) -> dict[str, Any] | None:
    """The answer to a webhook; None where nobody answered, or not with a 202."""
    try:
        answer, said = post(port, name, body)
    except (OSError, http.client.HTTPException):
        return None
    assert answer.status in (202, 503), said
    return json.loads(said) if answer.status == 202 else None


def post(port: int, name: str, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
    """A signed webhook, and what is said to it."""
    stamp = str(int(time.time()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    code = hmac.digest(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(code).decode(),
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", "/v1/requests", body, headers)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def health(port: int) -> tuple[int, dict[str, str]]:
    """What /healthz answers, and the reason of each part that is not well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        parts = json.loads(answer.read())["parts"]
    finally:
        connection.close()
    return answer.status, {part["name"]: part["reason"] for part in parts if part["status"] != "ok"}


def letters(mailboxes: Path) -> tuple[Counter[str], Counter[str]]:
    """What Dovecot has of ours: how many letters each customer has, and how often each of our ids is there."""
    customers: Counter[str] = Counter()
    ids: Counter[str] = Counter()
    for address, path in _kept(mailboxes):
        with path.open("rb") as file:
            head = BytesHeaderParser().parse(file)
        ours = head["X-Antesala-Effect"] or head["Message-ID"]
        if address == ARCHIVE or (address != DESK and not head["Auto-Submitted"]):
            continue  # in the mailbox of support: what customers wrote
        ids[str(ours).strip("<> ")] += 1
        if address != DESK:
            customers[address] += 1
    return customers, ids


def _kept(mailboxes: Path) -> Iterator[tuple[str, Path]]:
    for folder in mailboxes.glob("*/*/Maildir"):
        address = f"{folder.parent.name}@{folder.parent.parent.name}"
        for part in ("new", "cur"):
            for path in (folder / part).glob("*"):
                yield address, path
