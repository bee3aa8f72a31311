"""What most desks have in common: a client to close, and a clear answer for what a desk cannot do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from plugin.desks.http import Http
from plugin.desks.protocol import Opening, TicketNow
from plugin.desks.words import outcome
from plugin.model import Address


class DeskBase:
    """A desk's file says over again what its desk can do; see `protocol.Desk` for what each method promises."""

    _http: Http

    def find(self, opening: Opening, since: datetime) -> str | None:  # noqa: ARG002
        return None

    def create(self, opening: Opening) -> str:  # noqa: ARG002
        raise outcome("dead", "CannotCreate")

    def append(self, now: TicketNow, text: str, sender: Address) -> None:  # noqa: ARG002
        raise outcome("dead", "CannotAppend")

    def link(self, now: TicketNow, earlier: str) -> None:  # noqa: ARG002
        raise outcome("dead", "CannotLink")

    def child(self, now: TicketNow, opening: Opening) -> str:  # noqa: ARG002
        raise outcome("dead", "CannotMakeChildren")

    def movers(self, ticket: str) -> Mapping[Literal["group", "tags"], str]:  # noqa: ARG002
        return {}

    def unknown(self, tags: frozenset[str]) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def close(self) -> None:
        self._http.close()
