"""Writes to a desk. Each is looked for before it is tried, and read back after it: a desk's word is not enough.

    look ─► there already: done
      └──► say that it may happen from here on ─► write ─► read back ─► there: done, else again

What is uncertain is settled by the next look, after a pause in which a lost request has come to its end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from plugin.act.effects import opening_mail
from plugin.act.outcome import LEFT_TO_AGENT, EffectError, Outcome
from plugin.desks.http import SETTLED
from plugin.desks.protocol import Answer, Entry, Opening, Placement, TicketNow
from plugin.desks.words import equal_words, same_words
from plugin.model import Address, Effect, Message
from plugin.service.desk.observe import observe
from plugin.service.desk.side import DeskSide, abilities
from plugin.store import Inbound, Job, Request, Store
from plugin.store.desk import NO_ADDRESS, Placed

#: How an effect ended; None: it was no longer ours and nothing was done.
Ended = Outcome | None
_NOT_TAKEN = 5  #: tries of a write that the desk accepts and does not carry out
_SKEW = timedelta(minutes=10)  #: that the desk's clock may differ from ours
_LOOK_AGAIN = 300.0  #: seconds between two looks for a ticket that mail opens, at most
_NO_TICKET = 2.0  #: seconds until a note asks again whether its ticket is there


class DeskWriter:
    """Carries out the effects of `act/desk.py`."""

    def __init__(self, store: Store, side: DeskSide, read: Callable[[Inbound], Message]) -> None:
        self._store = store
        self._side = side
        self._desk = side.desk
        self._read = read

    def perform(self, job: Job) -> Ended:
        """One effect. Never raises for what a desk does."""
        ways: dict[str, Callable[[Job], Ended]] = {
            "desk": self._place,
            "append": self._append,
            "note": self._note,
            "reply": self._reply,
            "link": self._link,
            "child": self._child,
        }
        try:
            return ways[job.kind](job)
        except EffectError as error:
            return _settled(error.outcome)

    # --- the ticket itself ---

    def _place(self, job: Job) -> Ended:
        """Open the ticket where there is none, and put it where it belongs."""
        request = self._store.request_about(job.inbound_id)
        if request is None:
            return Outcome("dead", error="RequestMissing")
        ticket = job.payload.get("ticket") or request.ticket or self._open(job, request)
        if ticket is None:
            return None
        self._store.desk.give_ticket(request.number, ticket)
        now, request = self._side.read(ticket), self._store.request_about(job.inbound_id) or request
        self._store.desk.give_ticket(request.number, ticket, now.number)
        own = request.ticket == ticket  # not a second ticket of the same conversation
        if own:
            observe(self._store, self._side, request, now)
            request = self._store.request_about(job.inbound_id) or request
        placement, missing = self._placement(request, now), ""
        if placement != Placement():
            if own:
                self._intend(request, now, placement)
            if not self._store.sending(job):
                return None
            self._desk.place(now, placement)
            now = self._side.read(ticket)
            missing = self._missing(placement, now)
        if missing not in ("", "tags"):  # a ticket without a tag is in the right place all the same
            return _not_taken(job, missing)
        untaken = placement.add_tags - now.tags
        if own:
            self._keep(request, now, untaken if job.attempts > 1 else frozenset())
            self._store.hand_over(request.number, ticket)
        if untaken and job.attempts == 1:  # somebody may have been at it in the same moment
            return Outcome("again", error="NotTaken tags")
        if untaken:
            self._tell(job, f"tags that this desk did not take: {', '.join(sorted(untaken))}")
        return Outcome("done", receipt=f"ticket {now.number or ticket}{', not all tags' if untaken else ''}"[:200])

    def _tell(self, job: Job, by_hand: str) -> None:
        """A further note: what somebody has to do by hand turned out only now."""
        if "note" in abilities(self._side.settings) and job.inbound_id is not None:
            payload = {"looks": True, "ticket": job.payload.get("ticket"), "text": f"By hand: {by_hand}\n"}
            number = self._store.request_of(job.inbound_id)
            self._store.follow_up(Effect(f"note:{job.key}", "note", payload), job.inbound_id, number)

    def _open(self, job: Job, request: Request) -> str | None:
        """A new ticket, or the one that an earlier try (or the desk itself, from the same mail) made."""
        arrived = self._store.inbound(job.inbound_id or 0)
        if arrived is None or arrived.raw is None:
            raise EffectError(Outcome("dead", error="BytesDeleted"))
        message = self._read(arrived)
        if message.sender is None:
            raise EffectError(Outcome("dead", error="NoSender"))
        opening = Opening(
            requester=message.sender,
            subject=message.subject or "(no subject)",
            text=message.text or "(no text)",
            group=self._side.theirs(request.group),
            priority=self._side.priority(request.priority),
            tags=frozenset(request.tags),
            message_id=message.id if arrived.source == "mail" else "",
            at=message.received_at,
        )
        if found := self._desk.find(opening, request.opened_at - _SKEW):
            return found
        if "create" not in abilities(self._side.settings):
            raise EffectError(self._mailed(opening, message, request, arrived.id))
        return self._desk.create(opening) if self._store.sending(job) else None

    def _mailed(self, opening: Opening, message: Message, request: Request, inbound_id: int) -> Outcome:
        """The desk gets the customer's own mail, as from the customer, and opens the ticket by itself."""
        settings = self._side.settings
        effect = opening_mail(message, opening.message_id, request.group, inbound_id, settings)
        if effect is None:
            return Outcome("again", error=NO_ADDRESS, wait=_LOOK_AGAIN, patient=True)
        if self._store.desk.open_by_mail(effect, inbound_id, request.number):
            return Outcome("again", error="OpenedByMail", wait=_NO_TICKET, patient=True)
        waited = (self._store.clock() - request.opened_at).total_seconds()
        return Outcome("again", error="OpenedByMail", wait=min(max(waited, _NO_TICKET), _LOOK_AGAIN))

    def _placement(self, request: Request, now: TicketNow) -> Placement:
        can, live = abilities(self._side.settings), self._side.mode == "live"
        kept = self._store.desk.where(request.number)
        refused, ours = (kept.refused, kept.ours) if kept else (frozenset(), frozenset())
        group, priority = self._side.theirs(request.group), self._side.priority(request.priority)
        wanted = frozenset(request.tags) - refused
        kept_apart = request.moved_to is not None and request.moved_to != request.group  # a person's choice stands
        return Placement(
            group=group if live and "group" in can and now.group != group and not kept_apart else None,
            priority=priority if live and "priority" in can and now.priority != priority else None,
            add_tags=wanted - now.tags if "tags" in can else frozenset(),
            remove_tags=(ours - frozenset(request.tags)) & now.tags if "tags" in can else frozenset(),
        )

    def _intend(self, request: Request, now: TicketNow, placement: Placement) -> None:
        kept = self._store.desk.where(request.number)
        ours = (kept.ours if kept else frozenset()) | placement.add_tags
        refused = kept.refused if kept else frozenset()
        self._store.desk.put(request.number, Placed(now.group, placement.group, now.tags, ours, refused))

    def _keep(self, request: Request, now: TicketNow, untaken: frozenset[str]) -> None:
        """Where it is now; tags that the desk did not take are not tried again on this ticket."""
        kept = self._store.desk.where(request.number)
        ours, refused = (kept.ours, kept.refused) if kept else (frozenset(), frozenset())
        self._store.desk.put(request.number, Placed(now.group, None, now.tags, ours & now.tags, refused | untaken))

    @staticmethod
    def _missing(placement: Placement, now: TicketNow) -> str:
        """What of a placement the desk does not show."""
        wrong = {
            "group": placement.group is not None and now.group != placement.group,
            "priority": placement.priority is not None and now.priority != placement.priority,
            "tags": not placement.add_tags <= now.tags,  # one too many does no harm, and some desks keep the last
        }
        return " ".join(name for name, bad in wrong.items() if bad)

    # --- what is written in it ---

    def _note(self, job: Job) -> Ended:
        text = job.payload["text"]
        return self._write(job, text, public=False, write=lambda now: self._desk.note(now.id, text))

    def _reply(self, job: Job) -> Ended:
        payload = job.payload
        files = tuple((name, text) for name, text in payload.get("files", ()))
        answer = Answer(payload["text"], payload["html"], payload["subject"], files)
        return self._write(job, answer.text, public=True, write=lambda now: self._desk.reply(now, answer))

    def _write(self, job: Job, text: str, *, public: bool, write: Callable[[TicketNow], None]) -> Ended:
        now = self._ticket(job)
        if now is None:
            return Outcome("again", error="TicketMissing", wait=_NO_TICKET)
        if ended := self._found(job, now, text, public=public):
            return ended
        if public and any(entry.author == "agent" and entry.public for entry in now.entries):
            return LEFT_TO_AGENT
        if not self._store.sending(job):
            return None
        write(now)
        after = self._side.read(now.id)
        return self._found(job, after, text, public=public) or _changed(now, after, public) or _not_taken(job, job.kind)

    def _found(self, job: Job, now: TicketNow, text: str, *, public: bool) -> Ended:
        """How it ended, if our own entry with this text is there. One that the customer sees by mistake stops all."""
        alike = same_words if public else equal_words  # to a reply the desk may add its signature
        mine = [entry for entry in now.entries if entry.author == "bot" and alike(entry.text, text)]
        right = next((entry for entry in mine if entry.public == public), None)
        if right is not None:
            return Outcome("done", receipt=f"entry {right.id}"[:200])
        if mine and not public:
            self._store.desk.trip(job.kind, "a note of ours can be seen by the customer: mend the desk, then resume")
            return Outcome("dead", error="NoteIsPublic")
        return None

    def _append(self, job: Job) -> Ended:
        now = self._ticket(job)
        if now is None:
            return Outcome("again", error="TicketMissing", wait=_NO_TICKET)
        text, sender = job.payload["text"], Address(job.payload["from"], job.payload["name"])
        if found := _theirs(now, text):
            return Outcome("done", receipt=f"entry {found.id}"[:200])
        if not self._store.sending(job):
            return None
        self._desk.append(now, text, sender)
        found = _theirs(self._side.read(now.id), text)
        return Outcome("done", receipt=f"entry {found.id}"[:200]) if found else _not_taken(job, "append")

    # --- what it belongs to ---

    def _link(self, job: Job) -> Ended:
        now, earlier = self._ticket(job), job.payload["earlier"]
        if now is None:
            return Outcome("again", error="TicketMissing", wait=_NO_TICKET)
        if earlier not in now.links:
            if not self._store.sending(job):
                return None
            self._desk.link(now, earlier)
            if earlier not in self._side.read(now.id).links:
                return _not_taken(job, "link")
        return Outcome("done", receipt=f"linked to {earlier}"[:200])

    def _child(self, job: Job) -> Ended:
        now, request = self._ticket(job), self._store.request_about(job.inbound_id)
        if now is None or request is None:
            return Outcome("again", error="TicketMissing", wait=_NO_TICKET)
        if now.requester is None:
            return Outcome("dead", error="NoSender")
        opening = Opening(
            requester=now.requester,
            subject=f"{now.subject} ({job.payload['intent']})",
            text=job.payload["text"] or now.subject,
            group=self._side.theirs(job.payload["group"]),
            priority=self._side.priority(request.priority),
            tags=frozenset(request.tags),
            parent=now.id,
        )
        found = self._desk.find(opening, request.opened_at - _SKEW)
        if found is None:
            if not self._store.sending(job):
                return None
            found = self._desk.child(now, opening)
        return Outcome("done", receipt=f"ticket {found}"[:200])

    # --- inside ---

    def _ticket(self, job: Job) -> TicketNow | None:
        """The ticket that an effect is about; None while there is none yet."""
        ticket = job.payload.get("ticket")
        if not ticket:
            request = self._store.request_about(job.inbound_id)
            ticket = request.ticket if request else None
        return self._side.read(ticket) if ticket else None


def _theirs(now: TicketNow, text: str) -> Entry | None:
    return next((e for e in now.entries if e.author in ("customer", "bot") and same_words(e.text, text)), None)


def _settled(outcome: Outcome) -> Outcome:
    """Uncertain is not the end: the next try looks first, late enough for a lost request to be over."""
    if outcome.state != "uncertain":
        return outcome
    return Outcome("again", error=f"Uncertain {outcome.error}", wait=max(outcome.wait or 0.0, SETTLED))


def _changed(before: TicketNow, after: TicketNow, public: bool) -> Outcome | None:
    """How it ended, if the desk made another text of ours: it is there, and writing it again would double it."""
    known = {entry.id for entry in before.entries}
    new = [entry for entry in after.entries if entry.author == "bot" and entry.id not in known]
    same = next((entry for entry in new if entry.public == public), None)
    if same is not None:
        return Outcome("done", receipt=f"entry {same.id}, its text changed by the desk"[:200])
    return Outcome("dead", error="NotTaken visibility") if new else None


def _not_taken(job: Job, what: str) -> Outcome:
    """The desk said yes and did not do it."""
    return Outcome("again" if job.attempts < _NOT_TAKEN else "dead", error=f"NotTaken {what}")
