"""Words for what happened, on the pages and in the terminal: states of a ticket, and what became of each effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plugin.store.reading import Entry

STATES = {
    "new": "new",
    "waiting": "waiting for the customer",
    "complete": "complete",
    "handed-over": "handed over",
}
_WHAT = {
    "message": "The customer wrote",
    "triage": "Sorting it",
    "fetch": "Reading the ticket in the desk",
    "reply": "Our answer",
    "desk": "To the desk",
    "append": "The customer's words to the desk",
    "note": "Note in the desk",
    "link": "Link to the earlier ticket",
    "child": "A ticket of its own",
    "gateway": "Mail to the group",
    "webhook": "Outgoing webhook",
    "notify": "People told",
    "due": "Deadline",
}
_DOING = {
    "ready": "to be done",
    "running": "being done",
    "sending": "being sent",
    "dead": "set aside",
    "held": "held back",
    "uncertain": "perhaps done: see Health",
}
#: What it is called when it is done; of a deadline its text says it.
_DONE = {"reply": "sent", "gateway": "sent", "notify": "sent", "webhook": "delivered", "due": ""}


def state(name: str) -> str:
    """Of a ticket."""
    return STATES.get(name, name)


def what(entry: Entry) -> str:
    """What a line of the story is about."""
    return "Our reminder" if entry.reminder is not None else of_kind(entry.kind)


def of_kind(kind: str) -> str:
    """What a job of this kind is about."""
    return _WHAT.get(kind, kind)


def stands(state: str) -> str:
    """How a job stands that a person has to look at."""
    return "in doubt" if state == "uncertain" else "set aside"


def became(entry: Entry) -> str:
    """What became of it: an answer that nobody was to get is not called sent."""
    done = _DONE.get(entry.kind, "done")
    if entry.state == "cancelled" or (entry.state == "done" and entry.text == "dry run"):
        return f"not {done or 'done'}: {entry.text}"
    if entry.state == "done":
        return entry.text if entry.text.startswith("not sent: ") else done
    return _DOING.get(entry.state, entry.state)
