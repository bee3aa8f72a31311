"""Reads variables, one by one, and says what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from plugin.settings.values import Secret, SettingsError
from plugin.settings.variables import GROUPS, VARIABLES

_NAME = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)*")

UNITS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}


class Reader:
    """Raises SettingsError for a value that cannot be used, naming the variable."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given

    def text(self, name: str, default: str) -> str:
        key = f"ANTESALA_{name}"
        if file := self.given.get(f"{key}_FILE"):
            try:
                return Path(file).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"{key}_FILE: cannot read {file}: {error.__class__.__name__}") from None
        return self.given.get(key, "").strip() or default

    def lines(self, name: str) -> list[str]:
        return self.text(name, "").split()

    def number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise SettingsError(f"ANTESALA_{name}: expected a whole number from {low} to {high}")
        return int(text)

    def rate(self, name: str) -> float:
        """So many a second, from e.g. `30/minute`; 0.0 where nothing is said: no limit."""
        text = self.text(name, "")
        if not text:
            return 0.0
        number, _, unit = text.partition("/")
        if unit not in UNITS or not (number.isascii() and number.isdigit() and 1 <= int(number) <= 1_000_000):
            raise SettingsError(
                f"ANTESALA_{name}: expected a number a unit of time, e.g. 30/minute ({', '.join(UNITS)})"
            )
        return int(number) / UNITS[unit]

    def flag(self, name: str, default: bool) -> bool:
        text = self.text(name, "yes" if default else "no").lower()
        if text not in ("yes", "no", "true", "false", "1", "0", "on", "off"):
            raise SettingsError(f"ANTESALA_{name}: expected yes or no")
        return text in ("yes", "true", "1", "on")

    def choice(self, name: str, default: str, options: tuple[str, ...]) -> str:
        text = self.text(name, default)
        if text not in options:
            raise SettingsError(f"ANTESALA_{name}: expected one of {', '.join(options)}")
        return text

    def pairs(self, name: str) -> Mapping[str, str]:
        out = {}
        for pair in self.lines(name):
            key, sep, value = pair.partition("=")
            if not (key and sep and value):
                raise SettingsError(f"ANTESALA_{name}: expected name=value pairs separated by blanks")
            out[key] = value
        return out

    def named(self, group: str) -> Mapping[str, Secret]:
        """All secrets of a group of variables, by their names as rules write them: NIGHT_SHIFT is night-shift."""
        out = {}
        for key in self.given:
            name = key.removeprefix("ANTESALA_").removesuffix("_FILE")
            ending = name.removeprefix(f"{group}_")
            if not key.startswith(f"ANTESALA_{group}_"):
                continue
            if not _NAME.fullmatch(ending):
                raise SettingsError(f"{key}: expected a name of capital letters, digits and _ after {group}_")
            if value := self.text(name, ""):
                out[ending.lower().replace("_", "-")] = Secret(value)
        return out

    def refuse_unknown(self) -> None:
        for key in self.given:
            if key.upper().startswith("ANTESALA_") and not key.startswith("ANTESALA_"):
                raise SettingsError(f"{key}: settings are written in capitals; did you mean {key.upper()}?")
            name = key.removeprefix("ANTESALA_").removesuffix("_FILE")
            if any(name.startswith(f"{group}_") for group in GROUPS):
                continue
            if key.startswith("ANTESALA_") and name not in VARIABLES and key.removeprefix("ANTESALA_") not in VARIABLES:
                near = get_close_matches(name, VARIABLES, 1)
                hint = f"; did you mean ANTESALA_{near[0]}?" if near else ""
                raise SettingsError(f"{key}: there is no such setting{hint}")
