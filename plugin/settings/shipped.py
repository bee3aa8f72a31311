"""What comes along with the program: the default rulebook, the schemas and example mails."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def _folder(name: str) -> Path:
    """Beside the package in a checkout, inside of it where it was installed."""
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _PACKAGE.parent / name


RULES = _folder("rules")
SCHEMAS = _folder("schemas")
EXAMPLES = _folder("examples")
