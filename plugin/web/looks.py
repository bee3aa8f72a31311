"""How values look on a page."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from markupsafe import Markup

from plugin.act.in_words import in_words
from plugin.service.health import overall
from plugin.understand.language_names import language_name
from plugin.web.guard import guard
from plugin.web.parts import web
from plugin.web.words import became, of_kind, stands, state, what


def register(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(
        in_words=in_words,
        when=when,
        state=state,
        language=language_name,
        what=what,
        of_kind=of_kind,
        became=became,
        stands=stands,
    )
    app.context_processor(_common)


def when(at: datetime | None) -> Markup:
    """A time that both people and programs read."""
    if at is None:
        return Markup("")
    utc = at.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%d %b %Y, %H:%M} UTC")


def _common() -> dict[str, object]:
    """What every page shows: how Antesala is, and the token of its forms."""
    keeper = guard()
    return {
        "health_state": lambda: overall(web().health()),
        "form_token": keeper.form_token,
        "signed_in": bool(keeper.settings.admin_password),
    }
