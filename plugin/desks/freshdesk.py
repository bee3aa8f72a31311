"""Freshdesk: https://developers.freshdesk.com/api/.

- `tags` of an update replace them all, and nothing tells of somebody faster: they are read, merged and written right
  after one another, and what is lost all the same is seen when the service reads back.
- A note is public unless `private` is said.
- Text goes out as HTML.
- Freshdesk keeps no Message-ID, and tells no one who opened a ticket: those of ours bear a tag.
- Rate limits are the account's: 429 with Retry-After is waited for by the service.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from plugin.desks.base import DeskBase
from plugin.desks.freshdesk_read import (
    OURS,
    events,
    html_of,
    note_payload,
    priority_number,
    tags_of,
    ticket_of,
)
from plugin.desks.http import Http, status_of
from plugin.desks.protocol import (
    Ability,
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
from plugin.desks.words import outcome, plain, same_words

ABLE: frozenset[Ability] = frozenset(("create", "group", "tags", "priority", "note", "reply", "child", "changes"))
PAGE = 100
_OPEN = 2
_LONGEST_TAG = 32  #: characters


class Freshdesk(DeskBase):
    """A Freshdesk account, over its REST API with the API key of the bot's."""

    name = "freshdesk"
    abilities = ABLE

    def __init__(self, access: Access) -> None:
        self._http = Http(access, headers={}, auth=(access.token, "X"))
        self._me = ""

    def read(self, ticket: str) -> TicketNow:
        path = f"api/v2/tickets/{ticket_number(ticket)}"
        found = mapping(self._http.get(path, include="requester"))
        talk = [*self._all(f"{path}/conversations")]
        number = word(found.get("group_id"))
        group = word(mapping(self._http.get(f"api/v2/groups/{number}")).get("name")) if number else ""
        return ticket_of(found, talk, group, self._bot())

    def changed_since(self, moment: datetime) -> Iterable[Changed]:
        return changes(self._changes, moment, full=PAGE, most=300)

    def find(self, opening: Opening, since: datetime) -> str | None:
        query = {"email": opening.requester.email, "updated_since": stamp(since), "include": "description"}
        for ticket in self._all("api/v2/tickets", order_by="created_at", order_type="asc", **query):
            text = word(ticket.get("description_text")) or plain(word(ticket.get("description")))
            fresh = instant(ticket.get("created_at")) >= since.replace(microsecond=0)
            if fresh and word(ticket.get("subject")) == opening.subject.strip() and same_words(text, opening.text):
                return word(ticket.get("id"))
        return None

    def create(self, opening: Opening) -> str:
        payload = {
            "email": opening.requester.email,
            "name": opening.requester.name or opening.requester.email,
            "subject": opening.subject,
            "description": html_of(opening.text),
            "status": _OPEN,
            "priority": priority_number(opening.priority),
            "group_id": self._group(opening.group),
            "tags": sorted((opening.tags - self.unknown(opening.tags)) | {OURS}),
        }
        return made(self._http.call("POST", "api/v2/tickets", payload=payload), "id")

    def place(self, now: TicketNow, placement: Placement) -> None:
        path = f"api/v2/tickets/{ticket_number(now.id)}"
        fields: dict[str, Any] = {}
        if placement.group is not None:
            fields["group_id"] = self._group(placement.group)
        if placement.priority is not None:
            fields["priority"] = priority_number(placement.priority)
        if placement.add_tags or placement.remove_tags:
            there = tags_of(mapping(self._http.get(path)))  # the latest: `now` may be seconds old
            added = placement.add_tags - self.unknown(placement.add_tags)
            wanted = (there | added) - placement.remove_tags
            fields |= {"tags": sorted(wanted)} if wanted != there else {}
        if fields:
            self._http.call("PUT", path, payload=fields, repeatable=True)

    def note(self, ticket: str, text: str) -> None:
        self._http.call("POST", f"api/v2/tickets/{ticket_number(ticket)}/notes", payload=note_payload(text))

    def reply(self, now: TicketNow, answer: Answer) -> None:
        payload = {"body": html_of(answer.text)}
        self._http.call("POST", f"api/v2/tickets/{ticket_number(now.id)}/reply", payload=payload)

    def child(self, now: TicketNow, opening: Opening) -> str:  # noqa: ARG002 - parents are not in every plan
        return self.create(opening)

    def unknown(self, tags: frozenset[str]) -> frozenset[str]:
        """A tag that is too long would have the whole update refused."""
        return frozenset(tag for tag in tags if len(tag) > _LONGEST_TAG)

    def probe(self, group: str) -> Sequence[Probe]:
        me = mapping(self._http.get("api/v2/agents/me"))
        people = "Admin > Team > Agents: "
        everywhere = me.get("ticket_scope") in (None, 1)
        return (
            Probe(
                "read tickets", self._may("api/v2/tickets", per_page="1"), f"{people}give the bot a role with tickets"
            ),
            Probe("see all tickets", everywhere, f"{people}set the bot's ticket scope to Global access"),
            Probe("work as an agent", me.get("occasional") is not True, f"{people}make the bot a full-time agent"),
            Probe(
                "find the group",
                self._may("api/v2/groups", per_page="1") and group in self._groups(),
                f"Write the group {group} as Freshdesk has it, and let the bot's role view groups",
                "group",
            ),
        )

    # --- calls ---

    def _changes(self, moment: datetime, page: int) -> Sequence[Changed]:
        query = {"updated_since": stamp(moment), "order_by": "updated_at", "order_type": "asc"}
        found = listed(self._http.get("api/v2/tickets", **query, per_page=PAGE, page=page))
        return [Changed(word(ticket.get("id")), instant(ticket.get("updated_at"))) for ticket in found]

    def _all(self, path: str, **params: str) -> Iterator[Mapping[str, Any]]:
        for page in range(1, 301):
            found = listed(self._http.get(path, **params, per_page=PAGE, page=page))
            yield from found
            if len(found) < PAGE:
                return

    def _group(self, name: str) -> int:
        found = self._groups().get(name, "")
        if not found.isdigit():
            raise outcome("dead", "GroupUnknown")
        return int(found)

    def _groups(self) -> Mapping[str, str]:
        return {word(group.get("name")): word(group.get("id")) for group in self._all("api/v2/groups")}

    def _may(self, path: str, **params: str) -> bool:
        try:
            self._http.get(path, **params)
        except DeskError as error:
            if status_of(error) == 403:
                return False
            raise
        return True

    def _bot(self) -> str:
        if not self._me:
            self._me = word(mapping(self._http.get("api/v2/agents/me")).get("id"))
        return self._me


KIND = Kind("freshdesk", ABLE, Freshdesk, Hook(SCHEMES["header"], events))
