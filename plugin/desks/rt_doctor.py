"""What the bot may do in Request Tracker, told without leaving traces.

REST 2.0 does not tell one's rights. So a ticket is asked to move to a queue that does not exist: RT looks at the
right first, and ModifyTicket includes commenting and replying (RT::Ticket::SetQueue, Comment, Correspond).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from plugin.desks.http import Http, status_of
from plugin.desks.protocol import DeskError, Probe

_NOWHERE = "antesala looks whether it may move tickets to nowhere"
_R = "REST/2.0"


def probes(http: Http, group: str, tags: str, me: str) -> Sequence[Probe]:
    """Tries them in the queue `group`."""
    return tuple(_probes(http, group, tags, me))


def _probes(http: Http, group: str, tags: str, me: str) -> Iterator[Probe]:
    yield Probe(f"log in as {me}", ok=True)
    try:
        queue = http.get(f"{_R}/queue/{quote(group, safe='')}")
    except DeskError as error:
        if status_of(error) not in (403, 404):
            raise
        remedy = f"Make the queue {group}, or name another in ANTESALA_DESK_GROUPS; give {me} SeeQueue on it."
        yield Probe(f"see the queue {group}", ok=False, remedy=remedy, needed="group")
        return
    yield Probe(f"see the queue {group}", ok=True, needed="group")
    may_create = any(link.get("ref") == "create" for link in queue.get("_hyperlinks", ()))
    yield Probe("create tickets", ok=may_create, remedy=f"Give {me} CreateTicket on {group}.", needed="create")
    yield _tags(http, queue, group, tags)
    yield from _changing(http, group, me)


def _tags(http: Http, queue: Mapping[str, Any], group: str, tags: str) -> Probe:
    for field in queue.get("TicketCustomFields") or ():
        if field["name"] == tags:
            many = str(http.get(f"{_R}/customfield/{field['id']}").get("MaxValues", "0")) == "0"
            remedy = f"Make the custom field {tags} one that takes many values."
            return Probe(f"tags in the custom field {tags}", ok=many, remedy=remedy, needed="tags")
    remedy = f"Make a custom field {tags} for tickets, 'Enter multiple values', and apply it to {group}."
    return Probe(f"tags in the custom field {tags}", ok=False, remedy=remedy, needed="tags")


def unknown(http: Http, field: str, tags: frozenset[str]) -> frozenset[str]:
    """Tags that the custom field does not take: all are taken unless it is one to select from."""
    search = [{"field": "Name", "value": field}]
    answer = http.call("POST", f"{_R}/customfields", payload=search, params={"fields": "Name"}, repeatable=True).json()
    for found in answer.get("items", ()):
        whole = http.get(f"{_R}/customfield/{found['id']}")
        if whole.get("Name") == field and whole.get("Type") == "Select":
            return tags - {str(value) for value in whole.get("Values") or ()}
    return frozenset()


def _changing(http: Http, group: str, me: str) -> Iterator[Probe]:
    what = "change, comment on and reply to tickets"
    query = "Queue = '{}'".format(group.replace("\\", "\\\\").replace("'", "\\'"))
    found = http.get(f"{_R}/tickets", query=query, per_page=1)["items"]
    if not found:
        yield Probe(f"{what}: not tried, there is no ticket in {group}", ok=True, needed="note")
        return
    said = http.call("PUT", f"{_R}/ticket/{found[0]['id']}", payload={"Queue": _NOWHERE}, repeatable=True).json()
    may = not any("denied" in str(line).lower() for line in said)
    remedy = f"Give {me} ShowTicket, ShowTicketComments, ModifyTicket, CommentOnTicket and ReplyToTicket on {group}."
    yield Probe(what, ok=may, remedy=remedy, needed="note")
