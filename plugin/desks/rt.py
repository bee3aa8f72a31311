"""Request Tracker 5 and newer, by its REST 2.0 (https://docs.bestpractical.com/rt/5.0.5/RT/REST2.html).

A group is a queue; tags are values of a custom field of many values ("Tags"); a note is a comment, a reply a
correspondence. RT answers 200 to updates that it did not make. It takes times in a search for those of the user's
time zone, whatever zone they name: so nothing is searched by time, lists are read from the newest backwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from plugin.desks.base import DeskBase
from plugin.desks.http import Http, status_of
from plugin.desks.protocol import (
    Ability,
    Access,
    Answer,
    Changed,
    Delivery,
    DeskError,
    Hook,
    HookEvent,
    Kind,
    Opening,
    Placement,
    Probe,
    TicketNow,
)
from plugin.desks.rt_doctor import probes, unknown
from plugin.desks.rt_read import SYSTEM, entries, priority_of, requester
from plugin.desks.signatures import SCHEMES
from plugin.desks.words import ascii_name, base64_of, outcome, same_words
from plugin.model import PRIORITIES

NAME = "rt"
CAN: frozenset[Ability] = frozenset(
    ("create", "group", "tags", "priority", "note", "reply", "files", "link", "child", "changes")
)
OPTIONS = {"tags": "Tags", "priorities": "0 50 100 150"}
_PAGE = 100
_STALE = 5  #: how often a ticket that changed meanwhile is read and merged again
_INLINE = 256 * 1024  #: bytes of attachments up to which they come along with the texts


class RequestTracker(DeskBase):
    """One RT, as one user with a token."""

    name = NAME
    abilities = CAN

    def __init__(self, access: Access) -> None:
        self._http = Http(access, headers={"authorization": f"token {access.token}", "connection": "close"})
        options = {**OPTIONS, **access.options}
        self._tags = options["tags"]
        numbers = [int(word) for word in options["priorities"].split()]
        self._numbers = dict(zip(PRIORITIES, numbers, strict=True))
        self._me = access.user
        self._token = access.token
        self._users: dict[str, dict[str, Any]] = {}

    # --- reading ---

    def read(self, ticket: str) -> TicketNow:
        answer = self._http.call(
            "GET", f"{_R}/ticket/{_id(ticket)}", params={"fields": "Queue", "fields[Queue]": "Name"}
        )
        found = _json(answer)
        if found.get("Type") != "ticket" or found.get("Status") == "deleted":
            raise outcome("again", "NotVisible")
        if str(found["EffectiveId"]["id"]) != ticket:  # merged into another, which has everything now
            raise outcome("dead", "Merged")
        history = list(self._pages(f"{_R}/ticket/{ticket}/history", fields="Type,Creator,Created"))
        parts = self._parts(ticket)
        written = entries(history, parts, self.me(), self._user)
        return TicketNow(
            id=ticket,
            subject=found["Subject"],
            group=found["Queue"]["Name"],
            priority=priority_of(found.get("Priority"), self._numbers),
            tags=frozenset(self._values(found)),
            requester=requester(found, parts, self._user),
            entries=written,
            open=found["Status"] not in ("resolved", "rejected"),
            number=ticket,
            version=answer.headers.get("etag", ""),
            owner=self._owner(found),
            links=frozenset(
                str(link["id"])
                for link in found.get("_hyperlinks", ())
                if link.get("type") == "ticket" and link["ref"] != "self"
            ),
        )

    def changed_since(self, moment: datetime) -> Iterator[Changed]:
        """Read from the newest backwards: what changes meanwhile comes to the front and pushes nothing out of sight."""
        found: list[Changed] = []
        newest = {"query": "id > 0", "orderby": "LastUpdated", "order": "DESC", "fields": "LastUpdated"}
        for item in self._pages(f"{_R}/tickets", **newest):
            at = datetime.fromisoformat(item["LastUpdated"])
            if at < moment:
                break
            found.append(Changed(str(item["id"]), at))
        return reversed(found)

    def find(self, opening: Opening, since: datetime) -> str | None:
        if opening.message_id and (found := self._by_message_id(opening.message_id)):
            return found
        if "'" in opening.requester.email or "\\" in opening.requester.email:
            return None
        query = f"Requestor.EmailAddress = '{opening.requester.email}' AND Creator = '{self.me()}'"
        for item in self._pages(f"{_R}/tickets", query=query, orderby="id", order="DESC", fields="Created"):
            if datetime.fromisoformat(item["Created"]) < since:
                break
            now = self.read(str(item["id"]))
            if now.subject == opening.subject and now.entries and same_words(now.entries[0].text, opening.text):
                return now.id
        return None

    # --- writing ---

    def create(self, opening: Opening) -> str:
        ticket: dict[str, Any] = {
            "Queue": opening.group,
            "Subject": opening.subject,
            "Requestor": opening.requester.email,
            "Content": opening.text,
            "ContentType": "text/plain",
            "Priority": str(self._numbers[opening.priority]),
            "CustomFields": {self._tags: sorted(opening.tags)},
        }
        if opening.parent:
            ticket["Parents"] = opening.parent
        return str(_json(self._http.call("POST", f"{_R}/ticket", payload=ticket))["id"])

    def place(self, now: TicketNow, placement: Placement) -> None:
        for _ in range(_STALE):
            wanted = self._wanted(now, placement)
            if not wanted:
                return
            try:
                head = {"if-match": now.version} if now.version else {}
                self._http.call("PUT", f"{_R}/ticket/{now.id}", payload=wanted, headers=head, repeatable=True)
                return
            except DeskError as error:
                if status_of(error) != 412:
                    raise
                now = self.read(now.id)
        raise outcome("again", "Http 412")

    def note(self, ticket: str, text: str) -> None:
        self._http.call(
            "POST", f"{_R}/ticket/{_id(ticket)}/comment", payload={"Content": text, "ContentType": "text/plain"}
        )

    def reply(self, now: TicketNow, answer: Answer) -> None:
        payload: dict[str, Any] = {"Content": answer.text, "ContentType": "text/plain"}
        if answer.files:
            payload["Attachments"] = [
                {"FileName": ascii_name(name), "FileType": "text/plain", "FileContent": base64_of(text)}
                for name, text in answer.files
            ]
        self._http.call("POST", f"{_R}/ticket/{now.id}/correspond", payload=payload)

    def link(self, now: TicketNow, earlier: str) -> None:
        self._http.call("PUT", f"{_R}/ticket/{now.id}", payload={"AddRefersTo": earlier}, repeatable=True)

    def child(self, now: TicketNow, opening: Opening) -> str:  # noqa: ARG002 - it names its parent
        return self.create(opening)

    def probe(self, group: str) -> Sequence[Probe]:
        return probes(self._http, group, self._tags, self.me())

    def movers(self, ticket: str) -> Mapping[Literal["group", "tags"], str]:
        """By the ticket's history; the custom field of tags is not told from others there."""
        found: dict[Literal["group", "tags"], str] = {}
        for change in self._pages(f"{_R}/ticket/{_id(ticket)}/history", fields="Type,Creator,Field"):
            creator = str(change["Creator"]["id"])
            who = "" if creator in (*SYSTEM, self.me()) else creator
            if change["Type"] == "Set" and change.get("Field") == "Queue":
                found["group"] = who
            elif change["Type"] == "CustomField":
                found["tags"] = who
        return found

    def unknown(self, tags: frozenset[str]) -> frozenset[str]:
        """A field to select from takes only its own values."""
        return unknown(self._http, self._tags, tags)

    # --- inside ---

    def me(self) -> str:
        """The bot's user name; a token says whose it is: 1-<id of the user>-<secret>."""
        if not self._me:
            number = self._token.split("-")[1] if self._token.count("-") > 1 else ""
            if not number.isdigit():
                raise outcome("again", "DeskUserMissing", fault=True)
            self._me = str(self._http.get(f"{_R}/user/{number}")["Name"])
        return self._me

    def _owner(self, found: Mapping[str, Any]) -> str:
        owner = str((found.get("Owner") or {}).get("id") or "")
        return "" if owner in (*SYSTEM, self.me()) else owner

    def _user(self, name: str) -> dict[str, Any]:
        """What may be seen of a user; {} if nothing may."""
        if name not in self._users:
            try:
                self._users[name] = self._http.get(f"{_R}/user/{quote(name, safe='@')}")
            except DeskError as error:
                if status_of(error) not in (403, 404):
                    raise
                return {}
        return self._users[name]

    def _parts(self, ticket: str) -> list[dict[str, Any]]:
        """All pieces of all mails, with the content of those that are text."""
        path, fields = f"{_R}/ticket/{ticket}/attachments", "ContentType,TransactionId,Filename,MessageId,ContentLength"
        parts = list(self._pages(path, fields=f"{fields},Headers"))
        if sum(int(part.get("ContentLength") or 0) for part in parts if part.get("Filename")) <= _INLINE:
            texts = {part["id"]: part.get("Content") for part in self._pages(path, fields="Content")}
        else:
            wanted = [p["id"] for p in parts if p["ContentType"].startswith("text/") and not p.get("Filename")]
            texts = {name: self._http.get(f"{_R}/attachment/{name}").get("Content") for name in wanted}
        return [{**part, "Content": texts.get(part["id"]) or ""} for part in parts]

    def _pages(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        page = 1
        while True:
            items = self._http.get(path, **params, per_page=_PAGE, page=page)["items"]
            yield from items
            if len(items) < _PAGE:
                return
            page += 1

    def _by_message_id(self, message_id: str) -> str | None:
        search = [{"field": "MessageId", "value": message_id}]
        answer = self._http.call(
            "POST", f"{_R}/attachments", payload=search, params={"fields": "TransactionId,MessageId"}, repeatable=True
        )
        for item in _json(answer)["items"]:
            if item.get("MessageId") == message_id:
                about = self._http.get(f"{_R}/transaction/{item['TransactionId']}")["Object"]
                if about["type"] == "ticket":
                    return str(about["id"])
        return None

    def _values(self, found: dict[str, Any]) -> list[str]:
        return next((list(cf["values"]) for cf in found.get("CustomFields") or () if cf["name"] == self._tags), [])

    def _wanted(self, now: TicketNow, placement: Placement) -> dict[str, Any]:
        wanted: dict[str, Any] = {}
        tags = (now.tags - placement.remove_tags) | placement.add_tags
        if tags != now.tags:
            wanted["CustomFields"] = {self._tags: sorted(tags)}
        if placement.group and placement.group != now.group:
            wanted["Queue"] = placement.group
        if placement.priority and placement.priority != now.priority:
            wanted["Priority"] = str(self._numbers[placement.priority])
        return wanted


_R = "REST/2.0"


def events(delivery: Delivery) -> tuple[HookEvent, ...]:
    """The body of the scrip in docs/desks/rt.md."""
    try:
        body = json.loads(delivery.body)
        ticket, transaction = int(body["ticket_id"]), int(body["transaction_id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("no body of the scrip") from None
    return (HookEvent(str(ticket), f"{ticket}-{transaction}"),)


def _id(ticket: str) -> str:
    if not (ticket.isascii() and ticket.isdigit()):
        raise outcome("dead", "TicketStrange")
    return ticket


def _json(answer: Any) -> dict[str, Any]:
    return dict(answer.json())


KIND = Kind(NAME, CAN, RequestTracker, Hook(SCHEMES["rt"], events), OPTIONS)
