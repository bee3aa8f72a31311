"""Freshdesk, held to an OpenAPI file of its version 2 that others wrote from its pages."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from mocks.openapi import contract
from mocks.server import Answer, Call, Refused
from mocks.world import SECRET, TOKEN, Entry, Ticket, World, seconds
from plugin.desks.freshdesk import KIND

CONTRACT = Path(__file__).parents[4] / "shared" / "contracts" / "freshdesk-unofficial.yml"
STATUS = {"open": 2, "pending": 3, "solved": 4, "closed": 5}
PRIORITY = ["low", "normal", "high", "urgent"]


class FreshdeskMock(World):
    """The parts of Freshdesk that Antesala uses."""

    kind = KIND
    base = "/api/v2"
    by_default = "low"
    beyond = ("name", "/agents/me")  # https://developers.freshdesk.com/api/#create_ticket and #me

    def __init__(self) -> None:
        super().__init__(contract(CONTRACT))
        self.greeting = False  #: the notification "New Ticket Created", switched off as the docs say

    def handle(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Basic {base64.b64encode(f'{TOKEN}:X'.encode()).decode()}":
            raise Refused(401, {"code": "invalid_credentials", "message": "You have to be logged in."})
        steps = call.path.removeprefix("/api/v2/").split("/")
        match call.method, steps:
            case "GET", ["agents", "me"]:
                return 200, {"id": self.bot, "ticket_scope": 1, "occasional": False, "contact": {}}
            case "GET", ["groups"]:
                return 200, [{"id": number, "name": name} for number, name in self.group_names.items()]
            case "GET", ["groups", number]:
                return 200, {"id": int(number), "name": self.group_names[int(number)]}
            case "GET", ["tickets"]:
                return 200, self._list(call.query)
            case "POST", ["tickets"]:
                return 201, self._create(call.body)
            case "GET", ["tickets", number]:
                return 200, self._ticket_json(self.ticket(number), call.query.get("include", ""))
            case "PUT", ["tickets", number]:
                return 200, self._update(self.ticket(number), call.body)
            case "GET", ["tickets", number, "conversations"]:
                talk = [self._entry_json(number, entry) for entry in self.ticket(number).entries[1:]]
                return 200, _page(talk, call.query)
            case "POST", ["tickets", number, "notes"]:
                return 201, self._says(self.ticket(number), call.body, public=not call.body.get("private", False))
            case "POST", ["tickets", number, "reply"]:
                return 201, self._says(self.ticket(number), call.body, public=True)
        raise Refused(404, {})

    def hook(self, ticket: Ticket) -> tuple[Mapping[str, str], bytes]:
        """What an automation rule sends with the fields of docs/desks/freshdesk.md; nothing is signed."""
        told = {"ticket_id": ticket.id, "ticket_status": ticket.status, "ticket_latest_public_comment": len(self.sent)}
        return {"X-Antesala-Secret": SECRET}, json.dumps({"freshdesk_webhook": told}).encode()

    def greet(self, ticket: Ticket) -> None:
        if self.greeting:
            ticket.mails.append("Your ticket has been received.")

    # --- what it does ---

    def _create(self, given: Mapping[str, Any]) -> Any:
        made = self.open(given["subject"], self._group(given), self.person(given["email"], given.get("name", "")))
        made.priority, made.tags = PRIORITY[given["priority"] - 1], _tags(given["tags"])
        self.write(made, made.requester, _text(given["description"]), True, kind="portal")
        self.greet(made)
        self.tell(made)
        return self._ticket_json(made)

    def _update(self, ticket: Ticket, given: Mapping[str, Any]) -> Any:
        if "group_id" in given:
            ticket.group = self._group(given)
        if "priority" in given:
            ticket.priority = PRIORITY[given["priority"] - 1]
        if "tags" in given:  # the whole set
            ticket.tags = _tags(given["tags"])
        self.touch(ticket)
        self.tell(ticket)
        return self._ticket_json(ticket)

    def _says(self, ticket: Ticket, given: Mapping[str, Any], *, public: bool) -> Any:
        entry = self.write(ticket, self.bot, self.filled_in(_text(given["body"])), public, kind="reply")
        self.tell(ticket)
        return self._entry_json(str(ticket.id), entry)

    def _list(self, query: Mapping[str, str]) -> Any:
        found = [*self.tickets.values()]
        if since := query.get("updated_since"):
            found = [ticket for ticket in found if ticket.updated >= datetime.fromisoformat(since)]
        if email := query.get("email"):
            found = [ticket for ticket in found if self.users[ticket.requester].email == email]
        by = query.get("order_by", "created_at").removesuffix("_at")
        found.sort(key=lambda ticket: getattr(ticket, by), reverse=query.get("order_type", "desc") == "desc")
        return _page([self._ticket_json(ticket, query.get("include", "")) for ticket in found], query)

    def _group(self, given: Mapping[str, Any]) -> int:
        if given["group_id"] not in self.group_names:
            raise Refused(400, {"errors": [{"field": "group_id", "code": "invalid_value"}]})
        return int(given["group_id"])

    # --- as JSON ---

    def _ticket_json(self, ticket: Ticket, include: str = "") -> Any:
        user = self.users[ticket.requester]
        told: dict[str, Any] = {
            "id": ticket.id,
            "subject": ticket.subject,
            "status": STATUS[ticket.status],
            "priority": PRIORITY.index(ticket.priority) + 1,
            "source": 1,
            "type": None,
            "requester_id": ticket.requester,
            "responder_id": ticket.owner,
            "group_id": ticket.group,
            "tags": [*ticket.tags],
            "custom_fields": {},
            "created_at": seconds(ticket.created),
            "updated_at": seconds(ticket.updated),
        }
        if "requester" in include:
            told["requester"] = {"id": user.id, "name": user.name, "email": user.email}
        if ticket.entries:
            told["description_text"] = ticket.entries[0].text
            told["description"] = f"<div>{html.escape(ticket.entries[0].text)}</div>"
        return told

    def _entry_json(self, ticket: str, entry: Entry) -> Any:
        user = self.users[entry.author]
        return {
            "id": entry.id,
            "ticket_id": int(ticket),
            "body": f"<div>{html.escape(entry.text)}</div>",
            "body_text": entry.text,
            "incoming": user.role == "customer",
            "private": not entry.public,
            "user_id": entry.author,
            "from_email": f"{user.name} <{user.email}>",
            "source": 0,
            "attachments": [],
            "created_at": seconds(entry.at),
            "updated_at": seconds(entry.at),
        }


def _page(entries: list[Any], query: Mapping[str, str]) -> list[Any]:
    size, page = int(query.get("per_page", "30")), int(query.get("page", "1"))
    return entries[(page - 1) * size : page * size]


def _tags(tags: list[str]) -> list[str]:
    if any(len(tag) > 32 for tag in tags):
        raise Refused(400, {"errors": [{"field": "tags", "code": "invalid_value"}]})
    return [*tags]


def _text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup.replace("<br>", "\n")))
