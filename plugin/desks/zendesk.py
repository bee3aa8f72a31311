"""Zendesk Support: https://developer.zendesk.com/api-reference/ticketing/introduction/.

- `tags` in a ticket's update replaces them all; the ticket's tags resource adds and removes, guarded by `safe_update`
  and the time of the last change (409 when somebody was faster).
- `public` of a comment is always sent: what is left out is as the first comment was.
- A ticket's `external_id` can be looked up without the search index, so tickets of ours bear one of ours.
- A comment in a customer's name is mailed to the customer by Zendesk's own triggers, so nothing is appended.
- What changed is exported to admins only, without the last minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from plugin.desks.base import DeskBase
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
from plugin.desks.reading import instant, listed, made, mapping, ticket_number, word
from plugin.desks.signatures import SCHEMES
from plugin.desks.words import harmless, outcome
from plugin.desks.zendesk_read import comment_payload, events, external_id, last_movers, ticket_of

ABLE: frozenset[Ability] = frozenset(("create", "group", "tags", "priority", "note", "reply", "child", "changes"))
_TRIES = 5  #: when others change the ticket at the same time
_EXPORT_LAG = timedelta(seconds=65)  #: the export refuses a start in the last minute


class Zendesk(DeskBase):
    """A Zendesk account, over its REST API with an API token of the bot's."""

    name = "zendesk"
    abilities = ABLE

    def __init__(self, access: Access) -> None:
        self._http = Http(access, headers={}, auth=(f"{access.user}/token", access.token))
        self._me = ""

    def read(self, ticket: str) -> TicketNow:
        path = f"api/v2/tickets/{ticket_number(ticket)}"
        answer = mapping(self._http.get(path, include="users,groups"))
        users = [*listed(answer.get("users"))]
        comments: list[Mapping[str, Any]] = []
        for page in self._pages(f"{path}/comments", include="users"):
            comments += listed(page.get("comments"))
            users += listed(page.get("users"))
        return ticket_of(mapping(answer.get("ticket")), comments, users, listed(answer.get("groups")), self._bot())

    def changed_since(self, moment: datetime) -> Iterable[Changed]:
        start = min(moment, datetime.now(UTC) - _EXPORT_LAG)
        query = {"start_time": str(int(start.timestamp()))}
        while True:
            page = mapping(self._http.get("api/v2/incremental/tickets/cursor", **query))
            for ticket in listed(page.get("tickets")):
                if word(ticket.get("status")) != "deleted":
                    yield Changed(word(ticket.get("id")), instant(ticket.get("updated_at")))
            cursor = word(page.get("after_cursor"))
            if page.get("end_of_stream") is True or not cursor or cursor == query.get("cursor"):
                return
            query = {"cursor": cursor}

    def find(self, opening: Opening, since: datetime) -> str | None:
        page = mapping(self._http.get("api/v2/tickets", external_id=external_id(opening)))
        found = [word(t.get("id")) for t in listed(page.get("tickets")) if instant(t.get("created_at")) >= since]
        return found[0] if found else None

    def create(self, opening: Opening) -> str:
        requester = {"email": opening.requester.email, "name": opening.requester.name or opening.requester.email}
        ticket = {
            "subject": harmless(opening.subject),
            "comment": {"body": harmless(opening.text), "public": True},
            "requester": requester,
            "group_id": self._group(opening.group),
            "priority": opening.priority,
            "tags": sorted(opening.tags),
            "external_id": external_id(opening),
        }
        once = {"idempotency-key": external_id(opening)}
        return made(self._http.call("POST", "api/v2/tickets", payload={"ticket": ticket}, headers=once), "ticket", "id")

    def place(self, now: TicketNow, placement: Placement) -> None:
        path = f"api/v2/tickets/{ticket_number(now.id)}"
        version = now.version
        fields: dict[str, Any] = {}
        if placement.group is not None:
            fields["group_id"] = self._group(placement.group)
        if placement.priority is not None:
            fields["priority"] = placement.priority
        if fields:
            answer = self._http.call("PUT", path, payload={"ticket": fields}, repeatable=True)
            version = _version(answer.json()) or version
        if tags := placement.add_tags - now.tags:
            version = self._tag("PUT", path, tags, version)
        if tags := placement.remove_tags & now.tags:
            self._tag("DELETE", path, tags, version)

    def note(self, ticket: str, text: str) -> None:
        self._http.call("PUT", f"api/v2/tickets/{ticket_number(ticket)}", payload=comment_payload(text, public=False))

    def reply(self, now: TicketNow, answer: Answer) -> None:
        payload = comment_payload(answer.text, public=True)
        self._http.call("PUT", f"api/v2/tickets/{ticket_number(now.id)}", payload=payload)

    def child(self, now: TicketNow, opening: Opening) -> str:  # noqa: ARG002 - Zendesk has no parents
        return self.create(opening)

    def movers(self, ticket: str) -> Mapping[Literal["group", "tags"], str]:
        path = f"api/v2/tickets/{ticket_number(ticket)}/audits"
        audits = [audit for page in self._pages(path) for audit in listed(page.get("audits"))]
        return last_movers(audits, self._bot())

    def probe(self, group: str) -> Sequence[Probe]:
        me = mapping(mapping(self._http.get("api/v2/users/me")).get("user"))
        works = word(me.get("role")) in ("agent", "admin")
        start = str(int((datetime.now(UTC) - _EXPORT_LAG).timestamp()))
        people = "Admin Center > People > Team members: "
        return (
            Probe(
                "work on tickets",
                works,
                f"{people}make the bot an agent; check user and token: the API takes wrong ones for nobody's",
            ),
            Probe(
                "see all tickets",
                word(me.get("ticket_restriction")) == "",
                f"{people}give the bot access to all tickets",
            ),
            Probe("find the group", group in self._groups(), f"Write the group {group} as Zendesk has it", "group"),
            Probe(
                "write to customers",
                me.get("only_private_comments") is not True,
                f"{people}let the bot comment publicly",
                "reply",
            ),
            Probe(
                "list changes",
                self._may("api/v2/incremental/tickets/cursor", start_time=start),
                f"{people}make the bot an admin; without it a lost webhook is not made up for",
                "changes",
            ),
        )

    # --- calls ---

    def _tag(self, verb: str, path: str, tags: frozenset[str], version: str) -> str:
        """Add or remove tags; the ticket's time of change after it, "" where that is not known."""
        for attempt in range(1, _TRIES + 1):
            payload = {"tags": sorted(tags), "updated_stamp": version, "safe_update": "true"}
            try:
                self._http.call(verb, f"{path}/tags", payload=payload, repeatable=True)
            except DeskError as error:
                if status_of(error) != 409 or attempt == _TRIES:
                    raise
            else:
                break
            version = _version(self._http.get(path))
        return _version(self._http.get(path))

    def _group(self, name: str) -> int:
        found = self._groups().get(name, "")
        if not found.isdigit():
            raise outcome("dead", "GroupUnknown")
        return int(found)

    def _groups(self) -> Mapping[str, str]:
        groups = (group for page in self._pages("api/v2/groups") for group in listed(page.get("groups")))
        return {word(group.get("name")): word(group.get("id")) for group in groups}

    def _pages(self, path: str, **params: str) -> Iterator[Mapping[str, Any]]:
        after: Mapping[str, str] = {}
        while True:
            page = mapping(self._http.get(path, **params, **{"page[size]": "100"}, **after))
            yield page
            meta = mapping(page.get("meta"))
            if meta.get("has_more") is not True or not word(meta.get("after_cursor")):
                return
            after = {"page[after]": word(meta["after_cursor"])}

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
            self._me = word(mapping(mapping(self._http.get("api/v2/users/me")).get("user")).get("id"))
        return self._me


def _version(answer: Any) -> str:
    return word(mapping(mapping(answer).get("ticket")).get("updated_at"))


KIND = Kind("zendesk", ABLE, Zendesk, Hook(SCHEMES["zendesk"], events))
