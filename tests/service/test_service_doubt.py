"""A reply whose sending is in doubt is looked for where its copy went; what is not found is left to a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from running import Service, customer_mail
from servers.dovecot import PASSWORD, Dovecot
from servers.smtp import SmtpServer, Taken

from plugin.act.ids import message_id
from plugin.settings import ImapMailbox, Secret, Smtp
from plugin.store import Failed
from plugin.store.engine import writing
from plugin.store.tables import job

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


class House:
    """A service whose mail server is cut off after the final dot, with or without having taken the mail."""

    def __init__(self, serve: Callable[..., Service], dovecot: Dovecot, name: str, **more: object) -> None:
        self.archive = f"{name}@archive.example"
        self.smtp = SmtpServer(faults={"dot": "cut"}, on_mail=self._file)
        self.dovecot, self.late = dovecot, False
        self.copies: list[bytes] = []
        self.now = datetime.now(UTC)
        dovecot.deliver(self.archive, b"Subject: an older mail\r\n\r\nHello\r\n")
        folder = ImapMailbox("sent", "127.0.0.1", dovecot.imap, self.archive, Secret(PASSWORD), tls="none")
        out = Smtp(scheme="smtp", host="127.0.0.1", port=self.smtp.port)
        values = {"smtp": out, "sent": folder, "copy_to": self.archive, "sent_wait": 600, **more}
        self.service = serve(**values)
        self.service.store.engine = self.service.store.engine.execution_options(clock=lambda: self.now)

    def _file(self, taken: Taken) -> None:
        """What the server does with the copy."""
        if self.archive in taken.recipients:
            self.copies.append(taken.data)
            if not self.late:
                self.dovecot.deliver(self.archive, taken.data)

    def ask(self) -> None:
        """A customer writes; what follows is done."""
        self.service.accept(customer_mail())
        self.service.work()

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.service.work()

    def failed(self) -> list[Failed]:
        return [one for one in self.service.store.failed() if one.kind in ("reply", "gateway")]

    def replies(self) -> list[str]:
        return [entry.state for entry in self.service.store.timeline(1) if entry.kind == "reply"]


@pytest.fixture
def house(
    serve: Callable[..., Service], dovecot: Dovecot, request: pytest.FixtureRequest
) -> Iterator[Callable[..., House]]:
    built: list[House] = []

    def build(**more: object) -> House:
        built.append(House(serve, dovecot, f"box{abs(hash(request.node.name))}", **more))
        return built[-1]

    yield build
    for one in built:
        one.smtp.close()


def test_a_mail_that_was_taken_is_found_and_counts_as_sent(house: Callable[..., House]) -> None:
    with_copy = house()
    with_copy.ask()
    assert (with_copy.replies(), [f.searched for f in with_copy.failed()]) == (["uncertain"], [True])
    with_copy.later(3)
    assert with_copy.replies() == ["done"]
    assert with_copy.failed() == []
    assert len(with_copy.smtp.mails) == 1


def test_a_copy_that_comes_late_is_waited_for(house: Callable[..., House]) -> None:
    late = house()
    late.late = True
    late.ask()
    for seconds in (3, 10, 60):
        late.later(seconds)
        assert late.replies() == ["uncertain"]
    late.dovecot.deliver(late.archive, late.copies[0])
    late.later(120)
    assert late.replies() == ["done"]
    assert late.failed() == []


def test_a_mail_that_is_not_found_is_left_to_a_person_and_never_sent_again_by_itself(
    house: Callable[..., House],
) -> None:
    lost = house()
    lost.smtp.keep = False
    lost.ask()
    for seconds in (3, 30, 300, 600, 3600, 86400, 7 * 86400):
        lost.later(seconds)
    (failed,) = lost.failed()
    assert (failed.state, failed.searched, lost.replies()) == ("uncertain", False, ["uncertain"])
    assert lost.smtp.mails == []
    lost.smtp.faults.clear()
    assert lost.service.store.resolve(failed.id, "send")
    lost.service.work()
    assert lost.replies() == ["done"]
    assert len(lost.smtp.mails) == 1


def test_a_second_doubt_about_the_same_mail_is_looked_into_too(house: Callable[..., House]) -> None:
    twice = house()
    twice.smtp.keep = False
    twice.ask()
    twice.later(700)
    (failed,) = twice.failed()
    assert not failed.searched
    twice.smtp.keep = True
    assert twice.service.store.resolve(failed.id, "send")
    twice.service.work()
    assert (twice.replies(), [f.searched for f in twice.failed()]) == (["uncertain"], [True])
    twice.later(3)
    assert twice.replies() == ["done"]


def test_where_nothing_can_be_looked_for_a_person_is_asked_at_once(house: Callable[..., House]) -> None:
    blind = house(sent=None, copy_to="")
    blind.ask()
    blind.later(3)
    assert [(f.state, f.searched) for f in blind.failed()] == [("uncertain", False)]
    assert len(blind.smtp.mails) == 1


def test_an_archive_that_cannot_be_reached_is_tried_until_the_time_is_over(
    house: Callable[..., House], dovecot: Dovecot
) -> None:
    wrong = ImapMailbox("sent", "127.0.0.1", dovecot.imap, "nobody@archive.example", Secret("wrong"), tls="none")
    closed = house(sent=wrong)
    closed.ask()
    closed.later(3)
    assert [f.searched for f in closed.failed()] == [True]
    stops = {stop.name: stop.reason for stop in closed.service.store.health().stops}
    assert stops == {"doubt": "SentFolder LoginError"}, "asking often would lock the account"
    for _ in range(4):
        closed.later(301)
    assert [(f.state, f.searched) for f in closed.failed()] == [("uncertain", False)]


def test_a_message_id_that_the_provider_replaced_is_found_by_our_own_header(house: Callable[..., House]) -> None:
    rewriting = house()
    rewriting.late = True
    rewriting.ask()
    own_id = str(message_from_bytes(rewriting.copies[0])["Message-ID"])
    rewriting.dovecot.deliver(
        rewriting.archive, rewriting.copies[0].replace(own_id.encode(), b"<another@provider.example>")
    )
    rewriting.later(3)
    assert rewriting.replies() == ["done"]


def test_another_mail_of_ours_is_no_proof(house: Callable[..., House]) -> None:
    other = house()
    other.late = True
    other.ask()
    own_id = str(message_from_bytes(other.copies[0])["Message-ID"]).strip("<>")
    another = message_id(other.service.settings, "reply", "another")
    copy = other.copies[0].replace(own_id.encode(), another.encode())
    copy = copy.replace(own_id.partition(".")[0].encode(), another.partition(".")[0].encode())
    other.dovecot.deliver(other.archive, copy)
    other.later(3)
    assert other.replies() == ["uncertain"]


def test_a_desk_reached_by_mail_is_told_of_the_doubt_in_a_note(house: Callable[..., House]) -> None:
    gateway = house(desk="gateway", gateway_addresses={"*": "desk@desk.example"}, sent=None, copy_to="")
    gateway.ask()
    gateway.smtp.faults.clear()
    gateway.later(3)
    gateway.service.work()
    notes = [message_from_bytes(mail.data) for mail in gateway.smtp.mails if mail.recipients == ["desk@desk.example"]]
    told = [note for note in notes if "in doubt" in str(note.get_payload())]
    assert len(told) == 1
    (failed,) = [f for f in gateway.failed() if f.kind == "reply"]
    assert f"antesala resolve {failed.id} sent" in str(told[0].get_payload())
    reply = next(message_from_bytes(m.data) for m in gateway.smtp.mails if m.recipients == ["ana@casa.example"])
    assert told[0]["In-Reply-To"] == reply["Message-ID"], "it stands in the conversation"
    gateway.later(3600)
    assert sum("in doubt" in str(message_from_bytes(m.data).get_payload()) for m in gateway.smtp.mails) == 1


def test_a_ticket_that_was_handed_on_in_doubt_is_found_by_our_own_header(house: Callable[..., House]) -> None:
    gateway = house(desk="gateway", gateway_addresses={"*": "desk@desk.example"})
    gateway.ask()
    with writing(gateway.service.store.engine) as conn:
        kinds = conn.execute(job.select().where(job.c.state == "uncertain")).all()
    assert {row.kind for row in kinds} == {"gateway", "reply"}
    gateway.later(3)
    assert gateway.failed() == []
    found = gateway.service.store.request(1)
    assert found is not None
    assert found.state in ("handed-over", "waiting")


def test_the_servers_own_sent_folder_is_found(house: Callable[..., House], dovecot: Dovecot) -> None:
    user = "filing@archive.example"
    dovecot.deliver(user, b"Subject: an older mail\r\n\r\nHello\r\n")
    dovecot.admin("mailbox", "create", "-u", user, "Sent")
    auto = ImapMailbox("sent", "127.0.0.1", dovecot.imap, user, Secret(PASSWORD), tls="none", folder="auto")
    filing = house(sent=auto, copy_to="")
    filing.smtp.on_mail = lambda taken: filing.copies.append(taken.data)
    filing.ask()
    filing.later(3)
    assert filing.replies() == ["uncertain"]
    dovecot.file(user, "Sent", filing.copies[0])
    filing.later(10)
    assert filing.replies() == ["done"]
