"""Chatwoot: https://developers.chatwoot.com/api-reference/introduction. A ticket is a conversation, a group a team.

- `labels` of a conversation are replaced: they are read, merged and written right after one another.
- An assignment holds the team alone: with an agent in it Chatwoot ignores the team.
- A message goes to the customer unless `private` is said.
- Conversations begin in an inbox; the API opens none in a customer's name but in inboxes made for it. There are no
  links between conversations either.
- The list of conversations comes newest activity first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from plugin.desks.base import DeskBase
from plugin.desks.chatwoot_read import PRIORITY, events, message_payload, number_of, ticket_of
from plugin.desks.http import Http
from plugin.desks.protocol import (
    Ability,
    Access,
    Answer,
    Changed,
    Hook,
    Kind,
    Opening,
    Placement,
    Probe,
    TicketNow,
)
from plugin.desks.reading import instant, listed, mapping, ticket_number, word, words
from plugin.desks.signatures import SCHEMES
from plugin.desks.words import outcome, same_words

ABLE: frozenset[Ability] = frozenset(("group", "tags", "priority", "note", "reply", "changes"))
OPTIONS: Mapping[str, str] = {"account": "1"}
_LOOKS = 5  #: at what changed while we looked; the next poll sees the rest
_PAGES = 400  #: of conversations, 25 each, that one look goes back at most


class Chatwoot(DeskBase):
    """An account of a Chatwoot, over its application API with the access token of the bot's user."""

    name = "chatwoot"
    abilities = ABLE

    def __init__(self, access: Access) -> None:
        self._http = Http(access, headers={"api_access_token": access.token})
        account = access.options.get("account", OPTIONS["account"])
        self._base = f"api/v1/accounts/{ticket_number(account)}"
        self._me = ""

    def read(self, ticket: str) -> TicketNow:
        path = f"{self._base}/conversations/{ticket_number(ticket)}"
        found = mapping(self._http.get(path))
        return ticket_of(found, self._messages(path), self._labels(path), self._bot())

    def changed_since(self, moment: datetime) -> Iterable[Changed]:
        found: dict[str, Changed] = {}
        until = moment.replace(microsecond=0)
        for _ in range(_LOOKS):
            latest = self._look(until, found)
            if latest <= until:
                break
            until = latest
        return sorted(found.values(), key=lambda change: change.at)

    def find(self, opening: Opening, since: datetime) -> str | None:
        """A conversation that mail began; an inbox of mail may put a further mail into an old one."""
        found: dict[str, Changed] = {}
        self._look(since.replace(microsecond=0), found)
        for ticket in sorted(found, key=int, reverse=True):
            now = self.read(ticket)
            if now.requester is None or now.requester.email != opening.requester.email:
                continue
            for entry in now.entries:
                known = opening.message_id and entry.message_id == opening.message_id
                if entry.author == "customer" and (known or same_words(entry.text, opening.text)):
                    return now.id
        return None

    def place(self, now: TicketNow, placement: Placement) -> None:
        path = f"{self._base}/conversations/{ticket_number(now.id)}"
        if placement.group is not None:
            self._call(f"{path}/assignments", {"team_id": self._team(placement.group)})
        if placement.priority is not None:
            self._call(f"{path}/toggle_priority", {"priority": PRIORITY[placement.priority]})
        if placement.add_tags or placement.remove_tags:
            there = self._labels(path)  # the latest: `now` may be seconds old
            wanted = (there | placement.add_tags) - placement.remove_tags
            if wanted != there:
                self._call(f"{path}/labels", {"labels": sorted(wanted)})

    def note(self, ticket: str, text: str) -> None:
        path = f"{self._base}/conversations/{ticket_number(ticket)}/messages"
        self._http.call("POST", path, payload=message_payload(text, private=True))

    def reply(self, now: TicketNow, answer: Answer) -> None:
        path = f"{self._base}/conversations/{ticket_number(now.id)}/messages"
        self._http.call("POST", path, payload=message_payload(answer.text, private=False))

    def unknown(self, tags: frozenset[str]) -> frozenset[str]:
        """It takes any label, and shows only those of its settings."""
        return tags - {
            word(label.get("title")) for label in listed(mapping(self._http.get(f"{self._base}/labels")).get("payload"))
        }

    def probe(self, group: str) -> Sequence[Probe]:
        profile = mapping(self._http.get("api/v1/profile"))
        account = self._base.rpartition("/")[2]
        inside = any(word(entry.get("id")) == account for entry in listed(profile.get("accounts")))
        if not inside:
            remedy = "Set account in ANTESALA_DESK_OPTIONS to the number in the address of your dashboard"
            return (Probe("enter the account", False, remedy),)
        listing = self._http.get(f"{self._base}/conversations", status="all", assignee_type="all", page=1)
        counted = mapping(mapping(mapping(listing).get("data")).get("meta")).get("all_count")
        inboxes = "Settings > Inboxes > Collaborators: add the bot to every inbox that it shall work on"
        return (
            Probe("enter the account", True),
            Probe("see conversations", bool(counted), inboxes),
            Probe("find the team", group in self._teams(), f"Settings > Teams: there is no {group}", "group"),
        )

    # --- calls ---

    def _look(self, until: datetime, found: dict[str, Changed]) -> datetime:
        """Keep what changed at `until` or later; the time of the latest of all.

        The newest stand on top, so what changes while the pages are turned is behind us then: look again.
        """
        latest = until
        for page in range(1, _PAGES + 1):
            query = {"status": "all", "assignee_type": "all", "page": page}
            answer = mapping(self._http.get(f"{self._base}/conversations", **query))
            listing = listed(mapping(answer.get("data")).get("payload"))
            changes = [Changed(word(entry.get("id")), _changed(entry)) for entry in listing]
            found |= {change.ticket: change for change in changes if change.at >= until}
            latest = max([latest, *(change.at for change in changes)])
            if not listing or all(instant(entry.get("last_activity_at")) < until for entry in listing):
                break
        return latest

    def _call(self, path: str, payload: Mapping[str, Any]) -> None:
        self._http.call("POST", path, payload=payload, repeatable=True)

    def _messages(self, path: str) -> Sequence[Mapping[str, Any]]:
        """All of them: Chatwoot gives the latest twenty, then those before a message."""
        found: dict[int, Mapping[str, Any]] = {}
        before: dict[str, int] = {}
        while True:
            page = listed(mapping(self._http.get(f"{path}/messages", **before)).get("payload"))
            fresh = {number_of(message): message for message in page if number_of(message) not in found}
            if not fresh:
                return list(found.values())
            found |= fresh
            before = {"before": min(found)}

    def _labels(self, path: str) -> frozenset[str]:
        return words(mapping(self._http.get(f"{path}/labels")).get("payload"))

    def _team(self, name: str) -> int:
        found = self._teams().get(name, "")
        if not found.isdigit():
            raise outcome("dead", "GroupUnknown")
        return int(found)

    def _teams(self) -> Mapping[str, str]:
        teams = listed(self._http.get(f"{self._base}/teams"))
        return {word(team.get("name")): word(team.get("id")) for team in teams}

    def _bot(self) -> str:
        if not self._me:
            self._me = word(mapping(self._http.get("api/v1/profile")).get("id"))
        return self._me


def _changed(conversation: Mapping[str, Any]) -> datetime:
    """The later of both: moving or labelling a conversation need not count as activity."""
    return max(instant(conversation.get("updated_at")), instant(conversation.get("last_activity_at")))


KIND = Kind("chatwoot", ABLE, Chatwoot, Hook(SCHEMES["chatwoot"], events), OPTIONS)
