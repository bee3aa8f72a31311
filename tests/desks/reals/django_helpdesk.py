"""django-helpdesk: customers write mails and look at the public page of their ticket."""

from __future__ import annotations

import json
import sqlite3
from contextlib import AbstractContextManager
from typing import Any

import httpx
from servers.django_helpdesk import SECRET, DjangoHelpdesk
from servers.ground import PATIENCE

from plugin.desks.django_helpdesk import KIND
from plugin.desks.protocol import Access
from plugin.model import Address
from reals.mails import files_received, mail, received
from reals.proxy import Altered, FaultProxy, Faulty


class Ground(Faulty):
    """A running django-helpdesk. Queues go by number."""

    kind = KIND
    groups = ("1", "2")
    customer = Address("ana@casa.example", "")
    secret = SECRET
    #: A desk that shows the customer what was meant to be a note.
    leak = Altered("altered", 99, "POST", "/followups/", body={"public": True})

    def __init__(self, server: DjangoHelpdesk) -> None:
        self.server = server
        number, token = server.told("antesala").split()
        self.proxy = FaultProxy(server.url)
        self.access = Access(self.proxy.url, token, number, timeout=PATIENCE)

    def customer_writes(self, text: str, *, subject: str = "", ticket: str = "", message_id: str = "") -> str:
        mark = f"[general-{ticket}] " if ticket else ""
        return self.server.mail_in(mail(self.customer.email, mark + subject, text, message_id))

    def agent_replies(self, ticket: str, text: str) -> None:
        self._writes(ticket, text, public=True)

    def agent_notes(self, ticket: str, text: str) -> None:
        self._writes(ticket, text, public=False)

    def agent_moves(self, ticket: str, group: str) -> None:
        self._call("PATCH", f"tickets/{ticket}/", queue=int(group))

    def agent_tags(self, ticket: str, add: str = "", remove: str = "") -> None:
        tags = set(filter(None, str(self._call("GET", f"tickets/{ticket}/")["custom_tags"] or "").split(",")))
        after = sorted((tags | {add}) - {remove, ""})
        self._call("PATCH", f"tickets/{ticket}/", custom_tags=",".join(after) or ",")

    def seen_by_customer(self, ticket: str) -> str:
        """The public page, by the link that stands in the customer's mails; and the mails."""
        with sqlite3.connect(self.server.home / "db.sqlite3") as database:
            query = "select q.slug, t.secret_key from helpdesk_ticket t join helpdesk_queue q on q.id = t.queue_id"
            slug, key = database.execute(f"{query} where t.id = ?", (ticket,)).fetchone()
        asked = {"ticket": f"{slug}-{ticket}", "email": self.customer.email, "key": key}
        page = httpx.get(f"{self.server.url}/view/", params=asked, timeout=PATIENCE)
        assert page.is_success
        assert f"{slug}-{ticket}" in page.text, "the customer does not see the ticket at all"
        return page.text + "\n".join(self.mailed(ticket))

    def mailed(self, ticket: str) -> list[str]:
        return [
            text
            for queue in ("general", "billing")
            for text in received(self.server.smtp, self.customer.email, f"[{queue}-{ticket}]")
        ]

    def files_mailed(self, ticket: str) -> list[tuple[str, str]]:
        """Names and texts of the files that the desk mailed to the customer."""
        return files_received(self.server.smtp, self.customer.email, f"-{ticket}]")

    def deliveries(self, ticket: str) -> list[tuple[dict[str, str], bytes]]:
        hooks = [(hook.headers, hook.body) for hook in list(self.server.sink.taken)]
        return [(head, body) for head, body in hooks if json.loads(body)["ticket"]["id"] == int(ticket)]

    def many(self, count: int) -> AbstractContextManager[list[str]]:
        """So many tickets for a while, made by the desk itself in one go."""
        return self.server.many(count)

    def agent_takes(self, ticket: str) -> None:
        """A person makes the ticket their own."""
        self._call("PATCH", f"tickets/{ticket}/", assigned_to=int(self.server.told("carol").split()[0]))

    def _writes(self, ticket: str, text: str, *, public: bool) -> None:
        self._call("POST", "followups/", ticket=int(ticket), comment=text, public=public, user=None)

    def _call(self, method: str, path: str, **payload: Any) -> Any:
        head = {"authorization": f"Token {self.server.told('carol').split()[1]}"}
        url = f"{self.server.url}/api/{path}"
        answer = httpx.request(method, url, headers=head, json=payload or None, timeout=PATIENCE)
        assert answer.is_success, answer.text + self.server.log()
        return answer.json()
