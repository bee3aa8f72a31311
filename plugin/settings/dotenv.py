"""The lines of a `.env` file. What cannot be read is refused, never left out: a default may do what nobody wants."""

from __future__ import annotations

from pathlib import Path

from dotenv.parser import parse_stream

from plugin.settings.values import SettingsError


def lines_of(file: Path) -> dict[str, str]:
    """Names and values as they stand there; `$` and `{` in a password mean nothing.

    Raises SettingsError that names the line, and never shows it: it may hold a secret.
    """
    try:
        with file.open(encoding="utf-8-sig") as stream:  # an editor on Windows may begin the file with a mark
            bindings = list(parse_stream(stream))
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from None
    found = {}
    for binding in bindings:
        if binding.error or (binding.key and binding.value is None):
            line = binding.original.line + _blank_lines_before(binding.original.string)
            raise SettingsError(
                f"{file}, line {line}: expected NAME=value; check the quotes, or begin a comment with #"
            )
        if binding.key and binding.value is not None:
            found[binding.key] = binding.value
    return found


def _blank_lines_before(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")
