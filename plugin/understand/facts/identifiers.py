# ruff: noqa: E501
"""Names and numbers of what is affected: reservations, listings, people, users, invoices, tickets.

`identifier.<kind>` follows a noun that says what it names ("reserva HMX4Q2", "Villa Azul", "guest John Miller");
`identifier.code` is a code that stands alone; `ticket-number` follows a word for a ticket; `name` is any other name
written with a capital in the middle of a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plugin.model import Fact
from plugin.understand.facts.found import Text, compiled, matches, whole_words
from plugin.understand.facts.languages import ALL
from plugin.understand.facts.names import ARTICLES, NOT_HOUSES, NOT_NAMES

_NOUNS = {
    noun: kind for words in reversed(ALL) for pattern, kind in words.nouns.items() for noun in pattern.split("|")
}  # where languages disagree, the first one holds
_KINDS = list(_NOUNS.values())
_KIND_OF = whole_words(_NOUNS)
_SIGNS = "|".join(words.number_sign for words in ALL)
_HOLDERS = "|".join(words.holder for words in ALL)
_TICKETS = "|".join(words.ticket for words in ALL)
_CODE = r"[a-z]{0,6}[-_/#]?\d[a-z0-9]*(?:[-_./][a-z0-9]{1,8}){0,3}|[a-z]{1,4}\d[a-z0-9]{2,12}|[a-z0-9]*[a-z]\d[a-z0-9]*"

_AFTER_NOUN = compiled(
    rf"\b({'|'.join(sorted(_NOUNS, key=len, reverse=True))})"
    rf"(?: (?:{_SIGNS})\.?){{0,2}}[ :]{{0,2}}(?:n?[#°º.]{{1,2}} ?|\(|\"|«|')?({_CODE})"
)
_TICKET = compiled(
    rf"\b(?:{_TICKETS})(?: (?:de soporte|previo|anterior|numero|number|num|nro|nr|no|n|id|was|era|es|is|est|con el|con|with|le|el|ref))?"
    r"[ .:°º#(-]{0,4}([a-z]{0,5}[-#]?\d{1,4}(?:[-/]\d{2,6}){1,2}|[a-z]{0,5}[-#]?\d{3,9}(?:-\d{1,4})?)"
)
#: Numbers of a young list have one or two digits: only with a sign that says so.
_YOUNG_TICKET = compiled(rf"\b(?:{_TICKETS})(?: ?#| ?\(?n\.?[º°] ?|,? ?\(?no\. ?)(\d{{1,2}})\b")
_HASH = compiled(r"#([a-z]{0,5}-?\d{3,10})")
_ALONE = compiled(
    r"[a-z]{1,4}-[a-z]{1,4}\d[a-z0-9]{2,}|[a-z]{1,6}-?\d{2,}[a-z0-9]*(?:-[a-z0-9]+)*|\d{2,}-[a-z0-9]+|\d{2,}[a-z]{1,3}\d*|[a-z0-9]*\d[a-z0-9]*[a-z]+\d[a-z0-9]*|\d{4,12}|[a-z]+\d[a-z]+\d*[a-z0-9]*"
)
_GOES_ON = compiled(r"%|[.,]\d")  #: a number with a fraction; a full stop or comma alone ends it
_NOT_CODES = compiled(
    r"(?:\d+(?:st|nd|rd|th|er|eme|e|h|am|pm|utc|km|m|kg|kb|mb|gb|mo|ko|px|min|s|x|eur|usd|d|j|a|o|p|mal|fps|ghz|mhz|\.)\d{0,2})|20[12]\d|h264|mp[34]|utf-?8|"
    r"iso-?\d+|ical2?|covid-?19|b2b|a4|wpa2|oauth2|3ds2?|2fa|mfa|sha-?\d+|md5|tls1?|ipv[46]|html5|css3|4g|5g|3g|wifi\d|h1|h2|24-?7|365|o365|m365|k\d|"
    r"w10|w11|win\d+|ie\d+|v\d+|s2\d|a\d\d|x\d|360|cp1252|latin1|rs485|en-gb|iva\d*|21h|1er|2e|3e|2nde?|100|200|300|400|404|500|502|503|429|401|403|1000|2000"
)
_RAW_NAME = (
    r"(?:\p{Lu}\p{L}{0,2}\. ?)?\p{Lu}[\p{L}\p{M}'’&-]*(?: (?:(?:d['’]|l['’]|de los |de las |de la |de |del |da |do |das |dos |di |du |des |la |le |les |los |las |el |van |von |y |e |et |and |& |of the |of |the |aux |au |sur |am |an der |zum |zur |i |n[º°] ?)?"
    r"(?:(?:\p{Lu}\.)+|\p{Lu}[\p{L}\p{M}'’&-]*|\d{1,4}\w?)))*"
)
_NAME = compiled(_RAW_NAME)
_HOLDER = compiled(rf"(?:{_HOLDERS})\.? ")
_SENTENCE_ENDS = '.!?\n:¡¿•|"«(“'
_LOOSE = compiled(
    r"(villa|finca|cortijo|masia|torre|casa|loft|chalet|cottage|lodge|gite|mas|posada|hostal|studio|estudio|cabana|depa|depto|apto|piso|appart|chale|flat|barn|room|unit|unidad) ([a-z][a-z'-]{2,20}|\d{1,4}[a-z]?)"
)


def identifiers(text: Text, taken: Sequence[Fact]) -> Iterator[Fact]:
    """Identifiers outside what was found before (dates, sums, links, secrets, devices)."""
    spans = sorted((fact.evidence.start, fact.evidence.end) for fact in taken)
    used: list[tuple[int, int]] = []
    for finder in (_tickets, _after_nouns, _codes, _names, _loose):
        for fact in finder(text):
            here = (fact.evidence.start, fact.evidence.end)
            if not _touches(here, spans) and not _touches(here, used):
                used.append(here)
                yield fact


def _touches(here: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(here[0] < end and start < here[1] for start, end in spans)


def _tickets(text: Text) -> Iterator[Fact]:
    for pattern in (_TICKET, _YOUNG_TICKET):
        for match in matches(pattern, text.folded):
            yield text.fact("ticket-number", match.group(1).strip("#").upper(), match.start(1), match.end(1))


def _after_nouns(text: Text) -> Iterator[Fact]:
    for match in matches(_AFTER_NOUN, text.folded):
        value = match.group(2)
        if _is_code(value) or (value.isdecimal() and len(value) <= 4 and _kind(match.group(1)) == "property"):
            yield text.fact(f"identifier.{_kind(match.group(1))}", value.upper(), match.start(2), match.end(2))


def _is_code(value: str) -> bool:
    return len(value) >= 3 and any(map(str.isdigit, value)) and not _NOT_CODES.fullmatch(value)


def _kind(noun: str) -> str:
    return _kind_of_word(noun) or "code"


def _codes(text: Text) -> Iterator[Fact]:
    for match in matches(_HASH, text.folded):
        yield text.fact("identifier.code", match.group(1).upper(), match.start(), match.end())
    for match in matches(_ALONE, text.folded):
        value, before = match.group(), text.folded[match.start() - 1 : match.start()]
        if (
            before in (".", ",", "/", "-", ":", "@", "$", "€", "£", "_", "=", "+")
            or len(value) < 4
            or not _is_code(value)
        ):
            continue
        if value.isdecimal() and (len(value) < 5 or _GOES_ON.match(text.folded, match.end())):
            continue
        yield text.fact("identifier.code", value.upper(), match.start(), match.end())


def _names(text: Text) -> Iterator[Fact]:
    """Names with capitals. A word that only opens a sentence is none, unless a title or a noun stands before it."""
    if _shouted(text.raw):
        return
    for match in _NAME.finditer(text.raw):
        start, end = match.start(), match.end()
        words = text.folded[start:end].split()
        opens = _opens_sentence(text.raw, start)
        while words and _drop(words[0], opens):  # "El Pinar" stays, "El calendario" never came this far
            start += len(words[0])
            start += len(text.raw[start:end]) - len(text.raw[start:end].lstrip())
            words, opens = words[1:], False
        words = [word for word in words if word.strip(".'&-") not in NOT_NAMES]
        if (
            not words
            or not any(len(word) > 1 for word in words)
            or start >= end
            or (start and text.raw[start - 1].isalnum())
        ):
            continue
        value = text.raw[start:end].rstrip(".&-' ")
        kind, found_by = _noun_before(text.folded, start), _noun_inside(words)
        if kind or found_by:
            yield text.fact(f"identifier.{kind or found_by}", value, start, start + len(value))
        elif text.language != "de" and (not opens or _is_long_name(text, value)):  # German writes nouns with a capital
            kind = "place" if _PLACE_BEFORE.search(text.folded[max(0, start - 12) : start]) else "name"
            yield text.fact(kind, value, start, start + len(value))


_PLACE_BEFORE = compiled(r"(?:^|[^a-z])(?:in|near|around|outside|en|cerca de|em|bei|nahe|presso|pres de|autour de|a) $")


def _is_long_name(text: Text, value: str) -> bool:
    """Whether what opens a sentence of the body is a name: two words or more, each with a capital."""
    words = value.split()
    return text.where == "body" and len(words) > 1 and all(word[0].isupper() or word[0].isdigit() for word in words)


def _drop(word: str, opens: bool) -> bool:
    return (opens and (word in ARTICLES or word.strip(".'") in NOT_NAMES)) or word.strip(".'&-") in NOT_NAMES


def _opens_sentence(raw: str, start: int) -> bool:
    before = raw[:start].rstrip(" \t")
    return not before or before[-1] in _SENTENCE_ENDS or (before[-1] in "-–*" and before[-2:-1] in ("", "\n"))


def _noun_before(folded: str, start: int) -> str:
    """Kind of the noun within the three words before `start`: "la reserva de Bjarne", "Mme Ferrand"."""
    before = folded[max(0, start - 48) : start]
    cut = max(before.rfind(sign) for sign in (".", "!", "?", "\n", ";"))
    if cut >= 0 and not _HOLDER.match(before[max(0, before.rfind(" ", 0, cut)) :].lstrip()):
        before = before[cut + 1 :]
    words = before.replace('"', " ").replace("«", " ").replace("(", " ").replace(",", " , ").replace("'", "' ").split()
    for word in reversed(words[-4:]):
        if word.rstrip(".") in _HOLDER_WORDS:
            return "guest"
        if word == ",":
            return ""
        kind = _kind_of_word(word.strip(':"'))
        if kind:
            return kind
    return ""


_HOLDER_WORDS = frozenset(_HOLDERS.replace("\\", "").split("|"))


def _kind_of_word(word: str) -> str:
    """Kind of what a noun names; empty if it is none of the nouns."""
    found = _KIND_OF.Match(word)
    return _KINDS[min(found)] if found else ""


def _noun_inside(words: list[str]) -> str:
    """Kind of a name that begins with its own noun and goes on: "Villa Azul", "Casa del Mar"."""
    if len(words) < 2:
        return ""
    return next((kind for word in words if (kind := _kind_of_word(word)) in ("property", "guest")), "")


def _shouted(raw: str) -> bool:
    """Whether nearly everything is in capitals, so that capitals say nothing."""
    letters = [sign for sign in raw if sign.isalpha()]
    return len(letters) > 12 and sum(map(str.isupper, letters)) > 0.6 * len(letters)


def _loose(text: Text) -> Iterator[Fact]:
    """A house's name written small: "villa ancla"."""
    for match in matches(_LOOSE, text.folded):
        if match.group(2) not in NOT_HOUSES and match.group(2) not in NOT_NAMES:
            yield text.fact("identifier.maybe", match.group(), match.start(), match.end())


_QUOTED_NOUN_AFTER = compiled(r"[\"'»”) ]{1,3}([a-z]{3,14})")


def quoted_names(text: Text, quoted: Sequence[Fact]) -> Iterator[Fact]:
    """Names in quotation marks with their noun before or after: "la campaña «Puente de mayo»", 'the "Spring" mailer'."""
    for fact in quoted:
        start, end = fact.evidence.start, fact.evidence.end
        if len(fact.value.split()) > 7:
            continue
        after = _QUOTED_NOUN_AFTER.match(text.folded[end : end + 20])
        kind = _noun_before(text.folded, max(0, start - 1)) or (_kind_of_word(after.group(1)) if after else "")
        if not kind:
            kind = _noun_inside(text.folded[start:end].split())
        if kind:
            yield text.fact(f"identifier.{kind}", fact.value, start, end)
