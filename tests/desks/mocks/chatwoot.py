"""Chatwoot, held to the OpenAPI file that it publishes."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from mocks.openapi import contract
from mocks.server import Answer, Call, Refused
from mocks.world import SECRET, TOKEN, Entry, Ticket, World
from plugin.desks.chatwoot import KIND
from plugin.desks.protocol import Access

CONTRACT = Path(__file__).parents[4] / "shared" / "contracts" / "chatwoot.json"
PAGE = 3  #: messages of a page, so that a handful makes several
LISTED = 25  #: conversations of a page


class ChatwootMock(World):
    """The parts of Chatwoot that Antesala uses: account 7."""

    kind = KIND

    def __init__(self) -> None:
        super().__init__(contract(CONTRACT))

    @property
    def access(self) -> Access:
        return replace(super().access, options={"account": "7"})

    labels: frozenset[str] = frozenset()  #: those of its settings

    def handle(self, call: Call) -> Answer:
        if call.headers.get("api_access_token") != TOKEN:
            raise Refused(401, {"error": "Invalid Access Token"})
        if call.path == "/api/v1/profile":
            return 200, {"id": self.bot, "name": "Antesala", "role": "agent", "accounts": [{"id": 7, "name": "Casa"}]}
        steps = call.path.removeprefix("/api/v1/accounts/7/").split("/")
        match call.method, steps:
            case "GET", ["labels"]:
                return 200, {"payload": [{"id": at, "title": name} for at, name in enumerate(sorted(self.labels), 1)]}
            case "GET", ["teams"]:
                return 200, [{"id": number, "name": name} for number, name in self.group_names.items()]
            case "GET", ["conversations"]:
                return 200, self._list(int(call.query.get("page", "1")))
            case "GET", ["conversations", number]:
                return 200, self._conversation_json(self.ticket(number))
            case "GET", ["conversations", number, "labels"]:
                return 200, {"payload": self.ticket(number).tags}
            case "POST", ["conversations", number, "labels"]:  # the whole set
                self.ticket(number).tags = [*dict.fromkeys(call.body["labels"])]
                return 200, {"payload": self._changed(number).tags}
            case "POST", ["conversations", number, "assignments"]:
                return 200, self._assign(number, call.body)
            case "POST", ["conversations", number, "toggle_priority"]:
                self.ticket(number).priority = call.body["priority"]
                self._changed(number)
                return 200, {}
            case "GET", ["conversations", number, "messages"]:
                return 200, self._messages(self.ticket(number), call.query)
            case "POST", ["conversations", number, "messages"]:
                return 200, self._say(self.ticket(number), call.body)
        raise Refused(404, {"error": "Resource could not be found"})

    def hook(self, ticket: Ticket) -> tuple[Mapping[str, str], bytes]:
        """`message_created`, signed over time and body."""
        last = ticket.entries[-1] if ticket.entries else None
        told = {
            "event": "message_created",
            "id": last.id if last else 0,
            "content": last.text if last else "",
            "message_type": "incoming" if last and self.users[last.author].role == "customer" else "outgoing",
            "private": bool(last and not last.public),
            "conversation": {"id": ticket.id, "status": ticket.status},
            "account": {"id": 7, "name": "Casa"},
            "inbox": {"id": 3, "name": "Mail"},
        }
        body, stamp = json.dumps(told).encode(), str(int(time.time()))
        code = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, "sha256").hexdigest()
        number = f"f0e1d2c3-{len(self.sent):012d}"
        return {
            "X-Chatwoot-Signature": f"sha256={code}",
            "X-Chatwoot-Timestamp": stamp,
            "X-Chatwoot-Delivery": number,
        }, body

    def mail_in(self, raw: bytes) -> str:
        """A mail to the address of its inbox; the conversation."""
        given = message_from_bytes(raw, policy=policy.default)
        author = self.person(given["From"].addresses[0].addr_spec)
        with self._lock:
            found = self.open(str(given["Subject"]), 11, author)
            text, named = given.get_body(("plain",)).get_content(), str(given["Message-ID"]).strip("<>")
            self.write(found, author, text, True, kind="email", message_id=named)
        self.tell(found)
        return str(found.id)

    # --- what it does ---

    def _assign(self, number: str, given: Mapping[str, Any]) -> Any:
        """An agent in it, and the team is ignored."""
        ticket = self.ticket(number)
        if "assignee_id" not in given:
            if given["team_id"] not in self.group_names:
                raise Refused(404, {"error": "Resource could not be found"})
            ticket.group = given["team_id"]
        self._changed(number)
        return {"id": self.bot, "name": "Antesala"}

    def _say(self, ticket: Ticket, given: Mapping[str, Any]) -> Any:
        """What is not said to be private goes to the customer."""
        entry = self.write(
            ticket, self.bot, self.filled_in(given["content"]), not given.get("private", False), kind="text"
        )
        self.tell(ticket)
        return self._message_json(ticket, entry)

    def _changed(self, number: str) -> Ticket:
        ticket = self.ticket(number)
        self.touch(ticket)
        self.tell(ticket)
        return ticket

    def _messages(self, ticket: Ticket, query: Mapping[str, str]) -> Any:
        """The latest of a page, or those before a message."""
        found = [entry for entry in ticket.entries if entry.id < int(query.get("before", 10**9))][-PAGE:]
        return {"meta": {"labels": ticket.tags}, "payload": [self._message_json(ticket, entry) for entry in found]}

    def _list(self, page: int) -> Any:
        found = sorted(self.tickets.values(), key=lambda ticket: ticket.updated, reverse=True)
        shown = [self._conversation_json(ticket) for ticket in found[(page - 1) * LISTED : page * LISTED]]
        return {"data": {"meta": {"all_count": len(found)}, "payload": shown}}

    # --- as JSON ---

    def _conversation_json(self, ticket: Ticket) -> Any:
        user = self.users[ticket.requester]
        sender = {"id": user.id, "name": user.name, "email": user.email}
        return {
            "id": ticket.id,
            "account_id": 7,
            "inbox_id": 3,
            "status": "open" if ticket.status == "open" else "resolved",
            "priority": ticket.priority or None,
            "labels": [*ticket.tags],
            "created_at": ticket.created.timestamp(),
            "updated_at": ticket.updated.timestamp(),
            "last_activity_at": ticket.updated.timestamp(),
            "additional_attributes": {"mail_subject": ticket.subject},
            "meta": {"sender": sender, "team": {"id": ticket.group, "name": self.group_names[ticket.group]}},
        }

    def _message_json(self, ticket: Ticket, entry: Entry) -> Any:
        user = self.users[entry.author]
        by_customer = user.role == "customer"
        mail = {"message_id": entry.message_id, "from": [user.email], "subject": ticket.subject}
        return {
            "id": entry.id,
            "content": entry.text,
            "conversation_id": ticket.id,
            "message_type": 0 if by_customer else 1,
            "content_type": "incoming_email" if by_customer else "text",
            "content_attributes": {"email": mail} if by_customer else {},
            "private": not entry.public,
            "created_at": int(entry.at.timestamp()),
            "source_id": entry.message_id or None,
            "sender": {"id": user.id, "name": user.name, "type": "contact" if by_customer else "user"},
        }
