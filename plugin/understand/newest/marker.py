"""The line above which our replies ask customers to write; it makes cutting exact where it comes back."""

from __future__ import annotations

from collections.abc import Sequence

import re2

from plugin.understand.newest.lines import Line

__all__ = ["REPLY_ABOVE", "find_marker", "reply_marker"]

#: By language; other languages get the English one. `##-` and `-##` are what is looked for.
REPLY_ABOVE = {
    "en": "##- Please write your answer above this line -##",
    "es": "##- Por favor, escriba su respuesta por encima de esta línea -##",
    "fr": "##- Merci de répondre au-dessus de cette ligne -##",
    "pt": "##- Por favor, escreva a sua resposta acima desta linha -##",
    "de": "##- Bitte schreiben Sie Ihre Antwort oberhalb dieser Zeile -##",
    "it": "##- Per favore, scriva la risposta sopra questa riga -##",
}

_MARKER = re2.compile(r"##-\s.{5,120}\s-##")
#: The same idea in the mails of help desks that may stand behind us.
_OTHERS = re2.compile(
    r"(?i)^[\s>*_#-]*(?:please )?(?:type|write|enter|add) your (?:reply|answer|response) above this line|"
    r"^[\s>*_#=-]*(?:reply|respond|answer) above this line|"
    r"^[\s>*_#-]*(?:responda|escriba).{0,40}(?:encima|arriba) de esta l[ií]nea|"
    r"^[\s>*_#-]*(?:merci de )?(?:r[eé]pond(?:re|ez)|[eé]cri(?:re|vez)).{0,40}au-dessus de cette ligne|"
    r"^[\s>*_#-]*(?:bitte )?(?:antworten|schreiben).{0,40}(?:oberhalb|über) dieser (?:zeile|linie)"
)


def reply_marker(language: str) -> str:
    """The line for a reply in this language."""
    return REPLY_ABOVE.get(language, REPLY_ABOVE["en"])


def find_marker(lines: Sequence[Line]) -> int | None:
    """Where the first such line stands, or None. A mail program may have quoted it or put it on two lines."""
    for at, line in enumerate(lines):
        if "##-" in line.text:
            joined = " ".join(part.text.lstrip("> ") for part in lines[at : at + 3])[:400]
            if _MARKER.search(joined):
                return at
        elif len(line.text) < 200 and _OTHERS.match(line.text):
            return at
    return None
