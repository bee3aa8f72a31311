"""How Antesala is: one word and a reason for each part. No customer's text, no secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from plugin.intake.seam import MailboxState
from plugin.rulebook.away import stand_in, unmanned
from plugin.store import Store, StoreUnavailable

if TYPE_CHECKING:
    from plugin.rulebook.live import Live
    from plugin.rulebook.rulebook import Rulebook

State = Literal["ok", "warning", "failing"]
LATE = 120.0  #: seconds that work may be due before nobody seems to do it
STATES: tuple[State, ...] = ("ok", "warning", "failing")  # from good to bad


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what runs."""

    name: str  #: store, queue, set aside, rulebook, mailbox …
    state: State
    reason: str  #: a sentence for the person who runs it


def overall(parts: Iterable[Part]) -> State:
    """The worst of the parts."""
    return STATES[max((STATES.index(part.state) for part in parts), default=0)]


def of_store(store: Store) -> tuple[Part, ...]:
    """The store, the queue and what was set aside."""
    try:
        health, room = store.health(), store.has_room()
        if room:
            store.check_writing()
    except StoreUnavailable as error:
        return (Part("store", "failing", f"Nothing can be kept: {error}; see ANTESALA_DATABASE_URL and its disk."),)
    full = Part("store", "failing", "The disk is nearly full: nothing is taken until there is room again.")
    waiting = f"{health.ready} waiting" + (f", for {health.oldest_ready_seconds:.0f} s" if health.ready else "")
    late = health.oldest_ready_seconds > LATE
    stopped = [f"{stop.name} is held back ({stop.kind}): {stop.reason}." for stop in health.stops]
    queue = Part("queue", "failing", f"{waiting}: does a worker run?") if late else Part("queue", "ok", f"{waiting}.")
    if stopped:
        held: State = "failing" if any(stop.kind == "breaker" for stop in health.stops) else "warning"
        queue = Part("queue", "failing" if late else held, " ".join([*stopped, f"{waiting}."]))
    aside = Part("set aside", "ok", "Nothing.")
    if health.set_aside or health.uncertain:
        text = f"{health.set_aside} set aside, {health.uncertain} uncertain: see antesala show --failed."
        aside = Part("set aside", "warning", text)
    return (Part("store", "ok", "It can be written.") if room else full, queue, aside)


def of_rulebook(live: Live) -> Part:
    """Which rulebook is in force, since when, and whether a newer one was refused."""
    book = f"{live.current.digest[:12]}, read {_ago(live.since)}"
    if not live.problems:
        return Part("rulebook", "ok", f"{book}.")
    first = str(live.problems[0]).splitlines()[0]
    more = f" and {len(live.problems) - 1} more" if len(live.problems) > 1 else ""
    return Part(
        "rulebook", "warning", f"The last good one is in force ({book}). The new one was refused: {first}{more}"
    )


def of_groups(rulebook: Rulebook, now: datetime) -> Part:
    """Is somebody there for every group today, if only a fallback?"""
    lost = unmanned(rulebook, now)
    if not lost:
        return Part("groups", "ok", "Somebody is there for each of them.")
    held = ", ".join(dict.fromkeys(stand_in(rulebook, group, now) for group in lost))
    reason = f"Everybody is away today who could take what comes for {', '.join(lost)}; it goes to {held} and waits."
    return Part("groups", "warning", f"{reason} See away.yaml, and `fallback` in groups.yaml.")


def of_mailbox(state: MailboxState) -> Part:
    """One mailbox."""
    name = f"mailbox {state.name}"
    if state.error:
        return Part(name, "failing" if state.needs_attention else "warning", state.error)
    if state.stuck:
        return Part(name, "warning", f"{len(state.stuck)} mails in it could not be read: {', '.join(state.stuck[:5])}")
    if not state.connected:
        return Part(name, "warning", "Not connected yet.")
    looked = f"looked at {_ago(state.looked_at)}" if state.looked_at else "not looked at yet"
    return Part(name, "ok", f"{state.taken} taken since the start, {looked}.")


def careful(name: str, look: Callable[[], Part]) -> Part:
    """A part that cannot be looked at is failing; the others are still shown."""
    try:
        return look()
    except Exception as error:
        return Part(name, "failing", f"It cannot be looked at: {error.__class__.__name__}.")


def _ago(at: datetime) -> str:
    seconds = max(0, round((datetime.now(UTC) - at).total_seconds()))
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} seconds ago"
