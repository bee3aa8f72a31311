"""How values look on a page: times, places, words for states."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from markupsafe import Markup

from plugin.act.in_words import in_words
from plugin.service.health import overall
from plugin.web.guard import guard
from plugin.web.parts import web

STATES = {
    "new": "new",
    "waiting": "waiting for the customer",
    "complete": "complete",
    "handed-over": "handed over",
}
KINDS = {
    "message": "The customer wrote",
    "reply": "Our answer",
    "desk": "To the desk",
    "gateway": "Mail to the group",
    "webhook": "Outgoing webhook",
    "notify": "People told",
    "due": "Deadline",
}
DOING = {
    "ready": "to be done",
    "running": "being done",
    "sending": "being sent",
    "dead": "set aside",
    "held": "held back",
    "uncertain": "perhaps done: see Health",
}
LANGUAGES = {
    "es": "Spanish",
    "fr": "French",
    "en": "English",
    "pt": "Portuguese",
    "de": "German",
    "it": "Italian",
}


def register(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(in_words=in_words, when=when, state=state, language=language, doing=doing)
    app.context_processor(_common)


def when(at: datetime | None) -> Markup:
    """A time that both people and programs read."""
    if at is None:
        return Markup("")
    utc = at.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%d %b %Y, %H:%M} UTC")


def state(name: str) -> str:
    return STATES.get(name, name)


def language(code: str | None) -> str:
    return LANGUAGES.get(code or "", code or "unknown")


def doing(state: str) -> str:
    return DOING.get(state, state)


def _common() -> dict[str, object]:
    """What every page shows: how Antesala is, and the token of its forms."""
    keeper = guard()
    return {
        "health_state": lambda: overall(web().health()),
        "form_token": keeper.form_token,
        "kinds": KINDS,
        "signed_in": bool(keeper.settings.admin_password),
    }
