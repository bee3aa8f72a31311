"""A real django-helpdesk on loopback, set up as docs/desks/django-helpdesk.md says."""

from __future__ import annotations

from servers.django import DjangoSite

SECRET = "secret-in-the-path-of-tests"


class DjangoHelpdesk(DjangoSite):
    """A context manager; the server runs inside."""

    def __init__(self) -> None:
        super().__init__("django_helpdesk")

    def environment(self) -> dict[str, str]:
        hook = f"http://127.0.0.1:{self.sink.port}/v1/hooks/django-helpdesk/{SECRET}"
        return {"HELPDESK_NEW_TICKET_WEBHOOK_URLS": hook, "HELPDESK_FOLLOWUP_WEBHOOK_URLS": hook}
