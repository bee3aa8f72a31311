"""Request Tracker: customers write mails and look at the self-service."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
from servers.ground import PATIENCE
from servers.rt import AGENT, CUSTOMER, PASSWORD, QUEUES, SECRET, RequestTracker

from plugin.desks.protocol import Access
from plugin.desks.rt import KIND
from plugin.model import Address
from reals.mails import files_received, mail, received
from reals.proxy import Altered, FaultProxy, Faulty

PAGE = Path(__file__).parents[3] / "docs/desks/rt.md"


class Ground(Faulty):
    """A running RT."""

    kind = KIND
    groups = QUEUES
    customer = Address(CUSTOMER, "Ana Casa")
    secret = SECRET
    #: A desk that shows the customer what was meant to be a note.
    leak = Altered("altered", 99, "POST", "/comment", to="/correspond")

    def __init__(self, server: RequestTracker) -> None:
        self.server = server
        self.proxy = FaultProxy(server.url)
        self.access = Access(self.proxy.url, server.token, timeout=PATIENCE)

    def customer_writes(self, text: str, *, subject: str = "", ticket: str = "", message_id: str = "") -> str:
        mark = f"[desk.test #{ticket}] " if ticket else ""
        made = self.server.mail_in(mail(CUSTOMER, mark + subject, text, message_id))
        return ticket or made

    def agent_replies(self, ticket: str, text: str) -> None:
        self._writes(ticket, "correspond", text)

    def agent_notes(self, ticket: str, text: str) -> None:
        self._writes(ticket, "comment", text)

    def agent_moves(self, ticket: str, group: str) -> None:
        self.server.rest("PUT", f"ticket/{ticket}", json={"Queue": group})

    def agent_tags(self, ticket: str, add: str = "", remove: str = "") -> None:
        found = self.server.rest("GET", f"ticket/{ticket}").json()["CustomFields"]
        tags = set(next(field["values"] for field in found if field["name"] == "Tags"))
        tags = (tags | {add}) - {remove, ""}
        self.server.rest("PUT", f"ticket/{ticket}", json={"CustomFields": {"Tags": sorted(tags)}})

    def seen_by_customer(self, ticket: str) -> str:
        """The self-service page, and all mails."""
        with httpx.Client(base_url=self.server.url, timeout=PATIENCE, follow_redirects=True) as browser:
            browser.post("/NoAuth/Login.html", data={"user": CUSTOMER, "pass": PASSWORD})
            page = browser.get("/SelfService/Display.html", params={"id": ticket})
            assert page.is_success
            assert f"#{ticket}" in page.text, "the customer does not see the ticket at all"
            return page.text + "\n".join(self.mailed(ticket))

    def mailed(self, ticket: str) -> list[str]:
        return received(self.server.smtp, CUSTOMER, f"[desk.test #{ticket}]")

    def files_mailed(self, ticket: str) -> list[tuple[str, str]]:
        """Names and texts of the files that the desk mailed to the customer."""
        return files_received(self.server.smtp, CUSTOMER, f"[desk.test #{ticket}]")

    def deliveries(self, ticket: str) -> list[tuple[dict[str, str], bytes]]:
        hooks = [(hook.headers, hook.body) for hook in list(self.server.sink.taken)]
        return [(head, body) for head, body in hooks if json.loads(body)["ticket_id"] == int(ticket)]

    def many(self, count: int) -> AbstractContextManager[list[str]]:
        """So many tickets for a while, made by RT itself in one go."""
        return self.server.many(count)

    def rule_moves(self, ticket: str, group: str, tag: str) -> None:
        """A scrip of RT's own moves the ticket and tags it."""
        assert (group, tag) == (QUEUES[0], "overdue")
        self.agent_notes(ticket, "RULE: move")

    def agent_takes(self, ticket: str) -> None:
        """A person makes the ticket their own."""
        self.server.rest("PUT", f"ticket/{ticket}", json={"Owner": AGENT})

    def _writes(self, ticket: str, how: str, text: str) -> None:
        self.server.rest("POST", f"ticket/{ticket}/{how}", AGENT, json={"Content": text, "ContentType": "text/plain"})
