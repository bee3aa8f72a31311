"""What a language is called in texts for the people who work here."""

from __future__ import annotations

_NAMES = {"es": "Spanish", "fr": "French", "en": "English", "pt": "Portuguese", "de": "German", "it": "Italian"}


def language_name(code: str | None) -> str:
    """English name of a two-letter code, or the code itself."""
    return _NAMES.get(code or "", code or "unknown")
