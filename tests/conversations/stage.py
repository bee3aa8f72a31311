"""Where conversations are played: the real store and worker, a clock that is moved, mail into a Maildir."""

from __future__ import annotations

import email
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from ruamel.yaml import YAML

from conversations import mails
from conversations.script import Script, Step, moment, span
from conversations.sink import NAMES, Sink
from plugin.decide.problems import problems
from plugin.model import Arrival, Decision
from plugin.rulebook import Rulebook, load
from plugin.service.worker import Worker
from plugin.settings import Secret, Settings, Smtp
from plugin.store import Store, ledger, open_store
from plugin.store.people import mail_id, person
from plugin.store.tables import job, request, sent, thread

RULES = Path(__file__).resolve().parents[2] / "rules"
_PARSED = TemporaryDirectory(prefix="rules-")  #: files of the pack that no conversation changes are read once
TICK = timedelta(minutes=1)  #: between two messages
OFTEN = timedelta(seconds=10)  #: between the messages of one step


class Stage:
    """One installation for one conversation."""

    def __init__(self, home: Path, script: Script, rulebook: Rulebook, sink: Sink) -> None:
        self.script = script
        self.sink = sink
        self.now = script.start.astimezone(UTC)
        self.home = home
        values: dict[str, Any] = {
            "home": home,
            "database_url": Secret(f"sqlite:///{home}/antesala.db"),
            "smtp": Smtp(maildir=home / "outbox"),
            "mail_from": f"Support <{mails.DESK}>",
            "message_id_domain": "desk.test",
            "signing_key": Secret("a key for tests"),
            "notify": {name: Secret(sink.address(name)) for name in NAMES},
        }
        self.settings = Settings(**(values | script.settings))
        self.rulebook = changed(rulebook, script.rules, home) if script.rules else rulebook
        self.store = open_store(self.settings, lambda: self.now)
        self.worker = Worker(self.store, self.settings, lambda: self.rulebook)
        self._seen: set[str] = set()
        self.mails: list[EmailMessage] = []  #: all that went out, oldest first
        self.inbound: int | None = None  #: of the last message

    def close(self) -> None:
        self.worker.close()
        self.store.close()

    def play(self, step: Step) -> Seen:
        """Let it happen, and say what is to be seen afterwards."""
        before = self.jobs()
        if step.says("times"):
            for turn in range(1, int(step.says("times")) + 1):
                self.now += OFTEN
                self._hand_in(replace(step, turn=turn))
                self.work()
        elif step.says("from"):
            self.now += TICK
            self._hand_in(step)
            self.work()
        elif step.says("wait"):
            self.pass_time(self.now + span(step.says("wait")))
        elif step.says("at"):
            self.pass_time(moment(step.says("at")).astimezone(UTC))
        elif step.says("agent"):
            self._agent(step)
        elif step.says("take"):
            assert self.store.take(int(step.says("take")), "Ana"), f"{step.place}: it cannot be taken"
        elif step.says("refused"):
            with self.store.engine.begin() as conn:
                ledger.refuse(conn, person(self.store.key, step.says("refused")), self.now)
        elif step.says("resume"):
            assert self.store.resume(step.says("resume")), f"{step.place}: nothing of that name is stopped"
            self.work()
        told, self.sink.told[:] = tuple(self.sink.told), ()
        return Seen(self, step, self._new_mails(), before, told)

    def work(self) -> None:
        """Until nothing is due."""
        while self.worker.run_once():
            pass

    def pass_time(self, until: datetime) -> None:
        """Move the clock, and do on the way what becomes due, at its time."""
        assert until >= self.now, "time does not run backwards"
        while True:
            self.work()
            due = self._next_due()
            if due is None or due > until:
                break
            self.now = due
        self.now = until
        self.work()

    def jobs(self) -> dict[str, int]:
        """How many jobs of each kind there ever were."""
        with self.store.engine.connect() as conn:
            rows = conn.execute(sa.select(job.c.kind, sa.func.count()).group_by(job.c.kind))
            return {kind: count for kind, count in rows}  # noqa: C416 - rows are no pairs

    def asks(self, ours: EmailMessage) -> list[str]:
        """The items that a mail of ours asks for."""
        return asks_of(self.store, ours)

    def to(self, address: str) -> list[EmailMessage]:
        """All mails that an address got."""
        return [one for one in self.mails if one["X-Envelope-To"] == address]

    def _hand_in(self, step: Step) -> None:
        source = step.says("source") or "mail"
        ours = (self.to(mails.sender(step)) or [None])[-1]  # type: ignore[list-item]
        raw = mails.mail(self.script, step, self.now, ours) if source == "mail" else mails.payload(self.script, step)
        arrival = Arrival(source, raw, self.now, "box", mails.message_id(self.script, step))
        self.inbound = self.store.accept(arrival).inbound_id

    def _agent(self, step: Step) -> None:
        """An agent answered in the desk."""
        assert step.says("agent") == "replies", f"{step.place}: an agent can only reply"
        number = step.says("ticket") or 1
        with self.store.engine.begin() as conn:
            conn.execute(request.update().where(request.c.number == number).values(agent_replied=True))

    def _next_due(self) -> datetime | None:
        query = sa.select(sa.func.min(job.c.run_at)).where(job.c.state == "ready", job.c.run_at > self.now)
        with self.store.engine.connect() as conn:
            return conn.execute(query).scalar()

    def _new_mails(self) -> list[EmailMessage]:
        folder = self.home / "outbox" / "new"
        paths = [path for path in folder.glob("*") if path.name not in self._seen]
        self._seen |= {path.name for path in paths}
        found = [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]
        found.sort(key=lambda one: (str(one["Date"]), str(one["X-Envelope-To"])))
        self.mails += found
        return found


class Seen:
    """What is to be seen after a step."""

    def __init__(
        self,
        stage: Stage,
        step: Step,
        sent: list[EmailMessage],
        jobs_before: Mapping[str, int],
        told: tuple[str, ...] = (),
    ) -> None:
        self.stage, self.step, self.mails, self.told = stage, step, sent, told
        self.jobs = {kind: n - jobs_before.get(kind, 0) for kind, n in stage.jobs().items()}

    @property
    def decision(self) -> Decision | None:
        """About the last message."""
        return self.stage.store.decision(self.stage.inbound) if self.stage.inbound else None

    def ticket(self, number: int | None) -> Any | None:
        """A ticket: that of the last message unless a number is given."""
        found = number or (self.stage.store.request_of(self.stage.inbound) if self.stage.inbound else None)
        return self.stage.store.request(found) if found else None

    @property
    def tickets(self) -> int:
        """How many there are."""
        return len(self.stage.store.requests(limit=1000))

    @property
    def stopped(self) -> list[str]:
        """What a breaker or a pause holds up."""
        return [stop.name for stop in self.stage.store.breakers()]

    def asks(self, ours: EmailMessage) -> list[str]:
        return self.stage.asks(ours)


def asks_of(store: Store, ours: EmailMessage) -> list[str]:
    """The items that a mail of ours asks for, as the ledger has it."""
    query = sa.select(sent.c.asks).join(thread, thread.c.job_key == sent.c.job_key)
    with store.engine.connect() as conn:
        found = conn.execute(query.where(thread.c.message_id == mail_id(str(ours["Message-ID"])))).scalar()
    return list(found or ())


def changed(rulebook: Rulebook, changes: Mapping[str, Any], home: Path) -> Rulebook:
    """The pack with other values in some of its files; what was learned stays."""
    folder = merged_pack(home, changes)
    made = load(folder, cache=Path(_PARSED.name), further=problems)
    # The same phrases have the same numbers: what was built to find them serves both.
    same = made.matcher.phrases == rulebook.matcher.phrases
    return replace(made, learned=rulebook.learned, matcher=rulebook.matcher if same else made.matcher)


def merged_pack(home: Path, changes: Mapping[str, Any]) -> Path:
    """A copy of the default pack under `home` with other values in some of its files."""
    folder = home / "rules"
    shutil.copytree(RULES, folder)
    shutil.rmtree(folder / "tests")
    yaml = YAML(typ="safe", pure=True)
    for name, values in changes.items():
        path = folder / name
        document = yaml.load(path.read_text("utf-8")) if path.exists() else {}
        with path.open("w", encoding="utf-8") as handle:
            yaml.dump(merged(document, values), handle)
    return folder


def merged(old: Any, new: Any) -> Any:
    """Mappings key by key, lists of things with an `id` by it; everything else is replaced."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {key: merged(old.get(key), value) for key, value in new.items()}
    if isinstance(old, list) and isinstance(new, list) and new and all(isinstance(e, dict) and "id" in e for e in new):
        there = {entry["id"]: entry for entry in old}
        return list((there | {entry["id"]: merged(there.get(entry["id"]), entry) for entry in new}).values())
    return new
