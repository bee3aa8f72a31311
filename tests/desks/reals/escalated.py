"""Escalated: customers write mails and look at their own page."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from typing import Any

import httpx
from servers.escalated import SECRET, Escalated
from servers.ground import PATIENCE

from plugin.desks.escalated import KIND
from plugin.desks.protocol import Access
from plugin.model import Address
from reals.mails import mail, received
from reals.proxy import Altered, FaultProxy, Faulty


class Ground(Faulty):
    """A running Escalated. A new ticket is in no department."""

    kind = KIND
    groups = ("", "Billing", "Support")
    customer = Address("ana@casa.example", "Ana Casa")
    secret = SECRET
    #: A desk that shows the customer what was meant to be a note.
    leak = Altered("altered", 99, "POST", "/reply/", body={"is_internal_note": False})

    def __init__(self, server: Escalated) -> None:
        self.server = server
        self._api = f"{server.url}/support/api/v1"
        self.proxy = FaultProxy(self._api)
        self.access = Access(self.proxy.url, server.told("antesala"), timeout=PATIENCE)

    def customer_writes(self, text: str, *, subject: str = "", ticket: str = "", message_id: str = "") -> str:
        mark = f"[{ticket}] " if ticket else ""
        return self.server.mail_in(mail(self.customer.email, mark + subject, text, message_id))

    def mail_in(self, raw: bytes) -> str:
        """A mail to its mailbox; the ticket."""
        return self.server.mail_in(raw)

    def agent_replies(self, ticket: str, text: str) -> None:
        self._call("POST", f"tickets/{ticket}/reply/", body=text, is_internal_note=False)

    def agent_notes(self, ticket: str, text: str) -> None:
        self._call("POST", f"tickets/{ticket}/reply/", body=text, is_internal_note=True)

    def agent_moves(self, ticket: str, group: str) -> None:
        macros = self._call("GET", "macros/")["data"]
        macro = next(macro["id"] for macro in macros if macro["name"] == f"Move to {group}")
        self._call("POST", f"tickets/{ticket}/macro/", macro_id=macro)

    def agent_tags(self, ticket: str, add: str = "", remove: str = "") -> None:
        ids = {tag["name"]: tag["id"] for tag in self._call("GET", "tags/")["data"]}
        there = {tag["id"] for tag in self._call("GET", f"tickets/{ticket}/")["data"]["tags"]}
        after = (there | ({ids[add]} if add else set())) - {ids.get(remove)}
        if after:
            self._call("POST", f"tickets/{ticket}/tags/", tag_ids=sorted(after))
        else:
            httpx.get(f"{self.server.url}/tests/untag/{ticket}/", timeout=PATIENCE).raise_for_status()

    def seen_by_customer(self, ticket: str) -> str:
        """The customer's page, as the data that it is made of; and the mails."""
        head = {"x-inertia": "true", "x-inertia-version": "1"}
        with httpx.Client(base_url=self.server.url, timeout=PATIENCE) as browser:
            browser.get("/tests/enter/ana/").raise_for_status()
            number = self._call("GET", f"tickets/{ticket}/")["data"]["id"]
            page = browser.get(f"/support/tickets/{number}/", headers=head)
        assert page.is_success, page.text + self.server.log()
        assert page.json()["props"]["ticket"]["reference"] == ticket
        return json.dumps(page.json(), ensure_ascii=False) + "\n".join(self._mails(ticket, ""))

    def mailed(self, ticket: str) -> list[str]:
        """Not the mails about new tickets and each change of status: nobody can switch those off."""
        return self._mails(ticket, "New reply on")

    def many(self, count: int) -> AbstractContextManager[list[str]]:
        """So many tickets for a while, made by the desk itself in one go."""
        return self.server.many(count)

    def rule_moves(self, ticket: str, group: str, tag: str) -> None:
        """An automation moves the ticket and tags it; Escalated keeps no log of those."""
        httpx.get(f"{self.server.url}/tests/rule/{ticket}/{group}/{tag}/", timeout=PATIENCE).raise_for_status()

    def agent_takes(self, ticket: str) -> None:
        """A person makes the ticket their own."""
        me = next(one["id"] for one in self._call("GET", "agents/")["data"] if one["email"].startswith("carol"))
        self._call("POST", f"tickets/{ticket}/assign/", agent_id=me)

    def _mails(self, ticket: str, about: str) -> list[str]:
        return received(self.server.smtp, self.customer.email, f"[{ticket}] {about}")

    def deliveries(self, ticket: str) -> list[tuple[dict[str, str], bytes]]:
        hooks = [(hook.headers, hook.body) for hook in list(self.server.sink.taken)]
        return [(head, body) for head, body in hooks if json.loads(body)["payload"].get("reference") == ticket]

    def _call(self, method: str, path: str, **payload: Any) -> Any:
        head = {"authorization": f"Bearer {self.server.told('carol')}"}
        answer = httpx.request(method, f"{self._api}/{path}", headers=head, json=payload or None, timeout=PATIENCE)
        assert answer.is_success, answer.text + self.server.log()
        return answer.json()
