"""What all help desks have in common: people, groups, tickets and what was written, with a clock that only goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from mocks.server import MockServer, Refused
from plugin.desks.protocol import Access, Kind
from plugin.model import Address

TOKEN = "token-of-the-bot-3fJq"
SECRET = "secret-of-the-hooks-8mWx2"
FIRST, SECOND = "First Line", "Billing"


@dataclass
class User:
    id: int
    email: str
    name: str
    role: str  #: customer, agent or bot


@dataclass
class Entry:
    """One thing that was written."""

    id: int
    author: int
    text: str
    public: bool
    at: datetime
    kind: str = ""  #: the desk's own: email, note …
    message_id: str = ""
    system: bool = False
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Ticket:
    id: int
    number: str
    subject: str
    group: int
    requester: int
    created: datetime
    updated: datetime
    priority: str = ""
    status: str = "open"
    tags: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    links: list[tuple[str, int]] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    external_id: str | None = None
    owner: int | None = None
    log: list[tuple[str, int]] = field(default_factory=list)  #: "group" or "tags", and who changed them; 0: a rule


class World(MockServer):
    """A mock desk with its people and tickets; the files of the vendors turn them into JSON and back."""

    kind: Kind
    customer = Address("ana@casa.example", "Ana Ruiz")
    groups = (FIRST, SECOND)
    secret = SECRET
    by_default = ""  #: the priority that new tickets have

    def __init__(self, contract: Any) -> None:
        self.users: dict[int, User] = {}
        self.group_names = {11: FIRST, 12: SECOND}
        self.tickets: dict[int, Ticket] = {}
        self.hidden: dict[int, int] = {}  #: ticket -> how often it is not there yet
        self._next = 100
        self.bot = self._user("antesala@desk.example", "Antesala", "bot")
        self.agent = self._user("carol@desk.example", "Carol", "agent")
        super().__init__(contract)

    @property
    def access(self) -> Access:
        return Access(self.url, TOKEN, self.users[self.bot].email, timeout=10.0)

    # --- as customers and agents see it ---

    def customer_writes(self, text: str, *, subject: str = "", ticket: str = "", message_id: str = "") -> str:
        with self._lock:
            author = self.person(self.customer.email, self.customer.name)
            found = self.tickets[int(ticket)] if ticket else self.open(subject or "A question", 11, author)
            self.write(found, author, text, True, kind="email", message_id=message_id)
            if not ticket:
                self.greet(found)
        self.tell(found)
        return str(found.id)

    def agent_replies(self, ticket: str, text: str) -> None:
        self._acts(ticket, lambda found: self.write(found, self.agent, text, True, kind="email"))

    def agent_notes(self, ticket: str, text: str) -> None:
        self._acts(ticket, lambda found: self.write(found, self.agent, text, False, kind="note"))

    def agent_moves(self, ticket: str, group: str) -> None:
        self._moves(ticket, group, self.agent)

    def rule_moves(self, ticket: str, group: str, tag: str) -> None:
        """A trigger of the desk's own moves the ticket and tags it."""
        self.tickets[int(ticket)].tags.append(tag)
        self.tickets[int(ticket)].log.append(("tags", 0))
        self._moves(ticket, group, 0)

    def agent_takes(self, ticket: str) -> None:
        """A person makes the ticket their own."""
        self._acts(ticket, lambda found: setattr(found, "owner", self.agent))

    def _moves(self, ticket: str, group: str, who: int) -> None:
        def change(found: Ticket) -> None:
            found.group = self.group(group)
            found.log.append(("group", who))

        self._acts(ticket, change)

    def agent_tags(self, ticket: str, add: str = "", remove: str = "") -> None:
        def change(found: Ticket) -> None:
            found.tags = [tag for tag in dict.fromkeys([*found.tags, *filter(None, [add])]) if tag != remove]
            found.log.append(("tags", self.agent))

        self._acts(ticket, change)

    def seen_by_customer(self, ticket: str) -> str:
        found = self.tickets[int(ticket)]
        return "\n".join([*(entry.text for entry in found.entries if entry.public), *found.mails])

    def mailed(self, ticket: str) -> list[str]:
        return [*self.tickets[int(ticket)].mails]

    def deliveries(self, ticket: str) -> list[tuple[dict[str, str], bytes]]:
        return [delivery for delivery in self.sent if ticket in self.tickets_of(delivery)]

    # --- for the vendors' files ---

    def hook(self, ticket: Ticket) -> tuple[Mapping[str, str], bytes]:
        """Headers, signed as the vendor does, and body of a hook about a ticket."""
        raise NotImplementedError

    def greet(self, ticket: Ticket) -> None:
        """What the desk does by itself about a new ticket."""

    def tickets_of(self, delivery: tuple[dict[str, str], bytes]) -> tuple[str, ...]:
        from plugin.desks.protocol import Delivery

        assert self.kind.hook is not None
        headers = {name.lower(): value for name, value in delivery[0].items()}
        return tuple(event.ticket for event in self.kind.hook.events(Delivery(headers, delivery[1])))

    def open(self, subject: str, group: int, requester: int) -> Ticket:
        number = self._number()
        now = datetime.now(UTC).replace(microsecond=0)
        made = Ticket(number, f"96{number}", subject, group, requester, now, now, priority=self.by_default)
        self.tickets[number] = made
        return made

    def write(self, ticket: Ticket, author: int, text: str, public: bool, **more: Any) -> Entry:
        entry = Entry(self._number(), author, text, public, datetime.now(UTC), **more)
        ticket.entries.append(entry)
        self.touch(ticket)
        if public and self.users[author].role != "customer":
            ticket.mails.append(text)
        return entry

    @staticmethod
    def filled_in(text: str) -> str:
        """What desks make of templates in agents' texts."""
        return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "FILLED IN", text, flags=re.DOTALL)

    def touch(self, ticket: Ticket) -> None:
        """A change; times of one ticket are never the same twice, though they count seconds."""
        ticket.updated = max(datetime.now(UTC).replace(microsecond=0), ticket.updated + timedelta(seconds=1))

    def tell(self, ticket: Ticket) -> None:
        headers, body = self.hook(ticket)
        self.send_hook(headers, body)

    def ticket(self, number: str | int) -> Ticket:
        """Raises Refused for one that is not there, or not visible yet."""
        found = self.tickets.get(int(number))
        if found is None or self.hidden.get(found.id, 0) > 0:
            if found is not None:
                self.hidden[found.id] -= 1
            raise Refused(404)
        return found

    def hide(self, ticket: str, times: int) -> None:
        """The desk's own transaction is not over yet: so many looks find nothing."""
        self.hidden[int(ticket)] = times

    def group(self, name: str) -> int:
        return next(number for number, known in self.group_names.items() if known == name)

    def person(self, email: str, name: str = "") -> int:
        known = next((user.id for user in self.users.values() if user.email == email), None)
        return known or self._user(email, name or email, "customer")

    def _acts(self, ticket: str, act: Any) -> None:
        with self._lock:
            found = self.tickets[int(ticket)]
            act(found)
            self.touch(found)
        self.tell(found)

    def _user(self, email: str, name: str, role: str) -> int:
        number = self._number()
        self.users[number] = User(number, email, name, role)
        return number

    def _number(self) -> int:
        self._next += 1
        return self._next


def iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def seconds(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
