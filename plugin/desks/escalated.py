"""Escalated for Django by its API (escalated-django 0.7.8, `escalated/views/api.py`).

A group is a department. The API moves tickets between them only by a macro, so there is one macro for each, named
"Move to <department>". Tags must exist; the API writes all of a ticket's tags at once and knows no concurrency
control. Tickets that the API makes are the bot's own, so none are made; mail opens them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from plugin.desks.base import DeskBase
from plugin.desks.http import Http
from plugin.desks.protocol import (
    Ability,
    Access,
    Answer,
    Changed,
    Delivery,
    DeskError,
    Entry,
    Hook,
    HookEvent,
    Kind,
    Opening,
    Placement,
    Probe,
    Role,
    TicketNow,
)
from plugin.desks.reading import bare_id, body_digest, file, hook_json, instant, listed, mapping, person, tidy, word
from plugin.desks.signatures import SCHEMES
from plugin.desks.words import outcome, plain, same_words
from plugin.model import Address, Priority

NAME = "escalated"
CAN: frozenset[Ability] = frozenset(("group", "tags", "priority", "note", "reply", "changes"))
OPTIONS = {"macro": "Move to"}
_PRIORITIES: Mapping[Priority, str] = {"low": "low", "normal": "medium", "high": "high", "urgent": "urgent"}
_FROM_NAME: Mapping[str, Priority] = {
    "low": "low",
    "medium": "normal",
    "high": "high",
    "urgent": "urgent",
    "critical": "urgent",
}
_MOVES: Mapping[str, Literal["group", "tags"]] = {
    "department_changed": "group",
    "tag_added": "tags",
    "tag_removed": "tags",
}
_CLOSED = ("resolved", "closed")
_PAGE = 100
_ALIVE = timedelta(days=30)  #: after its last change, in which a guest may still reply
_NAMES = 200  #: characters of a reference, at most
#: Id of the entry that the opening text is: it is none of the replies.
_OPENING = "opening"


class Escalated(DeskBase):
    """One Escalated, as one agent with a token."""

    name = NAME
    abilities = CAN

    def __init__(self, access: Access) -> None:
        self._http = Http(access, headers={"authorization": f"Bearer {access.token}"})
        self._macro = {**OPTIONS, **access.options}["macro"]
        self._me: Mapping[str, Any] = {}
        self._agents: frozenset[str] = frozenset()

    # --- reading ---

    def read(self, ticket: str) -> TicketNow:
        raw = mapping(self._get(f"tickets/{_reference(ticket)}/").get("data"))
        requester = person(mapping(raw.get("requester")).get("email"), mapping(raw.get("requester")).get("name"))
        replies = [self._entry(entry, requester) for entry in listed(raw.get("replies"))]
        return TicketNow(
            id=word(raw.get("reference")),
            subject=word(raw.get("subject")),
            group=word(mapping(raw.get("department")).get("name")),
            priority=_FROM_NAME.get(word(raw.get("priority"))),
            tags=frozenset(word(tag.get("name")) for tag in listed(raw.get("tags"))),
            requester=requester,
            entries=(self._opening(raw, requester), *sorted(replies, key=lambda entry: (entry.at, int(entry.id)))),
            open=raw.get("status") not in _CLOSED,
            number=word(raw.get("reference")),
            owner=self._but_me(word(mapping(raw.get("assignee")).get("id"))),
            links=frozenset(word(other.get("reference")) for other in listed(raw.get("related_tickets"))),
        )

    def changed_since(self, moment: datetime) -> Iterator[Changed]:
        """From the newest backwards; what changes meanwhile comes to the front.

        A reply of a guest does not always count as a change of the ticket. So whatever changed in the last weeks
        is looked at for a late reply.
        """
        found: dict[str, datetime] = {}
        for raw in self._newest("updated_at"):
            at = max(instant(raw.get("updated_at")), instant(raw.get("last_reply_at")))
            if instant(raw.get("updated_at")) < moment - _ALIVE:
                break
            if at >= moment and word(raw.get("reference")) not in found:
                found[word(raw.get("reference"))] = at
        return iter(sorted((Changed(ticket, at) for ticket, at in found.items()), key=lambda change: change.at))

    def find(self, opening: Opening, since: datetime) -> str | None:
        """The list tells whose a ticket is, the ticket itself the mail that it was."""
        for raw in self._newest("created_at"):
            if instant(raw.get("created_at")) < since:
                break
            if word(mapping(raw.get("requester")).get("email")).lower() != opening.requester.email:
                continue
            now = self.read(word(raw.get("reference")))
            first = now.entries[0]
            same = now.subject == opening.subject and same_words(first.text, opening.text)
            if same or (opening.message_id and first.message_id == opening.message_id):
                return now.id
        return None

    # --- writing ---

    def place(self, now: TicketNow, placement: Placement) -> None:
        path = f"tickets/{_reference(now.id)}"
        if placement.priority:
            self._send("PATCH", f"{path}/priority/", {"priority": _PRIORITIES[placement.priority]}, repeatable=True)
        if placement.group and placement.group != now.group:
            self._send("POST", f"{path}/macro/", {"macro_id": self._macro_to(placement.group)}, repeatable=True)
        if placement.add_tags or placement.remove_tags:
            self._tag(path, placement)

    def note(self, ticket: str, text: str) -> None:
        self._send("POST", f"tickets/{_reference(ticket)}/reply/", {"body": text, "is_internal_note": True})

    def reply(self, now: TicketNow, answer: Answer) -> None:
        self._send("POST", f"tickets/{_reference(now.id)}/reply/", {"body": answer.text, "is_internal_note": False})

    def unknown(self, tags: frozenset[str]) -> frozenset[str]:
        return tags - {word(tag.get("name")) for tag in listed(self._get("tags/").get("data"))}

    def movers(self, ticket: str) -> Mapping[Literal["group", "tags"], str]:
        """By its log, the newest first; it keeps the last twenty entries and names people by number."""
        raw = mapping(self._get(f"tickets/{_reference(ticket)}/").get("data"))
        found: dict[Literal["group", "tags"], str] = {}
        for entry in sorted(listed(raw.get("activities")), key=lambda entry: int(entry.get("id") or 0)):
            if what := _MOVES.get(word(entry.get("type"))):
                found[what] = self._but_me(word(mapping(entry.get("causer")).get("id")))
        return found

    def probe(self, group: str) -> Sequence[Probe]:
        return tuple(self._probes(group))

    # --- inside ---

    def _probes(self, group: str) -> Iterator[Probe]:
        found = self._send("POST", "auth/validate/", {}, repeatable=True)
        email = word(mapping(found.get("user")).get("email"))
        yield Probe(f"log in as {email}", ok=bool(found.get("is_agent")), remedy="Make the bot an agent.")
        rights = found.get("abilities") or []
        able = "*" in rights or "agent" in rights
        yield Probe("write tickets", ok=able, remedy="Give the token the ability * or agent.", needed="note")
        departments = {word(one.get("name")) for one in listed(self._get("departments/").get("data"))}
        remedy = f"Make the department {group}, or name another in ANTESALA_DESK_GROUPS."
        yield Probe(f"the department {group}", ok=group in departments, remedy=remedy, needed="group")
        macros = {word(one.get("name")) for one in listed(self._get("macros/").get("data"))}
        name = f"{self._macro} {group}"
        remedy = f"Make a shared macro '{name}' with the one action: set the department to {group}."
        yield Probe(f"the macro '{name}'", ok=name in macros, remedy=remedy, needed="group")

    def _tag(self, path: str, placement: Placement) -> None:
        """Read, merge and write as close together as can be; a tag that Escalated does not know is left out."""
        known = {word(tag.get("name")): tag.get("id") for tag in listed(self._get("tags/").get("data"))}
        wanted = {known[name] for name in placement.add_tags if name in known}
        unwanted = {known.get(name) for name in placement.remove_tags}
        raw = mapping(self._get(f"{path}/").get("data"))
        there = {tag.get("id") for tag in listed(raw.get("tags"))}
        after = (there - unwanted) | wanted
        if after and after != there:  # an empty list is refused: the last tag stays
            self._send("POST", f"{path}/tags/", {"tag_ids": sorted(after)}, repeatable=True)

    def _macro_to(self, group: str) -> int:
        name = f"{self._macro} {group}"
        for macro in listed(self._get("macros/").get("data")):
            if word(macro.get("name")) == name:
                return int(macro["id"])
        raise outcome("dead", "MacroMissing")

    def _opening(self, raw: Mapping[str, Any], requester: Address | None) -> Entry:
        own = requester is not None and requester.email == self.me()
        return Entry(
            id=_OPENING,
            author="bot" if own else "customer",
            public=True,
            text=_said(raw.get("description")),
            at=instant(raw.get("created_at")),
            sender=None if own else requester,
            message_id=bare_id(mapping(raw.get("metadata")).get("message_id")),
            attachments=_files(raw),
        )

    def _entry(self, raw: Mapping[str, Any], requester: Address | None) -> Entry:
        role = self._role(mapping(raw.get("author")), requester)
        return Entry(
            id=word(raw.get("id")),
            author=role,
            public=raw.get("is_internal_note") is not True,  # what is not said to be internal may be seen
            text=_said(raw.get("body")),
            at=instant(raw.get("created_at")),
            sender=requester if role == "customer" else None,
            attachments=_files(raw),
            by=word(mapping(raw.get("author")).get("id")),
        )

    def _role(self, author: Mapping[str, Any], requester: Address | None) -> Role:
        email = word(author.get("email")).lower()
        if email and email == self.me():
            return "bot"
        if not author or (requester is not None and email == requester.email):
            return "customer"
        if word(author.get("id")) not in self._agents:
            self._agents = frozenset(word(one.get("id")) for one in listed(self._get("agents/").get("data")))
        return "agent" if word(author.get("id")) in self._agents else "customer"

    def me(self) -> str:
        """The bot's address, which Escalated tells by the token."""
        if not self._me:
            self._me = mapping(self._send("POST", "auth/validate/", {}, repeatable=True).get("user"))
        return word(self._me.get("email")).lower()

    def _but_me(self, number: str) -> str:
        return "" if self.me() and number == word(self._me.get("id")) else number

    def _newest(self, by: str) -> Iterator[Mapping[str, Any]]:
        """All tickets, the newest first."""
        number, last = 1, 1
        while number <= last:
            params = {"sort_by": by, "sort_dir": "desc", "per_page": _PAGE, "page": number}
            page = self._get("tickets/", **params)
            last = int(mapping(page.get("meta")).get("last_page") or 1)
            yield from listed(page.get("data"))
            number += 1

    def _get(self, path: str, **params: Any) -> Mapping[str, Any]:
        return mapping(self._http.get(path, **params))

    def _send(self, method: str, path: str, payload: Any, *, repeatable: bool = False) -> Mapping[str, Any]:
        answer = self._http.call(method, path, payload=payload, repeatable=repeatable)
        try:
            return mapping(answer.json())
        except ValueError:
            return {}


def events(delivery: Delivery) -> tuple[HookEvent, ...]:
    """Its hooks hold no text and no id of their own; those that say nothing of a ticket are passed over."""
    body = hook_json(delivery)
    reference = word(mapping(body.get("payload")).get("reference"))
    if not reference:
        return ()
    try:
        return (HookEvent(_reference(reference), body_digest(delivery)),)
    except DeskError:
        raise ValueError("The body names no ticket: use the webhooks of Escalated itself.") from None


def _reference(ticket: str) -> str:
    if not (ticket.isascii() and ticket.replace("-", "").isalnum() and len(ticket) < _NAMES):
        raise outcome("dead", "TicketOdd")  # it must not lead elsewhere
    return ticket


def _said(text: Any) -> str:
    """Agents write HTML, and so do we; customers and programs mostly plain text."""
    said = word(text)
    return plain(said) if said.startswith("<") else tidy(said)


def _files(raw: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(
        file(part.get("filename"), part.get("mime_type"), part.get("size")) for part in listed(raw.get("attachments"))
    )


KIND = Kind(NAME, CAN, Escalated, Hook(SCHEMES["escalated"], events), OPTIONS)
