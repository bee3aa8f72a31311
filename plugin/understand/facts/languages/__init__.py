"""The words that facts are recognised by, one file a language.

All patterns are RE2 on folded text: lower case, no accents, `ß` as `s`, plain quotes and dashes. The patterns of all
languages are joined, because customers mix languages; what means something else in another language is left out.
"""

from __future__ import annotations

from plugin.understand.facts.languages import de, en, es, fr, it, pt
from plugin.understand.facts.languages.words import Words

ALL: tuple[Words, ...] = (es.WORDS, fr.WORDS, en.WORDS, pt.WORDS, de.WORDS, it.WORDS)

__all__ = ["ALL", "Words"]
