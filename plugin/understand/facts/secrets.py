"""What must never be stored, logged or repeated as it stands: card numbers, passwords, identity documents, IBANs."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.model import Fact
from plugin.understand.facts import checksums
from plugin.understand.facts.found import Text, compiled, matches, outside
from plugin.understand.facts.languages import ALL
from plugin.understand.fold import fold

#: Kinds that make a text sensitive; `iban` is masked as well, but is not an identity document.
SENSITIVE = ("card-number", "password", "identity-document")
SECRET = (*SENSITIVE, "iban")


def _any(words: Iterator[str] | list[str]) -> str:
    return "|".join(words)


_CARD = compiled(r"\d(?:[ .\-]{0,2}\d){12,18}")
_IBAN = compiled(r"[a-z]{2}\d\d(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?")
_TAIL = compiled(
    r"(?:(?:"
    + _any([words.ending.replace("{n}", r"\w+") for words in ALL])
    + r")[ :]{1,3}|[*x•]{2,}[ -]?)[*x•.]*(\d{4})"
)
_DOCUMENTS = _any([pattern for words in ALL for pattern in words.document])
_DOCUMENT = compiled(
    rf"(?:{_DOCUMENTS})"
    r"(?: (?:number|numero|num|n|no|nr|de [a-z]+|for [a-z]+))?[ :=.,()#°º-]{1,4}"
    r"(?:(?:es|is|est|ist|e|numero|number|no|n|nr|el|la|le|del|lautet"
    r"|for identification|de identificacion)[ :.°º]{1,3}){0,4}"
    r"([a-z]{0,3}[ -]?\d[a-z0-9]*(?:[ ./-]?[a-z]?\d[a-z0-9]*){0,5}(?:-[a-z0-9])?)"
)
_DNI = compiled(r"\d{2}\.?\d{3}\.?\d{3}[ -]?[a-z]|[xyz][ -]?\d{7}[ -]?[a-z]")
_PLAIN_DOCUMENTS = compiled(
    r"\d{3}\.\d{3}\.\d{3}-\d{2}"  # CPF as written
    r"|[a-z]{6}\d{2}[a-ehlmprst]\d{2}[a-z]\d{3}[a-z]"  # codice fiscale
    r"|[a-z]{4}\d{6}[hmx][a-z]{5}[0-9a-z]\d"  # CURP
    r"|\d{3}-\d{2}-\d{4}"  # SSN
    r"|[a-ceghj-prtw-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]"  # NINO
    r"|\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"  # Belgian national register
    r"|[a-z]{3}[pcfhatblj][a-z]\d{4}[a-z]"  # PAN
    r"|[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[ab]) ?\d{3} ?\d{3} ?\d{2}"  # NIR
    r"|\d{1,2}\.?\d{3}\.?\d{3}-[\dk]"  # RUT
)

_PASSWORDS = _any([words.key_words for words in ALL])
_IS = _any([words.is_ for words in ALL])
_MORE = "que|qui|which|che|die|actual|current|mia|vieja|antigua|temporal|temporaire"
_PASSWORD = compiled(
    rf"(?:{_PASSWORDS})(?: (?:{_MORE}))?"
    rf"(?:[ ,]{{0,2}}(?:{_IS})[ :]{{0,2}}|[ ]{{0,2}}\(|, | / ?|[ ]+)([^ \n]{{4,64}})"
)
_NEAR = compiled(rf"(?:{_PASSWORDS})[^\n]{{1,80}}")
_STRONG = compiled(r"[^ \n]{2,40}[!#$%&*+?^~_][^ \n]{0,20}\d[^ \n]{0,20}|[^ \n]{2,40}\d[^ \n]{0,20}[!#$%&*+^~]")
_NOT_PASSWORDS = compiled(
    r"incorrec\w+|invalid\w*|wrong|errone\w+|olvidad\w+|forgotten|caduc\w+|expired|expire\w*|falsch|ungultig|errat\w+|scadut\w+|"
    r"oublie\w*|errad\w+|esquecid\w+|not|no|non|nao|nicht|required|obligator\w+|too|muy|trop|zu|reset|fausse|mauvais\w*"
)
_USER_AND_PASSWORD = compiled(
    r"(?:user|usuario|login|utente|utilisateur)[ :/]+(?:pass\w*|clave|senha|mdp)[ :]+\S+ ?/ ?(\S{4,64})"
)
#: What every secret has one of: four digits with little between them, the head of an IBAN, words before a password.
#: Most texts have none, and many texts are looked at for a message.
_MAYBE = compiled(
    rf"\d(?:[a-z]*[ ./-]{{0,2}}[a-z]*\d){{3}}|[a-z]{{2}}\d\d ?[a-z0-9]{{4}}|pass|clave|senha|mdp|{_PASSWORDS}"
)


def secrets(text: Text) -> list[Fact]:
    """Card numbers and their tails, passwords, identity documents and IBANs in the text, in its order."""
    if _MAYBE.search(text.folded) is None:
        return []
    found: list[Fact] = []
    for finder in (_ibans, _cards, _documents, _passwords, _tails):
        found += outside(finder(text), found)
    return sorted(found, key=lambda fact: fact.evidence.start)


def _cards(text: Text) -> Iterator[Fact]:
    for match in matches(_CARD, text.folded):
        digits = _digits(match.group())
        if checksums.card(digits):
            yield text.fact("card-number", f"**** {digits[-4:]}", match.start(), match.end())


def _ibans(text: Text) -> Iterator[Fact]:
    for match in matches(_IBAN, text.folded):
        words = match.group().split(" ")
        for count in range(len(words), 0, -1):  # a word after the number may look like a part of it
            value = "".join(words[:count])
            if 15 <= len(value) <= 34 and checksums.iban(value):
                end = match.start() + len(" ".join(words[:count]))
                yield text.fact("iban", f"{value[:4].upper()} **** {value[-4:].upper()}", match.start(), end)
                break


def _tails(text: Text) -> Iterator[Fact]:
    for match in matches(_TAIL, text.folded):
        yield text.fact("card-tail", match.group(1), match.start(1), match.end(1))


def _documents(text: Text) -> Iterator[Fact]:
    for match in matches(_DOCUMENT, text.folded):
        value = match.group(1)
        if sum(map(str.isdigit, value)) >= 5 and len(value) <= 24:
            yield text.fact("identity-document", _tail_of(value), match.start(1), match.end(1))
    for match in matches(_DNI, text.folded):
        if checksums.dni("".join(filter(str.isalnum, match.group()))):
            yield text.fact("identity-document", _tail_of(match.group()), match.start(), match.end())
    for match in matches(_PLAIN_DOCUMENTS, text.folded):
        if _is_document(match.group()):
            yield text.fact("identity-document", _tail_of(match.group()), match.start(), match.end())


def _is_document(shape: str) -> bool:
    """Whether something of a document's shape is one: by its check digit where there is one."""
    value = "".join(filter(str.isalnum, shape))
    if len(value) == 15 and value[0] in "12":
        return checksums.nir(value)
    if value.isdecimal() and len(value) == 11 and shape[3] == ".":
        return checksums.cpf(value)
    if "-" in shape and 8 <= len(value) <= 9 and shape[-2] == "-":
        return checksums.rut(value)
    return True


def _passwords(text: Text) -> Iterator[Fact]:
    for pattern in (_PASSWORD, _USER_AND_PASSWORD):
        for match in matches(pattern, text.folded):
            start, end = _trimmed(text.raw, match.start(1), match.end(1))
            if _is_password(text.raw[start:end], quoted=bool(start) and text.folded[start - 1] in "\"'«<"):
                yield text.fact("password", "[password]", start, end)
    for near in _NEAR.finditer(text.folded):
        for match in _STRONG.finditer(near.group()):
            start, end = _trimmed(text.raw, near.start() + match.start(), near.start() + match.end())
            if _is_password(text.raw[start:end], quoted=False):
                yield text.fact("password", "[password]", start, end)


def _trimmed(raw: str, start: int, end: int) -> tuple[int, int]:
    """The token without the quotes and the punctuation of the sentence around it; `!` may belong to it."""
    while start < end and raw[start] in "\"'«»“”„‘’(<[:":
        start += 1
    while end > start and raw[end - 1] in "\"'«»“”„‘’)>].,;:?":
        end -= 1
    return start, end


def _is_password(token: str, *, quoted: bool) -> bool:
    """Whether a token after "password is" can be one: prose hardly mixes letters with digits or signs."""
    if len(token) < 4 or "://" in token or ("@" in token[1:] and "." in token.rsplit("@", 1)[1]):
        return False
    letters, digits = any(map(str.isalpha, token)), any(map(str.isdigit, token))
    if digits:
        return letters or (token.isdecimal() and len(token) >= 6)
    if token.isalpha():  # a word: only in quotation marks, or with capitals inside
        folded = fold(token)
        return (quoted and not _NOT_PASSWORDS.fullmatch(folded)) or (
            len(token) > 5 and not token[1:].islower() and not token.isupper()
        )
    return letters and any(sign in "!#$%&*+_?^~|" for sign in token[:-1])


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _tail_of(value: str) -> str:
    return f"**** {''.join(filter(str.isalnum, value))[-2:]}"
