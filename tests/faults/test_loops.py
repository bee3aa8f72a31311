"""Robots that answer robots: whatever they strip and change, after at most two mails of ours it is quiet, for days.

Real `antesala run` processes, real SMTP between them, and a clock that goes on by a day at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

import pytest
from house import House
from servers.ground import free_port, wait_for
from servers.pack import small_pack
from servers.smtp import SmtpServer, Taken
from test_clock import Clock

pytestmark = pytest.mark.server

DAYS = 4
REQUEST = "Hola, me habéis cobrado dos veces y quiero que me devolváis el dinero, por favor."


@pytest.fixture(scope="session")
def plain_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default pack with the caps that it has."""
    return small_pack(tmp_path_factory.mktemp("loops"))


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(tmp_path)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


@dataclass
class Desk:
    """An installation at a domain of its own, whose mails go to `relay`, which hands in what comes back."""

    house: House
    smtp: SmtpServer
    name: str
    handed_in: int = 0
    sent: list[Taken] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"support@{self.name}.example"

    def hand_in(self, raw: bytes) -> None:
        """Put a mail into its mailbox."""
        self.handed_in += 1
        inbox = self.house.home / "inbox"
        draft = self.house.home / f"{self.handed_in}.draft"
        draft.write_bytes(raw)
        draft.rename(inbox / f"{self.handed_in}.eml")

    def quiet(self) -> bool:
        return self.house.arrivals() == self.handed_in and self.house.settled()


@pytest.fixture
def desk(plain_rules: Path, clock: Clock) -> Iterator[Callable[[str], Desk]]:
    """Builds installations that run."""
    made: list[Desk] = []

    def build(name: str) -> Desk:
        home = plain_rules.parent / f"{name}{len(list(plain_rules.parent.iterdir()))}"
        (home / "inbox").mkdir(parents=True)
        smtp = SmtpServer()
        more = {
            "ANTESALA_MAIL_FROM": f"Support <support@{name}.example>",
            "ANTESALA_MESSAGE_ID_DOMAIN": f"{name}.example",
            "ANTESALA_SIGNING_KEY": f"the key of {name}",
            "ANTESALA_LISTEN_PORT": str(free_port()),
        }
        house = House(home, f"sqlite:///{home}/antesala.db", plain_rules, smtp, more=more)
        made.append(Desk(house, smtp, name))
        house.start("run")
        return made[-1]

    yield build
    for one in made:
        one.house.close()
        one.smtp.close()


def mail(sender: str, to: str, subject: str, text: str, number: int) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"] = f"<turn{number}@{sender.partition('@')[2]}>"
    made.set_content(text)
    return made.as_bytes()


def text_of(raw: bytes) -> str:
    part = message_from_bytes(raw, policy=default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def for_days(clock: Clock, desks: list[Desk], again: Callable[[], None] = lambda: None) -> None:
    """Let days go by; `again` is done each morning."""
    for day in range(DAYS):
        clock.jump(f"+{day}d")
        again()
        wait_for(lambda: all(one.quiet() for one in desks), message=lambda: [one.house.states() for one in desks])


def test_two_antesalas_facing_each_other(desk: Callable[[str], Desk], clock: Clock) -> None:
    """First with every header on the way, then with none left but the addresses, under another subject."""
    one, two = desk("one"), desk("two")
    strips = [False]

    def carry(sender: Desk, receiver: Desk) -> Callable[[Taken], None]:
        def relay(taken: Taken) -> None:
            sender.sent.append(taken)
            number, raw = len(sender.sent), taken.data
            if strips[0]:
                raw = mail(sender.address, receiver.address, f"Message {number}", text_of(raw), number)
            receiver.hand_in(raw)

        return relay

    one.smtp.on_mail, two.smtp.on_mail = carry(one, two), carry(two, one)
    for number, (first, strips[0]) in enumerate(((one, False), (two, True))):
        sender = two if first is one else one
        before = len(one.sent) + len(two.sent)
        # The first request is a person's, as far as anybody can tell.
        first.hand_in(mail(sender.address, first.address, f"Devolución {number}", REQUEST, 100 + number))
        for_days(clock, [one, two])
        assert 1 <= len(one.sent) + len(two.sent) - before <= 2


def test_a_robot_that_sends_everything_back_from_elsewhere(desk: Callable[[str], Desk], clock: Clock) -> None:
    """No header is left, and every turn has another subject, sender and domain; old mails come back every day."""
    ours = desk("ours")
    ours.smtp.on_mail = ours.sent.append
    ours.hand_in(mail("ana@casa.example", ours.address, "Devolución", REQUEST, 0))
    wait_for(lambda: ours.quiet() and ours.sent, message=ours.house.states)

    def echo() -> None:
        for taken in list(ours.sent):
            turn = ours.handed_in
            text = f"Case {turn}\n\n{text_of(taken.data)}\n\nRef. {os.urandom(4).hex()}"
            ours.hand_in(mail(f"robot{turn}@loop{turn}.example", ours.address, f"News {turn}", text, turn))

    for_days(clock, [ours], echo)
    assert ours.handed_in > DAYS
    assert len(ours.sent) <= 2
    assert not ours.house.store.failed()
