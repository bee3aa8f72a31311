"""A real Escalated on loopback, set up as docs/desks/escalated.md says."""

from __future__ import annotations

from servers.django import DjangoSite

SECRET = "secret of the hooks of Escalated"


class Escalated(DjangoSite):
    """A context manager; the server runs inside."""

    def __init__(self) -> None:
        super().__init__("escalated")

    def environment(self) -> dict[str, str]:
        return {"SITE_SECRET": SECRET}
