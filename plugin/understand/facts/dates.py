# ruff: noqa: E501
"""Days and times: absolute, relative, recurring.

Kinds: `date` is a day or time at which something may have happened, `deadline` one that is still to come, `period` a
stay or another span with two ends, `month` a month on its own, `time` a time of day, `frequency` how often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from plugin.model import Fact
from plugin.understand.facts.found import Text, compiled, matches, separate
from plugin.understand.facts.languages import ALL, Words

_HOUR = (
    r"(?:\d{1,2}(?:[:.h]\d\d)?|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|deux|trois|quatre|cinq|six|sept|"
    + (
        r"huit|neuf|dix|onze|one|two|three|four|five|seven|eight|nine|ten|eleven|twelve|due|quattro|sei|sette|otto|dieci)"
    )
)
_MONTHS: dict[str, int] = {pattern: number for words in ALL for pattern, number in words.months.items()}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_OF = "(?:(?:" + "|".join(filter(None, (words.of for words in ALL))) + r")\.? )?"
_AFTER = "(?:" + "|".join(filter(None, (words.after_day for words in ALL))) + "|º|°|o)?"
_BEFORE = "(?:" + "|".join(words.before_day for words in ALL) + ")"
_YEAR = r"(?:,? ?(?:de |del |of )?'?(\d{4}|\d{2}))?"
_JOIN = "(?:al?|to|au|bis|ate|y|e|et|and|und|-|/|till|until|through|al dia)"


def _choice(patterns: Mapping[str, Any] | tuple[str, ...]) -> str:
    return "|".join(sorted(patterns, key=len, reverse=True))


def _fill(words: Words, pattern: str) -> str:
    """Put the language's numbers, units and weekdays into a pattern."""
    number = rf"(?:\d+|{_choice(words.numbers)}|{words.vague})"
    for name, value in (
        ("{n}", number),
        ("{unit}", f"(?:{_choice(words.units)})"),
        ("{weekday}", f"(?:{_choice(words.weekdays)})"),
        ("{hour}", _HOUR),
    ):
        pattern = pattern.replace(name, value)
    return pattern


def _all(choose: Callable[[Words], tuple[str, ...]]) -> Any:
    return compiled(
        "|".join(f"(?:{_fill(words, pattern)})" for words in ALL for pattern in choose(words)), longest=True
    )


_PERIOD = compiled(
    rf"(?:del? |du |from |vom |de |dal |between |entre )?(?:el |le |the |il )?\d{{1,2}}{_AFTER} ?{_JOIN} ?(?:el |le |the |il |o )?\d{{1,2}}{_AFTER} {_OF}{_MONTH}{_YEAR}"
    rf"|{_MONTH} \d{{1,2}}{_AFTER} ?{_JOIN} ?\d{{1,2}}{_AFTER}"
    rf"|(?:del?|du|from|vom|dal)(?: dia)? \d{{1,2}}{_AFTER} ?(?:{_OF}{_MONTH})? (?:al?|to|au|bis|ate)(?: dia)? \d{{1,2}}{_AFTER}(?: {_OF}{_MONTH})?"
)
_ISO = compiled(r"(\d{4})[-/](\d{2})[-/](\d{2})")
_NUMERIC = compiled(r"(\d{1,2})([/.-])(\d{1,2})(?:[/.-](\d{4}|\d{2}))?\.?")
_DAY_MONTH = compiled(rf"\b(?:{_BEFORE} )?(\d{{1,2}}){_AFTER}(?: |-){_OF}{_MONTH}{_YEAR}")
_MONTH_DAY = compiled(rf"{_MONTH} (?:the )?(\d{{1,2}}){_AFTER}(?:,? (\d{{4}}))?")
_DAY = compiled(rf"\b{_BEFORE} (\d{{1,2}})(?:st|nd|rd|th|er|º|°)?")
_ONLY_MONTH = compiled(_MONTH + r"(?: (?:de |del )?(\d{4}))?")
_WEEKDAY = _all(lambda words: tuple(words.weekdays))
_RELATIVE = _all(lambda words: tuple(words.days))
_MOMENT = _all(lambda words: words.moments)
_AGO = _all(lambda words: words.ago)
_AHEAD = _all(lambda words: words.ahead)
_CLOCK = _all(lambda words: words.clock)
_RECURRING = _all(lambda words: words.recurring)
#: A day without a year that is farther ahead than this many days was last year: faults are told, not foretold.
SOON = 60
#: After these, 11/28 is when a card expires and 5.2. the version of an app.
_NO_DATE_BEFORE = compiled(
    r"(?:exp\w*|vto|venc\w*|caduc\w*|validade|valable|valid\w*|scad\w*|gultig\w*|\d{4}|version|versione|versao|app|v)[ .:,]{1,3}$"
)
#: Words for how often that mean something else in the other languages.
_ONLY_IN = {"once": "en", "mai": "it", "nie": "de", "seguido": "es", "direto": "pt", "diario": "es"}
#: Month names that are everyday words elsewhere; alone, without a day, they are not months.
_AMBIGUOUS = frozenset({"may", "march", "mars", "mar", "mai", "jan", "dec", "nov", "oct", "sept", "sep", "apr"})
_UNIT_AFTER = compiled(
    r" ?(?:%|€|\$|£|eur|euros?|usd|gbp|chf|h\b|noches?|nuits?|nights?|dias?|days?|jours?|horas?|hours?|heures?|veces|fois|times|minut|"
    r"personas?|guests?|pisos?|apart|casas?|propiedades|listings?|logements?|reserv|users?|notti|nachte|tage|giorni)"
)


def dates(text: Text) -> list[Fact]:
    """Everything about time in the text, in its order. Where two overlap, the earlier and longer one holds.

    A frequency may lie over other times ("los lunes"), not over another frequency.
    """
    found = separate(fact for finder in _FINDERS for fact in finder(text))
    return sorted([*found, *separate(_frequencies(text))], key=lambda fact: fact.evidence.start)


def _periods(text: Text) -> Iterator[Fact]:
    for match in matches(_PERIOD, text.folded):
        yield text.fact("period", match.group(), match.start(), match.end())


def _absolute(text: Text) -> Iterator[Fact]:
    for match in matches(_ISO, text.folded):
        yield from _dated(text, match, match.group(1), match.group(2), match.group(3))
    for match in matches(_NUMERIC, text.folded):
        if _is_day_and_month(match) and not _in_number(text.folded, match):
            yield from _dated(text, match, match.group(4), match.group(3), match.group(1))
    for match in matches(_DAY_MONTH, text.folded):
        yield from _dated(text, match, match.group(3), _month(match.group(2)), match.group(1))
    for match in matches(_MONTH_DAY, text.folded):
        yield from _dated(text, match, match.group(3), _month(match.group(1)), match.group(2))
    for match in matches(_DAY, text.folded):
        if 1 <= int(match.group(1)) <= 31 and not _counts_something(text.folded, match.end()):
            yield text.fact("date", match.group(1), match.start(), match.end())


def _in_number(folded: str, match: Any) -> bool:
    """Whether the match is a part of something longer, as in "550 5.7.1" or "v2.10.4"."""
    before, after = folded[max(0, match.start() - 1) : match.start()], folded[match.end() : match.end() + 1]
    if before in (".", ",", "/", "-", "v") or after.isdigit():
        return True
    short = not match.group(4)
    return short and bool(_NO_DATE_BEFORE.search(folded[max(0, match.start() - 24) : match.start()]))


def _is_day_and_month(match: Any) -> bool:
    """Whether 12/10 or 12.10.2026 is a date: with a year, with slashes, or 12.10. with its final full stop."""
    first, second, year = int(match.group(1)), int(match.group(3)), match.group(4)
    plausible = (1 <= first <= 31 and 1 <= second <= 12) or (1 <= first <= 12 and 1 <= second <= 31)
    if not plausible:
        return False
    return bool(year) or match.group(2) == "/" or (match.group(2) == "." and match.group().endswith("."))


def _dated(text: Text, match: Any, year: str | None, month: str | int, day: str) -> Iterator[Fact]:
    """A `date` with the year of the message where it gives none; day and month swapped where only that can be."""
    number, which = int(month), int(day)
    if number > 12 and which <= 12:
        number, which = which, number
    whole = int(year) if year else (text.day.year if text.day else 2000)
    try:
        when = date(whole + 2000 if whole < 100 else whole, number, which)
    except ValueError:
        return
    if not year and text.day and when > text.day + timedelta(days=SOON):
        when = _years(when, -1)
    ahead = text.day is not None and when > text.day + timedelta(days=1)
    yield text.fact(
        "deadline" if ahead else "date",
        when.isoformat() if text.day or year else match.group(),
        match.start(),
        match.end(),
    )


def _years(when: date, by: int) -> date:
    try:
        return when.replace(year=when.year + by)
    except ValueError:  # the 29th of February
        return when.replace(year=when.year + by, day=28)


def _month(name: str) -> int:
    for pattern, number in _MONTHS.items():
        if pattern == name or pattern.rstrip("\\.?") == name.rstrip("."):
            return number
    return 0


def _counts_something(folded: str, end: int) -> bool:
    """Whether the number that ends there counts things or is part of a bigger one: "le 12 %", "the 3 guests"."""
    rest = folded[end : end + 12]
    return (
        bool(rest[:1] in (",", ".") and rest[1:2].isdigit())
        or rest[:1] in ("-", "/", ":")
        or bool(_UNIT_AFTER.match(rest))
    )


def _ahead(text: Text) -> Iterator[Fact]:
    for match in matches(_AHEAD, text.folded):
        yield text.fact("deadline", match.group(), match.start(), match.end())


_DAYS = [(compiled(pattern), offset) for words in ALL for pattern, offset in words.days.items()]


def _relative(text: Text) -> Iterator[Fact]:
    for match in matches(_RELATIVE, text.folded):
        yield text.fact("date", _relative_day(match.group(), text.day), match.start(), match.end())
    for pattern in (_AGO, _MOMENT):
        for match in matches(pattern, text.folded):
            yield text.fact("date", match.group(), match.start(), match.end())


def _relative_day(words: str, day: date | None) -> str:
    for pattern, offset in _DAYS:
        if day and pattern.fullmatch(words):
            return (day + timedelta(days=offset)).isoformat()
    return words


_NAMES = [(compiled(pattern), number) for words in ALL for pattern, number in words.weekdays.items()]


def _weekdays(text: Text) -> Iterator[Fact]:
    """A weekday is the last one before the message."""
    for match in matches(_WEEKDAY, text.folded):
        number = next((number for pattern, number in _NAMES if pattern.fullmatch(match.group())), None)
        value = match.group()
        if text.day and number is not None:
            back = (text.day.weekday() - number) % 7
            value = (text.day - timedelta(days=back)).isoformat()
        yield text.fact("date", value, match.start(), match.end())


def _months(text: Text) -> Iterator[Fact]:
    for match in matches(_ONLY_MONTH, text.folded):
        if match.group(2) or match.group(1) not in _AMBIGUOUS or text.raw[match.start()].isupper():
            yield text.fact(
                "month", f"{match.group(2) or ''}-{_month(match.group(1)):02}".lstrip("-"), match.start(), match.end()
            )


def _clocks(text: Text) -> Iterator[Fact]:
    for match in matches(_CLOCK, text.folded):
        yield text.fact("time", match.group(), match.start(), match.end())


def _frequencies(text: Text) -> Iterator[Fact]:
    for match in matches(_RECURRING, text.folded):
        if _ONLY_IN.get(match.group(), text.language) != text.language:
            continue
        yield text.fact("frequency", match.group(), match.start(), match.end())


_FINDERS = (_periods, _absolute, _ahead, _relative, _weekdays, _months, _clocks)
