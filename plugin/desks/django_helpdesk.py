"""django-helpdesk 2 by its REST API (https://django-helpdesk.readthedocs.io/en/stable/api.html).

A group is a queue, by its number: the API tells no names. Tags stand in a custom field of text, with commas. The
API names nobody but by number either, so ANTESALA_DESK_USER is the number of the bot. Comments are rendered as
Django templates (helpdesk/update_ticket.py): what opens a tag is taken apart, or a customer's words would be run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from plugin.desks.base import DeskBase
from plugin.desks.http import Http, status_of
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
from plugin.desks.reading import (
    bare_id,
    file,
    hook_json,
    hook_ticket,
    instant,
    listed,
    made,
    mapping,
    person,
    ticket_number,
    tidy,
    word,
)
from plugin.desks.signatures import SCHEMES
from plugin.desks.words import harmless, outcome, same_words
from plugin.model import Address, Priority

NAME = "django-helpdesk"
CAN: frozenset[Ability] = frozenset(("create", "group", "tags", "priority", "note", "reply", "files", "changes"))
OPTIONS = {"tags": "tags"}
_PRIORITIES: Mapping[Priority, int] = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
_FROM_NUMBER: Mapping[int, Priority] = {1: "urgent", 2: "high", 3: "normal", 4: "low", 5: "low"}
_OPEN = (1, 2)
_PAGE = 100
_TITLE = 200  #: characters of a title (helpdesk.models.Ticket)


class DjangoHelpdesk(DeskBase):
    """One django-helpdesk, as one member of staff with a token."""

    name = NAME
    abilities = CAN

    def __init__(self, access: Access) -> None:
        self._http = Http(access, headers={"authorization": f"Token {access.token}"})
        self._me = access.user
        self._tags = f"custom_{ {**OPTIONS, **access.options}['tags'] }"

    # --- reading ---

    def read(self, ticket: str) -> TicketNow:
        return self._ticket(self._http.get(f"api/tickets/{ticket_number(ticket)}/"))

    def changed_since(self, moment: datetime) -> Sequence[Changed]:
        """By the follow-ups, from the newest backwards: whatever is done on its pages writes one."""
        found: dict[str, datetime] = {}
        for entry in self._backwards("api/followups/"):
            at = instant(entry.get("date"))
            if at < moment:
                break
            found.setdefault(word(entry.get("ticket")), at)
        return [Changed(ticket, at) for ticket, at in reversed(found.items())]

    def find(self, opening: Opening, since: datetime) -> str | None:
        for raw in self._backwards("api/tickets/"):
            dates = [instant(entry.get("date")) for entry in listed(raw.get("followup_set"))]
            if dates and min(dates) < since:
                return None
            ids = {bare_id(entry.get("message_id")) for entry in listed(raw.get("followup_set"))}
            same = word(raw.get("submitter_email")).lower() == opening.requester.email and same_words(
                word(raw.get("description")), opening.text
            )
            if (opening.message_id and opening.message_id in ids) or same:
                return word(raw.get("id"))
        return None

    # --- writing ---

    def create(self, opening: Opening) -> str:
        ticket = {
            "queue": _queue(opening.group),
            "title": opening.subject[:_TITLE],
            "description": opening.text,
            "submitter_email": opening.requester.email,
            "priority": _PRIORITIES[opening.priority],
        }
        if opening.tags:
            ticket[self._tags] = ",".join(sorted(opening.tags))
        return made(self._http.call("POST", "api/tickets/", payload=ticket), "id")

    def place(self, now: TicketNow, placement: Placement) -> None:
        # There is no concurrency control: the tags are read once more right before they are written.
        path = f"api/tickets/{ticket_number(now.id)}/"
        fresh = self._http.get(path)
        wanted: dict[str, Any] = {}
        before = _split(fresh.get(self._tags))
        after = (before - placement.remove_tags) | placement.add_tags
        if after != before and self._tags in fresh:
            wanted[self._tags] = ",".join(sorted(after)) or ","  # neither nothing nor null is taken
        if placement.group:
            wanted["queue"] = _queue(placement.group)
        if placement.priority:
            wanted["priority"] = _PRIORITIES[placement.priority]
        if wanted:
            self._http.call("PATCH", path, payload=wanted, repeatable=True)

    def note(self, ticket: str, text: str) -> None:
        self._follow_up(ticket, text, public=False)

    def reply(self, now: TicketNow, answer: Answer) -> None:
        if not answer.files:
            self._follow_up(now.id, answer.text, public=True)
            return
        form = {"ticket": ticket_number(now.id), "comment": harmless(answer.text), "public": "true", "user": ""}
        self._http.upload("api/followups/", form, [("attachments", name, text) for name, text in answer.files])

    def probe(self, group: str) -> Sequence[Probe]:
        return tuple(self._probes(group))

    # --- inside ---

    def _probes(self, group: str) -> Iterator[Probe]:
        known = self._me.isdigit()
        remedy = "Set ANTESALA_DESK_USER to the bot's number: it stands in the address of its page in the admin."
        yield Probe("tell the bot's own entries", ok=known, remedy=remedy)
        try:
            actions = mapping(self._http.call("OPTIONS", "api/tickets/", repeatable=True).json().get("actions"))
        except DeskError as error:
            if status_of(error) != 403:
                raise
            actions = {}
        yield Probe("read and write tickets and notes", ok="POST" in actions, remedy="Make the bot a staff user.")
        digits = group.isdigit()
        remedy = f"Queues go by number: write group=number pairs into ANTESALA_DESK_GROUPS; {group} is none."
        yield Probe(f"the queue {group} is a number", ok=digits, remedy=remedy, needed="group")
        remedy = f"Make a custom field {self._tags.removeprefix('custom_')} of the type varchar, staff only."
        fields = mapping(actions.get("POST"))
        yield Probe("tags in a custom field", ok=self._tags in fields, remedy=remedy, needed="tags")

    def _follow_up(self, ticket: str, text: str, *, public: bool) -> None:
        # Without a title: one would rename the ticket. The user must be named; whoever it is, it becomes the bot.
        entry = {"ticket": int(ticket_number(ticket)), "comment": harmless(text), "public": public, "user": None}
        self._http.call("POST", "api/followups/", payload=entry)

    def _backwards(self, path: str) -> Iterator[Mapping[str, Any]]:
        """A list that is sorted from old to new, from its end; what comes meanwhile moves nothing."""
        first = self._http.get(path, page=1, page_size=_PAGE)
        number = max(1, -(-int(first.get("count") or 0) // _PAGE))
        while number >= 1:
            page = first if number == 1 else self._http.get(path, page=number, page_size=_PAGE)
            yield from reversed(listed(page.get("results")))
            number -= 1

    def _ticket(self, raw: Mapping[str, Any]) -> TicketNow:
        if raw.get("merged_to"):
            raise outcome("dead", "Merged")
        requester = person(raw.get("submitter_email"))
        entries = tuple(self._entry(entry, requester) for entry in listed(raw.get("followup_set")))
        ticket = word(raw.get("id"))
        return TicketNow(
            id=ticket,
            subject=word(raw.get("title")),
            group=word(raw.get("queue")),
            priority=_FROM_NUMBER.get(raw.get("priority") or 0),
            tags=frozenset(_split(raw.get(self._tags))),
            requester=requester,
            entries=tuple(sorted(entries, key=lambda entry: (entry.at, int(entry.id)))),
            open=raw.get("status") in _OPEN,
            owner="" if word(raw.get("assigned_to")) == self._me else word(raw.get("assigned_to")),
            number=ticket,
        )

    def _entry(self, raw: Mapping[str, Any], requester: Address | None) -> Entry:
        role = self._role(raw)
        return Entry(
            id=word(raw.get("id")),
            author=role,
            public=raw.get("public") is not False,  # what is not said to be internal may be seen
            text=tidy(raw.get("comment")),
            at=instant(raw.get("date")),
            sender=requester if role == "customer" else None,
            message_id=bare_id(raw.get("message_id")),
            attachments=tuple(
                file(part.get("filename"), part.get("mime_type"), part.get("size"))
                for part in listed(raw.get("followupattachment_set"))
            ),
            by=word(raw.get("user")),
        )

    def _role(self, raw: Mapping[str, Any]) -> Role:
        """Customers write without a user: by mail or on the public pages."""
        if not self._me.isdigit():
            raise outcome("again", "DeskUserMissing", fault=True)
        user = word(raw.get("user"))
        if user == self._me:
            return "bot"
        if user:
            return "agent"
        return "customer" if tidy(raw.get("comment")) else "system"


def events(delivery: Delivery) -> tuple[HookEvent, ...]:
    """Both hooks; only the one of follow-ups names an entry."""
    body = hook_json(delivery)
    ticket = hook_ticket(mapping(body.get("ticket")).get("id"))
    return (HookEvent(ticket, f"{ticket}-{word(body.get('followup_id')) or 'new'}"),)


def _queue(group: str) -> int:
    if not group.isdigit():
        raise outcome("dead", "QueueIsNoNumber")
    return int(group)


def _split(text: Any) -> frozenset[str]:
    return frozenset(filter(None, (part.strip() for part in word(text).split(","))))


KIND = Kind(NAME, CAN, DjangoHelpdesk, Hook(SCHEMES["path"], events), OPTIONS)
