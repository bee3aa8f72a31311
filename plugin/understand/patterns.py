"""RE2 for bytes that are in no known charset: its default reads them as UTF-8 and stops at every other byte."""

from __future__ import annotations

from typing import Any

import re2

__all__ = ["bytes_pattern"]


def bytes_pattern(pattern: bytes) -> Any:
    """Compile a linear-time expression in which a byte is a character."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(pattern, options)
