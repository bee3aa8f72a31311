"""Deadlines: which follow from a decision, and what is done when one comes. Pure: the clock is an argument.

    question asked ──► remind (if the desk reminds) ──► hand-over, marked as unanswered
    group has it   ──► pick-up: its second channel is told ──► move: to the fallback group, which gets a pick-up again

A deadline that comes looks at the request as it stands then; where things have changed it does nothing and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from plugin.decide.answer import reminder_refusal
from plugin.decide.note import line
from plugin.decide.remind import reminder
from plugin.model import Decision, Effect, History, Message, Pending, Reply, Understood
from plugin.rulebook import Group, Rulebook
from plugin.rulebook.away import absence, fallbacks, local_day, present_members
from plugin.rulebook.opening import group_hours
from plugin.rulebook.rulebook import PickUp
from plugin.rulebook.worktime import after

#: Kinds of effects that bring a ticket to the desk; what holds a ticket back holds back these.
TO_DESK = frozenset({"desk", "gateway", "note", "link", "child"})


@dataclass(frozen=True, slots=True)
class Telling:
    """Something to tell people who work here; no word of the customer is in it."""

    to: tuple[str, ...]  #: names of settings
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Follows:
    """What follows when a deadline comes. None and empty: nothing about that."""

    because: str  #: a sentence for the timeline
    state: str | None = None
    group: str | None = None  #: where it is moved to
    tags: tuple[str, ...] = ()  #: added
    note: str = ""  #: a line added to the note
    release: bool = False  #: what was held back goes to the desk
    reply: Reply | None = None
    telling: Telling | None = None
    deadlines: tuple[Effect, ...] = ()

    @property
    def for_desk(self) -> bool:
        """Does the desk have to know?"""
        return bool(self.state or self.group or self.tags or self.note)


# --- which follow from a decision -------------------------------------------------------------


def holds_back(decision: Decision, rulebook: Rulebook, history: History) -> bool:
    """Whether the desk gets the ticket later: it was asked for details, or it waits for them already."""
    asked = bool(decision.reply and decision.reply.asks)
    begun = history.held or history.group is None  # what the desk has cannot be held back any more
    return rulebook.desk.waiting.hold_back and begun and asked


def deadlines(
    decision: Decision, rulebook: Rulebook, history: History, inbound_id: int, now: datetime
) -> tuple[Effect, ...]:
    """The deadlines that begin with a decision."""
    follows = history.group is not None
    if decision.suppressed and follows:
        return ()  # an automatic message begins nothing and ends nothing
    found = []
    if decision.reply and decision.reply.asks:
        found.append(_after_asking(decision.group, rulebook, history.rounds + 1, inbound_id, now))
    held = holds_back(decision, rulebook, history)
    if not held and (not follows or history.held or history.group != decision.group):
        found += _pick_up(decision.group, rulebook, f"{inbound_id}", now)
    return tuple(found)


def _after_asking(group: str, rulebook: Rulebook, round_: int, inbound_id: int, now: datetime) -> Effect:
    waiting = rulebook.desk.waiting
    if waiting.remind_after:
        at = after(group_hours(rulebook, group), now, waiting.remind_after)
        return Effect(f"due:remind:{inbound_id}", "due", {"what": "remind", "round": round_}, at)
    return _hand_over(group, rulebook, round_, inbound_id, now)


def _hand_over(group: str, rulebook: Rulebook, round_: int, inbound_id: int, now: datetime) -> Effect:
    at = after(group_hours(rulebook, group), now, rulebook.desk.waiting.hand_over_after)
    return Effect(f"due:hand-over:{inbound_id}", "due", {"what": "hand-over", "round": round_}, at)


def _pick_up(
    group: str, rulebook: Rulebook, ending: str, now: datetime, passed: tuple[str, ...] = ()
) -> tuple[Effect, ...]:
    """The deadline for picking up, if the group has one. `passed`: groups that had it before and left it."""
    limit = pick_up_of(group, rulebook)
    if limit is None:
        return ()
    at = after(group_hours(rulebook, group), now, limit.within)
    payload = {"what": "pick-up", "group": group, "since": _stamp(now), "passed": list(passed)}
    return (Effect(f"due:pick-up:{ending}", "due", payload, at),)


def pick_up_of(group: str, rulebook: Rulebook) -> PickUp | None:
    """How long a ticket may lie in a group; None: nobody looks."""
    found = rulebook.groups.get(group)
    return (found.pick_up if found else None) or rulebook.desk.pick_up


# --- what follows when one comes --------------------------------------------------------------


def meet(
    payload: Mapping[str, Any],
    pending: Pending,
    rulebook: Rulebook,
    now: datetime,
    *,
    inbound_id: int,
    message: Message | None,
) -> Follows:
    """What follows now. `message` is the one that the deadline began with; None if its bytes were deleted."""
    what = payload["what"]
    if what in ("remind", "hand-over"):
        if pending.state != "waiting" or pending.rounds != payload["round"]:
            return Follows("nothing: nobody waits for this answer any more")
        if what == "remind":
            return _remind(payload, pending, rulebook, now, inbound_id, message)
        return _give_up(payload, pending, rulebook, now, inbound_id)
    if pending.taken:
        return Follows("nothing: it was picked up")
    if pending.group != payload["group"] or pending.routed_at is None or _stamp(pending.routed_at) != payload["since"]:
        return Follows("nothing: the ticket is in another group by now")
    return (_tell if what == "pick-up" else _move)(payload, pending, rulebook, now, inbound_id)


def _remind(
    payload: Mapping[str, Any],
    pending: Pending,
    rulebook: Rulebook,
    now: datetime,
    inbound_id: int,
    message: Message | None,
) -> Follows:
    """Remind once, if the one place that decides about answers lets it; then the time for handing over begins."""
    following = (_hand_over(pending.group, rulebook, payload["round"], inbound_id, now),)
    if message is None:
        return Follows("not reminded: the message was deleted", deadlines=following)
    decision = pending.decision
    understood = Understood(message, pending.language or decision.language, True, automatic=decision.suppressed)
    refused = reminder_refusal(understood, rulebook.desk, pending.history)
    if refused or pending.taken:
        why = refused.because if refused else "somebody works on it"
        return Follows(f"not reminded: {why}", deadlines=following)
    reply = reminder(understood, pending, rulebook, now)
    if reply is None:
        return Follows("not reminded: nothing is missing any more", deadlines=following)
    return Follows("the customer is reminded", reply=reply, deadlines=following)


def _give_up(
    payload: Mapping[str, Any], pending: Pending, rulebook: Rulebook, now: datetime, inbound_id: int
) -> Follows:
    waiting = rulebook.desk.waiting
    said = f"the customer did not answer, {_hours(waiting.hand_over_after)} after the last mail to them"
    missing = f"; missing: {', '.join(pending.missing)}" if pending.missing else ""
    following: tuple[Effect, ...] = ()
    if pending.held:
        following = _pick_up(pending.group, rulebook, f"{inbound_id}:{payload['what']}", now)
    return Follows(
        f"handed over as incomplete: {said}",
        state="handed-over",
        tags=tuple(tag for tag in waiting.incomplete_tags if tag not in pending.tags),
        note=line("Silence", f"{_at(now)}: {said}{missing}"),
        release=pending.held,
        deadlines=following,
    )


def _tell(payload: Mapping[str, Any], pending: Pending, rulebook: Rulebook, now: datetime, inbound_id: int) -> Follows:
    """Nobody picked it up: the group's second channel is told, and the second time begins."""
    group, limit = pending.group, pick_up_of(pending.group, rulebook)
    if limit is None:
        return Follows("nothing: nobody has to pick up tickets of this group any more")
    names = second_channel(rulebook, group, now)
    at = after(group_hours(rulebook, group), now, limit.then)
    move = Effect(f"due:move:{_ending(payload, inbound_id)}", "due", {**payload, "what": "move"}, at)
    said = f"nobody of {group} picked it up within {_hours(limit.within)}"
    told = f"; told {', '.join(names)}" if names else "; there is nobody to tell"
    return Follows(
        said + told,
        note=line("Waits", f"{_at(now)}: {said} since {_at(pending.routed_at)}{told}"),
        telling=_telling(names, pending, said) if names else None,
        deadlines=(move,),
    )


def _move(payload: Mapping[str, Any], pending: Pending, rulebook: Rulebook, now: datetime, inbound_id: int) -> Follows:
    """Nobody picked it up after having been told either: the fallback group gets it."""
    group, limit = pending.group, pick_up_of(pending.group, rulebook)
    passed = (*payload.get("passed", ()), group)
    there = [g for g in fallbacks(rulebook, group) if absence(rulebook, g, local_day(rulebook, g, now)) is None]
    to = next((g for g in there if g not in passed), None)
    waited = _hours(limit.within + limit.then) if limit else "the time it had"
    said = f"nobody of {group} picked it up within {waited}"
    if to is None:
        names = tuple(dict.fromkeys((*second_channel(rulebook, group, now), *rulebook.desk.notify)))
        told = "no other group is left to take it" + (f"; told {', '.join(names)}" if names else "")
        telling = _telling(names, pending, f"{said}, and {told.partition(';')[0]}") if names else None
        return Follows(f"{said}; {told}", note=line("Waits", f"{_at(now)}: {said}; {told}"), telling=telling)
    names = second_channel(rulebook, to, now)
    return Follows(
        f"moved from {group} to {to}: {said}",
        group=to,
        note=line("Moved", f"{_at(now)}: from {group} to {to}: {said} since {_at(pending.routed_at)}"),
        telling=_telling(names, pending, f"{said}; now it is with {to}") if names else None,
        deadlines=_pick_up(to, rulebook, f"{inbound_id}:{len(passed)}", now, passed),
    )


def second_channel(rulebook: Rulebook, group: str, now: datetime) -> tuple[str, ...]:
    """Who is told about a ticket of a group: its own names or the desk's, and the members who are there."""
    found: Group | None = rulebook.groups.get(group)
    if found is None:
        return rulebook.desk.notify
    members = present_members(rulebook, found, local_day(rulebook, group, now))
    return tuple(dict.fromkeys((*(found.notify or rulebook.desk.notify), *members)))


def breaker_told(rulebook: Rulebook, refusal: str) -> Telling | None:
    """What is told when the breaker opens."""
    if not rulebook.desk.notify:
        return None
    body = "No automatic answer goes out until a person has looked why: antesala show, antesala resume reply."
    return Telling(rulebook.desk.notify, f"Antesala has stopped answering ({refusal})", body)


def _telling(names: tuple[str, ...], pending: Pending, said: str) -> Telling:
    ticket = pending.ticket_number or pending.ticket
    number = f"Request {pending.number}" + (f" (ticket {ticket})" if ticket else "")
    about = f"{pending.decision.intent}, {pending.decision.priority} priority, in {pending.group}"
    return Telling(names, f"{number} waits: {about}", f"{said[:1].upper()}{said[1:]}.")


def _ending(payload: Mapping[str, Any], inbound_id: int) -> str:
    passed = payload.get("passed", ())
    return f"{inbound_id}:{len(passed)}" if passed else f"{inbound_id}"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _at(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "an unknown time"


def _hours(span: timedelta) -> str:
    number = span.total_seconds() / 3600
    return f"{number:g} working {'hour' if number == 1 else 'hours'}"
