"""Zendesk Support, held to the OpenAPI file that Zendesk publishes."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mocks.openapi import contract
from mocks.server import Answer, Call, Refused
from mocks.world import SECRET, TOKEN, Entry, Ticket, World, seconds
from plugin.desks.zendesk import KIND

CONTRACT = Path(__file__).parents[4] / "shared" / "contracts" / "zendesk.oas.yaml"
USED = r"^/api/v2/(tickets|groups|users/me$|incremental/tickets/cursor)"
PAGE = 3  #: comments and groups of a page, so that a handful makes several
EXPORTED = 100  #: tickets of a page


class ZendeskMock(World):
    """The parts of Zendesk that Antesala uses."""

    kind = KIND
    beyond = (
        # https://developer.zendesk.com/api-reference/introduction/pagination/ and .../side_loading/
        "page[size]",
        "page[after]",
        "include",
        # .../documentation/ticketing/managing-tickets/creating-and-updating-tickets/
        "ticket.requester",
    )

    def __init__(self) -> None:
        super().__init__(contract(CONTRACT, USED))
        self.once: dict[str, tuple[Any, Answer]] = {}  #: by Idempotency-Key: the body, and what was answered
        self.admin = True
        self.race = 0  #: so often somebody else changes the ticket between our look and our write

    def handle(self, call: Call) -> Answer:
        right = base64.b64encode(f"{self.users[self.bot].email}/token:{TOKEN}".encode()).decode()
        if call.headers.get("authorization") != f"Basic {right}":
            raise Refused(401, {"error": "Couldn't authenticate you"})
        steps = call.path.removeprefix("/api/v2/").split("/")
        match call.method, steps:
            case "GET", ["users", "me"]:
                return 200, {"user": self._user_json(self.bot)}
            case "GET", ["groups"]:
                groups = [{"id": number, "name": name, "deleted": False} for number, name in self.group_names.items()]
                return 200, self._page(call, "groups", groups)
            case "GET", ["tickets"]:
                found = [t for t in self.tickets.values() if t.external_id == call.query.get("external_id")]
                return 200, {"tickets": [self._ticket_json(ticket) for ticket in found]}
            case "POST", ["tickets"]:
                return self._create(call)
            case "GET", ["tickets", number]:
                return 200, self._show(self.ticket(number), call.query.get("include", ""))
            case "PUT", ["tickets", number]:
                return 200, self._update(self.ticket(number), call.body["ticket"])
            case "GET", ["tickets", number, "comments"]:
                return 200, self._comments(self.ticket(number), call)
            case "GET", ["tickets", number, "audits"]:
                return 200, self._page(call, "audits", [*self._audits(self.ticket(number))])
            case _, ["tickets", number, "tags"]:
                return self._tags(self.ticket(number), call)
            case "GET", ["incremental", "tickets", "cursor"]:
                return 200, self._export(call.query)
        raise Refused(404, {"error": "RecordNotFound"})

    def hook(self, ticket: Ticket) -> tuple[Mapping[str, str], bytes]:
        """What a trigger sends with the body of docs/desks/zendesk.md; signed over time and body."""
        told = {"ticket_id": str(ticket.id), "changed": seconds(ticket.updated)}
        return signed(json.dumps(told).encode(), datetime.now(UTC))

    # --- what it does ---

    def _create(self, call: Call) -> Answer:
        key = call.headers.get("idempotency-key", "")
        if key in self.once:
            body, answer = self.once[key]
            if body != call.body:
                raise Refused(400, {"error": "IdempotencyError"})
            return answer
        given = call.body["ticket"]
        requester = given["requester"]
        made = self.open(given["subject"], self._group(given), self.person(requester["email"], requester["name"]))
        made.external_id, made.priority, made.tags = given.get("external_id"), given["priority"], given["tags"]
        comment = given["comment"]
        first = self.write(made, made.requester, comment["body"], bool(comment.get("public", True)), kind="api")
        first.more["by"] = self.bot
        answer = 201, {"ticket": self._ticket_json(made)}
        if key:
            self.once[key] = (call.body, answer)
        self.tell(made)
        return answer

    def _update(self, ticket: Ticket, given: Mapping[str, Any]) -> Any:
        if ticket.status == "closed":
            raise Refused(422, {"error": "RecordInvalid"})
        if given.get("safe_update") and given.get("updated_stamp") != seconds(ticket.updated):
            raise Refused(409, {"error": "UpdateConflict"})
        if "group_id" in given:
            ticket.group = self._group(given)
        ticket.priority = given.get("priority", ticket.priority)
        if "tags" in given:  # the whole set
            ticket.tags = [*given["tags"]]
        if comment := given.get("comment"):
            last = ticket.entries[-1].public if ticket.entries else True
            self.write(ticket, self.bot, self.filled_in(comment["body"]), bool(comment.get("public", last)), kind="api")
        self.touch(ticket)
        self.tell(ticket)
        return {"ticket": self._ticket_json(ticket)}

    def _tags(self, ticket: Ticket, call: Call) -> Answer:
        if call.method == "GET":
            return 200, {"tags": ticket.tags}
        given = call.body
        if self.race > 0:
            self.race -= 1
            ticket.tags.append(f"raced-{self.race}")
            self.touch(ticket)
        if str(given.get("safe_update")).lower() == "true" and given.get("updated_stamp") != seconds(ticket.updated):
            raise Refused(409, {"error": "UpdateConflict"})
        if call.method == "POST":  # sets the whole of it
            ticket.tags = []
        gone = set(given["tags"])
        ticket.tags = [tag for tag in ticket.tags if tag not in gone]
        if call.method != "DELETE":
            ticket.tags += given["tags"]
        self.touch(ticket)
        self.tell(ticket)
        return (201 if call.method == "POST" else 200), {"tags": ticket.tags}

    def _export(self, query: Mapping[str, str]) -> Any:
        """For admins, sorted by time of change, and not before a minute is over."""
        if not self.admin:
            raise Refused(403, {"error": "Forbidden"})
        if "cursor" in query:
            after = tuple(int(part) for part in query["cursor"].split("-"))
        else:
            after = (int(query["start_time"]), 0)
            if after[0] > (datetime.now(UTC) - timedelta(minutes=1)).timestamp():
                raise Refused(422, {"error": "StartTimeTooRecent"})
        found = sorted((int(t.updated.timestamp()), t.id) for t in self.tickets.values())
        found = [key for key in found if key > after]
        page = found[:EXPORTED]
        told = [self._ticket_json(self.tickets[number]) for _, number in page]
        at, number = page[-1] if page else after
        return {"tickets": told, "after_cursor": f"{at}-{number}", "end_of_stream": len(found) <= EXPORTED}

    def _page(self, call: Call, name: str, entries: list[Any]) -> Any:
        start = int(call.query.get("page[after]", "0"))
        more = start + PAGE < len(entries)
        return {
            name: entries[start : start + PAGE],
            "meta": {"has_more": more, "after_cursor": str(start + PAGE) if more else None},
        }

    def _audits(self, ticket: Ticket) -> Iterator[Any]:
        """A trigger's changes stand among those of whoever set it off."""
        for number, (what, who) in enumerate(ticket.log, 1):
            via = {"channel": "web" if who else "rule"}
            name = {"group": "group_id", "tags": "tags"}[what]
            event = {"id": number, "type": "Change", "field_name": name, "via": via}
            told = {"id": number, "ticket_id": ticket.id, "author_id": who or ticket.requester, "events": [event]}
            yield {**told, "created_at": seconds(ticket.updated), "via": {"channel": "web"}}

    def _comments(self, ticket: Ticket, call: Call) -> Any:
        page = self._page(call, "comments", [self._comment_json(entry) for entry in ticket.entries])
        authors = {comment["author_id"] for comment in page["comments"]} - {-1}
        return page | {"users": [self._user_json(number) for number in sorted(authors)]}

    def _group(self, given: Mapping[str, Any]) -> int:
        if given["group_id"] not in self.group_names:
            raise Refused(422, {"error": "RecordInvalid"})
        return int(given["group_id"])

    # --- as JSON ---

    def _show(self, ticket: Ticket, include: str) -> Any:
        told: dict[str, Any] = {"ticket": self._ticket_json(ticket)}
        if "users" in include:
            told["users"] = [self._user_json(ticket.requester)]
        if "groups" in include:
            told["groups"] = [{"id": ticket.group, "name": self.group_names[ticket.group]}]
        return told

    def _user_json(self, number: int) -> Any:
        user = self.users[number]
        role = {"customer": "end-user", "agent": "agent", "bot": "admin" if self.admin else "agent"}[user.role]
        told = {"id": user.id, "name": user.name, "email": user.email, "role": role}
        return told | {"only_private_comments": False, "ticket_restriction": None, "suspended": False}

    def _ticket_json(self, ticket: Ticket) -> Any:
        told = {
            "id": ticket.id,
            "subject": ticket.subject,
            "group_id": ticket.group,
            "priority": ticket.priority or None,
            "status": ticket.status,
            "tags": [*ticket.tags],
            "requester_id": ticket.requester,
            "external_id": ticket.external_id,
            "assignee_id": ticket.owner,
            "created_at": seconds(ticket.created),
            "updated_at": seconds(ticket.updated),
        }
        return {name: value for name, value in told.items() if value is not None}  # null, in the vendor's own answers

    def _comment_json(self, entry: Entry) -> Any:
        user = self.users[entry.author]
        source = {"from": {"address": user.email, "name": user.name}} if entry.kind == "email" else {}
        return {
            "id": entry.id,
            "type": "Comment",
            "author_id": -1 if entry.system else entry.author,
            "body": entry.text,
            "plain_body": entry.text,
            "html_body": f"<p>{entry.text}</p>",
            "public": entry.public,
            "created_at": seconds(entry.at),
            "attachments": [],
            "via": {"channel": "email" if entry.kind == "email" else "api", "source": source},
            "metadata": {"system": {"message_id": f"<{entry.message_id}>"} if entry.message_id else {}},
        }


def signed(body: bytes, at: datetime) -> tuple[Mapping[str, str], bytes]:
    stamp = seconds(at)
    code = base64.b64encode(hmac.new(SECRET.encode(), stamp.encode() + body, "sha256").digest()).decode()
    return {"X-Zendesk-Webhook-Signature": code, "X-Zendesk-Webhook-Signature-Timestamp": stamp}, body
