"""How fast the ways out of the house may be used: per mailbox, per receiver of webhooks, per desk."""

from __future__ import annotations

from collections.abc import Mapping

from plugin.settings import Settings
from plugin.store.bucket import Rate

#: Kinds of work that go to the same server share its rate.
_MAIL = ("reply", "gateway")
_HOOK = ("webhook",)


def rates(settings: Settings) -> Mapping[str, Rate]:
    """The rates that the settings name, by kind of work.

    After a pause a second's worth may go at once, at least one: a rate of so many a minute is kept in any minute.
    """
    wanted = (
        ("mail", _MAIL, settings.mail_rate),
        ("hook", _HOOK, settings.hook_rate),
    )
    return {kind: _rate(name, per_second) for name, kinds, per_second in wanted if per_second for kind in kinds}


def desk_rate(settings: Settings) -> Rate | None:
    """How many calls the desk may get, whatever they are for: a look, a fetch and a note are several each."""
    return _rate("desk", settings.desk_rate) if settings.desk_rate else None


def _rate(name: str, per_second: float) -> Rate:
    return Rate(per_second, max(1.0, per_second), name)
