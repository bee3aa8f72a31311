"""Zammad, as its documentation and code say; held to contracts/zammad.yaml."""

from __future__ import annotations

import hmac
import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from mocks.openapi import contract
from mocks.server import Answer, Call, Refused
from mocks.world import SECRET, TOKEN, Entry, Ticket, World, iso
from plugin.desks.zammad import KIND

CONTRACT = Path(__file__).parents[1] / "contracts" / "zammad.yaml"
PRIORITIES = ("1 low", "2 normal", "3 high")
TAGS = ("email", "phone", "web")


class ZammadMock(World):
    """The parts of Zammad that Antesala uses."""

    kind = KIND
    by_default = "2 normal"

    def __init__(self) -> None:
        super().__init__(contract(CONTRACT))
        self.closed_tags = frozenset[str]()  #: that only admins may make
        self.trigger = False  #: the auto-reply that Zammad ships, switched off as the docs say

    @contextmanager
    def leaking(self) -> Iterator[None]:
        """The desk shows the customer what was meant to be a note."""
        write = self._write
        self._write = lambda found, body: write(found, {**body, "internal": False})  # type: ignore[method-assign]
        yield
        self._write = write  # type: ignore[method-assign]

    def handle(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Token token={TOKEN}":
            raise Refused(401, {"error": "Invalid BasicAuth credentials"})
        steps = call.path.removeprefix("/api/v1/").split("/")
        match call.method, steps:
            case "GET", ["users", who]:
                return 200, self._user_json(self.bot if who == "me" else int(who))
            case "GET", ["groups"]:
                return 200, [{"id": number, "name": name, "active": True} for number, name in self.group_names.items()]
            case "GET", ["tickets"]:
                return 200, [self._ticket_json(found) for found in list(self.tickets.values())[:1]]
            case "GET", ["tickets", "search"]:
                return 200, self._search(call.query)
            case "GET", ["tickets", number]:
                return 200, self._ticket_json(self.ticket(number))
            case "POST", ["tickets"]:
                return 201, self._create(call.body)
            case "PUT", ["tickets", number]:
                return 200, self._update(self.ticket(number), call.body)
            case "GET", ["ticket_articles", "by_ticket", number]:
                found = self.ticket(number)
                return 200, [self._article_json(found, entry) for entry in found.entries]
            case "POST", ["ticket_articles"]:
                return self._article(call.body)
            case "GET", ["tags"]:
                return 200, {"tags": [*self.ticket(call.query["o_id"]).tags]}
            case _, ["tags", verb]:
                return self._tag(verb, call.body)
            case "GET", ["ticket_history", number]:
                found = self.ticket(number)
                names = {"group": ("Ticket", "group"), "tags": ("Ticket", "tag")}
                told = [(*names[what], who) for what, who in found.log]
                log = [{"object": of, "attribute": name, "created_by_id": who or 1} for of, name, who in told]
                return 200, {"history": [{"id": i, "type": "updated", **entry} for i, entry in enumerate(log)]}
            case "GET", ["links"]:
                links = self.ticket(call.query["link_object_value"]).links
                told = [{"link_type": kind, "link_object": "Ticket", "link_object_value": to} for kind, to in links]
                return 200, {"links": told, "assets": {}}
            case "POST", ["links", "add"]:
                return self._link(call.body)
        raise Refused(404)

    def hook(self, ticket: Ticket) -> tuple[Mapping[str, str], bytes]:
        """The default payload of a webhook; the signature is HMAC-SHA1 over the body, by the token."""
        entry = ticket.entries[-1] if ticket.entries else None
        told = {
            "ticket": {
                **self._ticket_json(ticket),
                "group": {"id": ticket.group},
                "priority": {"name": ticket.priority},
            },
            "article": self._article_json(ticket, entry) if entry else {},
        }
        body = json.dumps(told).encode()
        code = hmac.new(SECRET.encode(), body, "sha1").hexdigest()
        number = f"{len(self.sent) + 1:08d}"
        return {"X-Hub-Signature": f"sha1={code}", "X-Zammad-Delivery": number, "X-Zammad-Trigger": "Antesala"}, body

    def greet(self, ticket: Ticket) -> None:
        if self.trigger and ticket.entries[0].kind in TAGS:
            self.write(ticket, self.agent, "Your request has been received.", True, kind="email", system=True)

    # --- what it does ---

    def _create(self, body: Mapping[str, Any]) -> Any:
        email = str(body.get("customer_id", "")).removeprefix("guess:")
        made = self.open(body["title"], self._group(body["group"]), self.person(email))
        made.priority = self._priority(body.get("priority", "2 normal"))
        made.tags = [tag for tag in str(body.get("tags", "")).split(",") if tag]
        self._write(made, body["article"])
        self.greet(made)
        return self._ticket_json(made)

    def _update(self, ticket: Ticket, body: Mapping[str, Any]) -> Any:
        if "group" in body:
            ticket.group = self._group(body["group"])
        if "priority" in body:
            ticket.priority = self._priority(body["priority"])
        self.touch(ticket)
        self.tell(ticket)
        return self._ticket_json(ticket)

    def _article(self, body: Mapping[str, Any]) -> Answer:
        ticket = self.ticket(body["ticket_id"])
        entry = self._write(ticket, body)
        self.tell(ticket)
        return 201, self._article_json(ticket, entry)

    def _write(self, ticket: Ticket, body: Mapping[str, Any]) -> Entry:
        """An article; of type email it is mailed even if it is internal, and what is not said is not internal."""
        internal, kind = bool(body.get("internal", False)), str(body.get("type", "note"))
        more = {"sender": body.get("sender", "Agent"), "subject": body.get("subject"), "to": body.get("to", "")}
        more["content_type"] = body.get("content_type", "text/plain")
        more["files"] = [(one["filename"], len(b64decode(one["data"]))) for one in body.get("attachments", ())]
        name = str(body.get("message_id", "")).strip("<>")
        entry = Entry(self._number(), self.bot, body["body"], not internal, datetime.now(ticket.created.tzinfo))
        entry.kind, entry.message_id, entry.more = kind, name, more
        ticket.entries.append(entry)
        self.touch(ticket)
        if kind == "email" and more["sender"] == "Agent":
            ticket.mails.append(entry.text)
        return entry

    def _tag(self, verb: str, body: Mapping[str, Any]) -> Answer:
        ticket = self.ticket(body["o_id"])
        if verb == "add" and body["item"] in self.closed_tags:
            raise Refused(403, {"error": "Not authorized"})
        ticket.tags = [tag for tag in ticket.tags if tag != body["item"]]
        if verb == "add":
            ticket.tags.append(body["item"])
        self.touch(ticket)
        return 201, True

    def _link(self, body: Mapping[str, Any]) -> Answer:
        target = self.ticket(body["link_object_target_value"])
        number = body["link_object_source_number"]
        source = next((found for found in self.tickets.values() if found.number == number), None)
        if source is None:
            raise Refused(422, {"error": "Couldn't find source"})
        if any(to == source.id for _, to in target.links):
            raise Refused(422, {"error": "Link already exists"})
        target.links.append((body["link_type"], source.id))
        source.links.append(("parent" if body["link_type"] == "child" else "normal", target.id))
        return 201, {"id": self._number(), "link_object_target_value": target.id}

    def _search(self, query: Mapping[str, str]) -> Any:
        """The few forms of a query string that Antesala uses; anything else finds nothing, as without Elasticsearch."""
        by = query.get("sort_by", "updated_at").removesuffix("_at")
        found = [*self.tickets.values()]
        for name, since in re.findall(r'(created|updated)_at:\[(?:"([^"]+)"|[0-9-]+) TO \*\]', query["query"]):
            if since:
                found = [t for t in found if getattr(t, name) >= datetime.fromisoformat(since)]
        for email in re.findall(r'customer\.email:"([^"]+)"', query["query"]):
            found = [ticket for ticket in found if self.users[ticket.requester].email == email]
        found.sort(key=lambda ticket: getattr(ticket, by))
        size, page = int(query.get("limit", 50)), int(query.get("page", 1))
        return [self._ticket_json(ticket) for ticket in found[(page - 1) * size : page * size]]

    def _group(self, name: str) -> int:
        if name not in self.group_names.values():
            raise Refused(422, {"error": f"No lookup value found for 'group': {name!r}"})
        return self.group(name)

    def _priority(self, name: str) -> str:
        if name not in PRIORITIES:
            raise Refused(422, {"error": f"No lookup value found for 'priority': {name!r}"})
        return name

    # --- as JSON ---

    def _user_json(self, number: int) -> Any:
        if number not in self.users:
            raise Refused(404)
        user = self.users[number]
        first, _, last = user.name.partition(" ")
        told = {"id": user.id, "login": user.email, "email": user.email, "firstname": first, "lastname": last}
        groups = {name: ["full"] for name in self.group_names.values()}
        return {**told, "active": True} | ({"roles": ["Agent"], "groups": groups} if user.role == "bot" else {})

    def _ticket_json(self, ticket: Ticket) -> Any:
        return {
            "id": ticket.id,
            "group_id": ticket.group,
            "group": self.group_names[ticket.group],
            "priority_id": PRIORITIES.index(ticket.priority) + 1,
            "priority": ticket.priority,
            "state_id": 2,
            "state": ticket.status,
            "number": ticket.number,
            "title": ticket.subject,
            "customer_id": ticket.requester,
            "owner_id": ticket.owner or 1,
            "customer": self.users[ticket.requester].email,
            "article_count": len(ticket.entries),
            "created_at": iso(ticket.created),
            "updated_at": iso(ticket.updated),
        }

    def _article_json(self, ticket: Ticket, entry: Entry) -> Any:
        user = self.users[entry.author]
        sender = "System" if entry.system else entry.more.get("sender") or user.role.title()
        return {
            "id": entry.id,
            "ticket_id": ticket.id,
            "type": entry.kind,
            "sender": sender,
            "from": f"{user.name} <{user.email}>",
            "to": entry.more.get("to", ""),
            "cc": None,
            "subject": entry.more.get("subject") or ticket.subject,
            "body": entry.text,
            "content_type": entry.more.get("content_type", "text/plain"),
            "internal": not entry.public,
            "message_id": f"<{entry.message_id}>" if entry.message_id else None,
            "in_reply_to": None,
            "preferences": {},
            "attachments": [
                {"id": number, "filename": name, "size": str(size), "preferences": {"Content-Type": "text/plain"}}
                for number, (name, size) in enumerate(entry.more.get("files", ()))
            ],
            "created_by_id": 1 if entry.system else entry.author,
            "created_by": user.email,
            "created_at": iso(entry.at),
            "updated_at": iso(entry.at),
        }
