"""A line of a mail's text, with what is known about it before its words are looked at."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["HISTORY", "INTRO", "OWN", "QUOTE", "SIGNATURE", "Line", "plain_lines"]

OWN = ""  #: nothing known: what the customer wrote, until words say otherwise
QUOTE = "quote"  #: quoted with `>` or in a blockquote
INTRO = "intro"  #: the line that introduces a quote, marked as such by the mail program
HISTORY = "history"  #: here a mail program begins the earlier mail; all below belongs to it
SIGNATURE = "signature"  #: marked as a signature by the mail program


class Line(NamedTuple):
    """Text of one line and its hint."""

    text: str
    hint: str = OWN


def plain_lines(text: str) -> list[Line]:
    """The lines of a text/plain part; of many empty lines in a row two are left."""
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return [Line(line, QUOTE if line.lstrip().startswith(">") else OWN) for line in text.split("\n")]
