# ruff: noqa: E501
"""Sums of money, with or without a currency."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.model import Fact
from plugin.understand.facts.found import Text, compiled, matches

_CURRENCY = (
    r"(?:us|ca|a|mx|r|s/)?\$|€|£|¥|₹|₡|₲|r\$|s/\.?|rs\.?|euros?|eur|pavos|lereles|dolares|dollars?|usd|cad|aud|nzd|bucks|quid|"
    r"pounds?(?: sterling)?|gbp|francos?|francs?|chf|fr\.|sfr|pesos?|mxn|ars|clp|cop|uyu|soles|pen|reais|reales|real|brl|piastres?|balles|"
    r"rupees?|inr|quetzales|lempiras|colones|guaranies|bolivares|bolivianos|franken|stutz|cts?|centimos|centavos|cents?|centimes|lucas"
)
_NUMBER = r"\d{1,3}(?:[.,' ]\d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2}|\.[-–]|,-)?"
_WITH_CURRENCY = compiled(rf"(?:{_CURRENCY}) ?(?:{_NUMBER})|(?:{_NUMBER}) ?(?:{_CURRENCY}|k€)")
_IN_WORDS = compiled(
    r"(?:importe|cantidad|suma|monto|total|montant|somme|amount|sum|valor|betrag|importo|cifra)(?: total)?"
    r"(?: (?:de|of|du|es|is|est|was|era|fue|von|di|uber|por|por un total de))?[ :]{1,3}" + f"({_NUMBER})"
)
_PAID = compiled(
    r"(?:cobr\w+|cargad\w+|cargaron|pag(?:ue|amos|ado|aron)|debit\w+|charged|paid|billed|preleve\w*|debite\w*|paye\w*|facture\w*|"
    r"abgebucht|gezahlt|bezahlt|addebitat\w*|pagat\w*|abonad\w+|reembols\w+|rembours\w+|refund\w*|devolv\w+)"
    r"(?: [a-z]{1,9}){0,3} (\d{1,6}(?:[.,]\d{2})?)"
)
_NOT_MONEY = compiled(
    r" ?(?:%|st\b|nd\b|rd\b|th\b|veces|fois|times|dias|days|jours|noches|nights|nuits|de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|"
    r"septiembre|octubre|noviembre|diciembre)|janv|fevr|mars|avril|mai|juin|juil|aout|sept|octo|nove|dece|jan|feb|mar|apr|may|jun|jul|aug|"
    r"oct|nov|dec|meses|months|mois|horas|hours|heures|h\b|[:/]|guests?|personas?|propiedades|listings?|pisos)"
)


def amounts(text: Text) -> Iterator[Fact]:
    """`amount` facts: digits with a dot before the decimals where the text says which, as "18402.10"."""
    for match in matches(_WITH_CURRENCY, text.folded):
        yield text.fact("amount", _normal(match.group()), match.start(), match.end())
    for pattern in (_IN_WORDS, _PAID):
        for match in matches(pattern, text.folded):
            if not _NOT_MONEY.match(text.folded[match.end(1) : match.end(1) + 16]):
                yield text.fact("amount", _normal(match.group(1)), match.start(1), match.end(1))


def _normal(written: str) -> str:
    digits = "".join(sign for sign in written if sign.isdigit() or sign in ".,")
    digits = digits.strip(".,")
    last = max(digits.rfind("."), digits.rfind(","))
    if last > 0 and len(digits) - last - 1 in (1, 2):
        return digits[:last].replace(".", "").replace(",", "") + "." + digits[last + 1 :]
    return digits.replace(".", "").replace(",", "")
