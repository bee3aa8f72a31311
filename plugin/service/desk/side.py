"""The desk that the settings name, and what it calls our groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import cast

from plugin.act.desk import remote
from plugin.desks.protocol import Access, Desk
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
