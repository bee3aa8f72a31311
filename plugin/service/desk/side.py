"""The desk that the settings name, and what it calls our groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from plugin.act.desk import remote
from plugin.desks.protocol import Access, Desk, TicketNow
from plugin.desks.registry import KINDS
from plugin.model import Priority
from plugin.service.rates import desk_rate
from plugin.settings import Settings
from plugin.store import Store


@dataclass(frozen=True, slots=True)
class DeskSide:
    """A connection to the desk; makes no call by itself."""

    desk: Desk
    settings: Settings

    @property
    def mode(self) -> str:
        """shadow, note or live."""
        return self.settings.desk_mode

    @property
    def name(self) -> str:
        """As in ANTESALA_DESK."""
        return self.settings.desk

    def theirs(self, group: str) -> str:
        """The desk's name of a group of ours."""
        return self.settings.desk_groups.get(group, group)

    def ours(self, name: str) -> str:
        """The group of ours that the desk calls so; its own name where we have none."""
        return next((group for group, other in self.settings.desk_groups.items() if other == name), name)

    @property
    def programs(self) -> frozenset[str]:
        """Users of the desk that are other programs, as the option `programs` names them."""
        return frozenset(self.settings.desk_options.get("programs", "").split())

    def read(self, ticket: str) -> TicketNow:
        """The ticket; what other programs wrote or own in it is nobody's. Raises DeskError."""
        now, programs = self.desk.read(ticket), self.programs
        if not programs:
            return now
        entries = tuple(
            replace(entry, author="system") if entry.author == "agent" and entry.by in programs else entry
            for entry in now.entries
        )
        return replace(now, entries=entries, owner="" if now.owner in programs else now.owner)

    def by_people(self, ticket: str) -> frozenset[str]:
        """Of group and tags those that a person changed last, as far as the desk tells. Raises DeskError."""
        movers = self.desk.movers(ticket)
        machines = {what for what, who in movers.items() if not who or who in self.programs}
        return frozenset(("group", "tags")) - machines

    def priority(self, name: str) -> Priority:
        """A priority of ours, or the one that stands for it where the desk has none so high or low."""
        ours = cast("Priority", name)  # the store keeps ours
        return KINDS[self.name].lacks.get(ours, ours)


def desk_side(settings: Settings, store: Store | None = None) -> DeskSide | None:
    """The desk of the settings; None for the built-in list and the mail gateway. With a store, calls keep its pace."""
    if not remote(settings):
        return None
    rate = desk_rate(settings)
    access = Access(
        settings.desk_url,
        settings.desk_token.value,
        settings.desk_user,
        options=dict(settings.desk_options),
        pace=partial(store.desk.pace, rate) if store and rate else None,
    )
    return DeskSide(KINDS[settings.desk].connect(access), settings)


def abilities(settings: Settings) -> frozenset[str]:
    """What the desk of the settings can do, less what the option `without` names; nothing for list and gateway."""
    if not remote(settings):
        return frozenset()
    return frozenset(KINDS[settings.desk].abilities) - set(settings.desk_options.get("without", "").split())
