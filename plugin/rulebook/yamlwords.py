"""What the YAML parser says about a broken file, in words for those who write rules."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError, StreamMark

HINT = "look at the indentation, and put texts with : or # in quotes"
_CLOSING = re.compile(r"expected ',' or '(.)'")
_BEGINNING = re.compile(r"found character '(.)' that cannot start any token")
_ESCAPE = re.compile(r"found unknown escape character '(.)'")
_BLOCK = re.compile(r"expected <block end>, but found '(.+)'")


def plain(error: MarkedYAMLError) -> tuple[str, str, StreamMark | None]:
    """What is wrong, what to do, and where."""
    said = " ".join(str(error.problem or error.context or "").split())
    mark = error.problem_mark or error.context_mark
    if "'\\t'" in said:
        return "a tab stands where YAML takes blanks alone", "indent with blanks", mark
    if said == "found unexpected end of stream":
        return (
            "this is not YAML: a quote begins here and never ends",
            "end it, or double each ' inside '…'",
            error.context_mark,
        )
    text, hint = _of_place(said, error.context_mark)
    return f"this is not YAML: {text}", hint, mark


def _of_place(said: str, opened: StreamMark | None) -> tuple[str, str]:
    if said == "mapping values are not allowed here":
        return (
            "a colon cannot stand here",
            "indent the line like the keys beside it, leave a blank after each colon, and put texts with : in quotes",
        )
    if found := _CLOSING.search(said):
        where = f" of line {opened.line + 1}" if opened else ""
        return f"a comma or {found[1]} is missing", f"close the bracket{where} with {found[1]}"
    if found := _BEGINNING.search(said):
        return f"a text cannot begin with {found[1]}", "put the text in quotes"
    if found := _ESCAPE.search(said):
        return f"\\{found[1]} means nothing in double quotes", "put patterns in single quotes: '\\d+'"
    if found := _BLOCK.search(said):
        return _not_part_of_it(found[1])
    return said, HINT


def _not_part_of_it(found: str) -> tuple[str, str]:
    if found == "<scalar>":
        return "the text goes on behind its closing quote", "double each ' inside '…', or put the whole text in \"…\""
    if found in ("]", "}"):
        return f"{found} closes a bracket that was not opened", "take it out, or put the text in quotes"
    return (
        "this line is not indented like those that it belongs to",
        "indent the entries of a list, and the keys of one thing, alike",
    )
