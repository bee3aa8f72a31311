# ruff: noqa: E501
"""Error messages: quoted text that a screen showed, and codes."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.model import Fact
from plugin.understand.facts.found import Text, compiled, matches
from plugin.understand.facts.languages import ALL

_SINGLE = compiled(r"(?:^|[\s(:])['‘]([^'’\n]{2,80})['’](?:[\s.,;:!?)]|$)")
_QUOTED = compiled(r"\"([^\"\n]{2,200})\"|«([^»\n]{2,200})»|“([^”\n]{2,200})”|„([^“”\n]{2,200})[“”]")
_ERROR_WORDS = "|".join(words.error for words in ALL)
_CODE = compiled(
    rf"(?:{_ERROR_WORDS})s?(?: (?:de |del |d'|code |codigo |http |interne |interno |n[o°º.]{{0,2}} ?|number |numero )){{0,2}}[ :#\"«(]{{1,3}}"
    r"([45]\d\d|[a-z]{1,6}[-_]?\d{2,6}(?:[-_][a-z0-9]+)*|0x[0-9a-f]+|\d{3,6}|[a-z]+_[a-z_]+)"
)
_HTTP = compiled(
    r"(?:4(?:0[0-9]|1[0-9]|2[0-9]|31|51)|50[0-9]|51[0-1]) (?:bad gateway|bad request|not found|unauthorized|forbidden|too many requests|"
    r"internal server error|service unavailable|gateway time-?out|unprocessable entity|conflict|gone|error)"
)
_CONSTANT = compiled(r"[a-z]{2,30}(?:_[a-z0-9]{2,30}){1,6}|err(?:or)?[-:_ ]\d{2,6}|e-?\d{3,5}")


def errors(text: Text) -> Iterator[Fact]:
    """`error` facts are codes and constants, `quoted` everything between quotation marks."""
    for match in matches(_CODE, text.folded):
        yield text.fact("error", match.group(1), match.start(), match.end())
    for pattern in (_HTTP, _CONSTANT):
        for match in matches(pattern, text.folded):
            yield text.fact("error", match.group(), match.start(), match.end())
    for match in _SINGLE.finditer(text.raw):
        yield text.fact("quoted", match.group(1).strip(), match.start(1), match.end(1))
    for match in _QUOTED.finditer(text.raw):
        group = next(number for number in (1, 2, 3, 4) if match.group(number) is not None)
        yield text.fact("quoted", match.group(group).strip(), match.start(group), match.end(group))
