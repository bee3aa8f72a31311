"""Zammad 6: https://docs.zammad.org/en/latest/api/intro.html, its webhooks, and what its code does beyond that.

- Group, priority and tags are set by name; tags are added and removed one by one, so nobody's are lost.
- An article is mailed when its type is `email`, **even if it is internal**: a note is type `note` and `internal`.
- It ships with a trigger that answers new tickets; docs/desks/zammad.md says how to switch it off. A ticket that we
  open begins with an article of type `note`, which that trigger does not answer.
- `links/add` takes the id of the one ticket and the number of the other.
- What changed is asked of the search, which Elasticsearch answers, some seconds behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Literal

from plugin.desks.base import DeskBase
from plugin.desks.http import Http, status_of
from plugin.desks.protocol import (
    ABILITIES,
    Access,
    Answer,
    Changed,
    DeskError,
    Hook,
    Kind,
    Opening,
    Placement,
    Probe,
    TicketNow,
)
from plugin.desks.reading import changes, instant, listed, made, mapping, stamp, ticket_number, word
from plugin.desks.signatures import SCHEMES
from plugin.desks.words import base64_of, outcome
from plugin.desks.zammad_read import events, last_movers, note_article, opens_with, quoted, ticket_of
from plugin.model import PRIORITIES, Address, Priority

PAGE = 100  #: tickets that a search gives at once
#: How Zammad calls its three priorities, unless ANTESALA_DESK_OPTIONS says otherwise.
OPTIONS: Mapping[str, str] = {"low": "1 low", "normal": "2 normal", "high": "3 high"}
LACKS: Mapping[Priority, Priority] = {"urgent": "high"}


class Zammad(DeskBase):
    """A Zammad, over its REST API with an access token."""

    name = "zammad"
    abilities = ABILITIES

    def __init__(self, access: Access) -> None:
        self._http = Http(access, headers={"authorization": f"Token token={access.token}"})
        names = {**OPTIONS, **access.options}
        self._priorities: Mapping[Priority, str] = {
            priority: names[LACKS.get(priority, priority)] for priority in PRIORITIES
        }
        self._me = 0  # our own user id, once asked for

    def read(self, ticket: str) -> TicketNow:
        number = ticket_number(ticket)
        found = mapping(self._http.get(f"api/v1/tickets/{number}", expand="true"))
        articles = listed(self._http.get(f"api/v1/ticket_articles/by_ticket/{number}", expand="true"))
        tags = mapping(self._http.get("api/v1/tags", object="Ticket", o_id=number))
        links = mapping(self._http.get("api/v1/links", link_object="Ticket", link_object_value=number))
        customer = mapping(self._http.get(f"api/v1/users/{word(found.get('customer_id'))}"))
        return ticket_of(found, articles, tags, links, customer, self._bot(), self._priorities)

    def changed_since(self, moment: datetime) -> Iterable[Changed]:
        return changes(self._changes, moment, full=PAGE)

    def find(self, opening: Opening, since: datetime) -> str | None:
        query = f'customer.email:"{quoted(opening.requester.email)}" AND created_at:["{stamp(since)}" TO *]'
        for found in self._search(query, 1, "created_at"):
            articles = listed(self._http.get(f"api/v1/ticket_articles/by_ticket/{word(found.get('id'))}"))
            if any(opens_with(article, found, opening) for article in articles[:1]):
                return word(found.get("id"))
        return None

    def create(self, opening: Opening) -> str:
        article = {
            "subject": opening.subject,
            "body": opening.text,
            "content_type": "text/plain",
            "type": "note",
            "sender": "Customer",
            "internal": False,
            **({"message_id": f"<{opening.message_id}>"} if opening.message_id else {}),
        }
        payload = {
            "title": opening.subject or "-",
            "group": opening.group,
            "customer_id": f"guess:{opening.requester.email}",
            "priority": self._priorities[opening.priority],
            "tags": ",".join(sorted(opening.tags)),
            "article": article,
        }
        return made(self._http.call("POST", "api/v1/tickets", payload=payload), "id")

    def append(self, now: TicketNow, text: str, sender: Address) -> None:
        customer = mapping(self._http.get(f"api/v1/tickets/{ticket_number(now.id)}")).get("customer_id")
        article = {"type": "note", "sender": "Customer", "internal": False, "origin_by_id": customer}
        self._write(now.id, {**article, "subject": f"{sender.name} <{sender.email}>".strip(), "body": text})

    def place(self, now: TicketNow, placement: Placement) -> None:
        number = ticket_number(now.id)
        fields: dict[str, Any] = {}
        if placement.group is not None:
            fields["group"] = placement.group
        if placement.priority is not None:
            fields["priority"] = self._priorities[placement.priority]
        if fields:
            self._http.call("PUT", f"api/v1/tickets/{number}", payload=fields, repeatable=True)
        for verb, path, tags in (
            ("POST", "api/v1/tags/add", placement.add_tags - now.tags),
            ("DELETE", "api/v1/tags/remove", placement.remove_tags & now.tags),
        ):
            for tag in sorted(tags):
                payload = {"item": tag, "object": "Ticket", "o_id": int(number)}
                with _refusals():
                    self._http.call(verb, path, payload=payload, repeatable=True)

    def note(self, ticket: str, text: str) -> None:
        self._write(ticket, note_article(text))

    def reply(self, now: TicketNow, answer: Answer) -> None:
        if now.requester is None:
            raise outcome("dead", "RequesterMissing")
        last = next((entry for entry in reversed(now.entries) if entry.author == "customer" and entry.message_id), None)
        article: dict[str, Any] = {
            "type": "email",
            "sender": "Agent",
            "internal": False,
            "to": now.requester.email,
            "subject": answer.subject or now.subject,
            "body": answer.text,
        }
        if answer.files:
            article["attachments"] = [
                {"filename": name, "mime-type": "text/plain", "data": base64_of(text)} for name, text in answer.files
            ]
        self._write(now.id, article | ({"in_reply_to": f"<{last.message_id}>"} if last else {}))

    def link(self, now: TicketNow, earlier: str) -> None:
        found = mapping(self._http.get(f"api/v1/tickets/{ticket_number(earlier)}"))
        self._link("normal", target=now.id, source=word(found.get("number")), other=earlier)

    def child(self, now: TicketNow, opening: Opening) -> str:
        ticket = self.create(opening)
        number = word(mapping(self._http.get(f"api/v1/tickets/{ticket}")).get("number"))
        self._link("child", target=now.id, source=number, other=ticket)
        return ticket

    def movers(self, ticket: str) -> Mapping[Literal["group", "tags"], str]:
        log = mapping(self._http.get(f"api/v1/ticket_history/{ticket_number(ticket)}"))
        return last_movers(listed(log.get("history")), self._bot())

    def probe(self, group: str) -> Sequence[Probe]:
        me = mapping(self._http.get("api/v1/users/me", expand="true"))
        groups = self._try("api/v1/groups")
        named = {word(entry.get("name")) for entry in listed(groups)} if groups is not None else set()
        rights = mapping(me.get("groups")).get(group) or []
        tickets = self._try("api/v1/tickets", per_page="1")
        found = self._try("api/v1/tickets/search", query="created_at:[2000-01-01 TO *]", limit="1", expand="true")
        searching = bool(found) or tickets == []
        agent = "Agent" in (me.get("roles") or ["Agent"])
        give = "Manage > Roles and Users: give the bot's user the role Agent, and its token the permission ticket.agent"
        return (
            Probe("read tickets", tickets is not None and agent, give),
            Probe(
                f"write in the group {group}",
                bool({"full", "change"} & set(rights)) or not me.get("groups"),
                "Manage > Users: give the bot full access to this group",
                "group",
            ),
            Probe(
                f"find the group {group}", group in named or groups is None, "Write its name as Zammad has it", "group"
            ),
            Probe("search tickets", searching, "Install Elasticsearch and run zammad:searchindex:rebuild", "changes"),
        )

    # --- calls ---

    def _write(self, ticket: str, article: Mapping[str, Any]) -> None:
        payload = {"ticket_id": int(ticket_number(ticket)), "content_type": "text/plain", **article}
        self._http.call("POST", "api/v1/ticket_articles", payload=payload)

    def _link(self, kind: str, *, target: str, source: str, other: str) -> None:
        payload = {
            "link_type": kind,
            "link_object_target": "Ticket",
            "link_object_target_value": int(ticket_number(target)),
            "link_object_source": "Ticket",
            "link_object_source_number": source,
        }
        try:
            self._http.call("POST", "api/v1/links/add", payload=payload, repeatable=True)
        except DeskError as error:  # "Link already exists" is 422
            if status_of(error) != 422 or other not in self.read(target).links:
                raise

    def _changes(self, moment: datetime, page: int) -> Sequence[Changed]:
        found = self._search(f'updated_at:["{stamp(moment)}" TO *]', page, "updated_at")
        return [Changed(word(ticket.get("id")), instant(ticket.get("updated_at"))) for ticket in found]

    def _search(self, query: str, page: int, by: str) -> Sequence[Mapping[str, Any]]:
        order = {"sort_by": by, "order_by": "asc", "limit": PAGE, "page": page, "expand": "true"}
        return listed(self._http.get("api/v1/tickets/search", query=query, **order))

    def _try(self, path: str, **params: str) -> Any | None:
        with suppress(DeskError):
            return self._http.get(path, **params)
        return None

    def _bot(self) -> int:
        if not self._me:
            self._me = int(word(mapping(self._http.get("api/v1/users/me")).get("id")) or 0)
        return self._me


@contextmanager
def _refusals() -> Iterator[None]:
    """Where only admins make tags, a new one is refused: the ticket goes without it."""
    try:
        yield
    except DeskError as error:
        if status_of(error) not in (403, 422):
            raise


KIND = Kind("zammad", ABILITIES, Zammad, Hook(SCHEMES["zammad"], events), OPTIONS, LACKS)
