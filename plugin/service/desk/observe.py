"""What people did to a ticket: they answered, or it is elsewhere than where we last saw or put it."""

from __future__ import annotations

from plugin.desks.protocol import TicketNow
from plugin.service.desk.side import DeskSide
from plugin.store import Request, Store
from plugin.store.desk import Change, Placed


def observe(store: Store, side: DeskSide, request: Request, now: TicketNow) -> tuple[Change, ...]:
    """Keep where the ticket is; what people changed, which is kept as corrections.

    A move to where we had decided is no correction, and neither is what a rule of the desk did; but whoever moved it,
    there it stays. Raises DeskError.
    """
    if now.owner and request.taken_at is None:
        store.take(request.number, now.owner)
    if not request.agent_replied and any(entry.author == "agent" and entry.public for entry in now.entries):
        store.desk.agent_replied(request.number)
    kept = store.desk.where(request.number)
    if kept is None:
        store.desk.put(request.number, Placed(now.group, None, now.tags, frozenset(), frozenset()))
        return ()
    moved = now.group not in (kept.group, kept.intended) and bool(now.group)
    changes = []
    if moved and side.ours(now.group) != request.group:
        changes.append(Change("group", request.group, side.ours(now.group)))
    taken = kept.ours & (kept.tags - now.tags) & frozenset(request.tags)
    added = now.tags - kept.tags - kept.ours - frozenset(request.tags)
    changes += [Change("tag-removed", tag, "") for tag in sorted(taken)]
    changes += [Change("tag-added", "", tag) for tag in sorted(added)]
    if not moved and not changes and now.tags == kept.tags:
        return ()
    if changes:
        people = side.by_people(now.id)
        changes = [change for change in changes if ("group" if change.what == "group" else "tags") in people]
    refused = (kept.refused | taken) - now.tags
    group = now.group if moved else kept.group
    placed = Placed(group, None if moved else kept.intended, now.tags, kept.ours - taken, refused)
    store.desk.correct(request.number, placed, changes, side.ours(now.group) if moved else None)
    return tuple(changes)
