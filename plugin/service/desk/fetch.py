"""Something happened to a ticket: read it, take in what the customer wrote, see what people did."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from plugin.act.outcome import EffectError, Outcome
from plugin.desks.protocol import Entry, TicketNow
from plugin.model import Arrival
from plugin.service.desk.observe import observe
from plugin.service.desk.side import DeskSide
from plugin.store import Job, Store

_SKEW = timedelta(minutes=5)  #: that the desk's clock may be behind ours
_SOON = 2.0  #: seconds until a ticket that is not visible yet is asked for again; doubled each time


class Fetcher:
    """Does the jobs of the kind `fetch`."""

    def __init__(self, store: Store, side: DeskSide) -> None:
        self._store = store
        self._side = side

    def fetch(self, job: Job) -> Outcome:
        """One ticket. Never raises for what a desk does."""
        ticket = job.payload["ticket"]
        try:
            now = self._side.read(ticket)
        except EffectError as error:
            found = error.outcome
            if found.error == "NotVisible" and found.wait is None:
                return Outcome("again", error=found.error, wait=_SOON * 2.0 ** min(job.attempts - 1, 7))
            return found
        return Outcome("done", receipt=f"{self._take(now)} new messages")

    def _take(self, now: TicketNow) -> int:
        """Take in what is new; how many messages. What was written before we were connected is not answered."""
        since = began(self._store, self._side.name) - _SKEW
        taken = 0
        # By a person, before or after the entry at hand: whoever answered has read what stood above.
        answered = any(entry.author == "agent" and entry.public for entry in now.entries)
        for entry in now.entries:
            if entry.author == "customer" and entry.public and entry.at >= since and not self._known(now, entry):
                receipt = self._store.accept(arrival(self._side.name, now, entry, answered=answered))
                taken += receipt.new
                number = None if receipt.new else self._store.request_of(receipt.inbound_id)
                if number is not None:  # it came by mail too
                    self._store.desk.give_ticket(number, now.id, now.number)
        number = self._store.desk.by_ticket(now.id)
        if number is not None and (request := self._store.request(number)):
            observe(self._store, self._side, request, now)
        return taken

    def _known(self, now: TicketNow, entry: Entry) -> bool:
        """Is it a mail that we have dealt with, e.g. one by which this desk opened the ticket for us?"""
        number = self._store.desk.of_mail(entry.message_id)
        if number is not None:
            self._store.desk.give_ticket(number, now.id, now.number)
        return number is not None


def arrival(desk: str, now: TicketNow, entry: Entry, *, answered: bool) -> Arrival:
    """What a customer wrote in a ticket, in the form of schemas/request.schema.json and a little more.

    The key is the mail's Message-ID where it was one: the same mail by IMAP and by the desk is one request.
    """
    sender = entry.sender or now.requester
    payload: dict[str, Any] = {
        "from": sender.email if sender else "",
        "name": sender.name if sender else "",
        "subject": now.subject,
        "text": entry.text,
        "ticket": now.id,
        "number": now.number if now.number != now.id else "",
        "date": entry.at.astimezone(UTC).isoformat(),
        "message_id": entry.message_id,
        "in_reply_to": entry.in_reply_to,
        "headers": [list(field) for field in entry.headers],
        "attachments": [
            {"name": file.name, "content_type": file.content_type, "size": file.size} for file in entry.attachments
        ],
        "answered": answered,
    }
    raw = json.dumps(payload, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    return Arrival("desk", raw, datetime.now(UTC), mailbox=desk, key=f"{desk}:{now.id}:{entry.id}")


def began(store: Store, desk: str) -> datetime:
    """Since when we have been connected to a desk; kept at the first call."""
    name = f"desk-since:{desk}"
    found = store.cursor(name)
    if found is None:
        store.advance(name, 0, int(store.clock().timestamp()))
        found = store.cursor(name)
    return datetime.fromtimestamp(found.last_uid if found else 0, UTC)
