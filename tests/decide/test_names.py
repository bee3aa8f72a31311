"""Who is greeted by name: people whose first name we know, never a company, an insult or a link."""

from __future__ import annotations

import pytest

from plugin.decide.names import first_name
from plugin.model import Address
from plugin.rulebook import Rulebook


@pytest.mark.parametrize(
    ("display", "greeted"),
    [
        ("Maruja Cendoya", "Maruja"),
        ("BEATRIZ ruiz", "Beatriz"),
        ("jean-pierre dubois", "Jean-Pierre"),
        ("Jean-Pierre Dubois", "Jean-Pierre"),
        ("García López, Ana", "Ana"),
        ('"Tom O\'Neill"', "Tom"),
        ("Élodie Martin", "Élodie"),
        ("Elodie Martin", "Elodie"),
        ("Priya S. Nair", "Priya"),
        ("J. Smith", None),
        ("Dirección de Ingresos", None),
        ("Casa Miramar Rentals", None),
        ("Victoria Apartments", None),
        ("Ana http://evil.example", None),
        ("Ana <b>hola</b>", None),
        ("Ana\r\nBcc: x@y.example", None),
        ("Ana 😀", None),
        ("Ana1", None),
        ("Idiota Total", None),
        ("${closing}", None),
        ("Ana " + "Ana " * 30, None),
        ("ana@guest.example", None),
        ("", None),
    ],
)
def test_greeting(rulebook: Rulebook, display: str, greeted: str | None) -> None:
    assert first_name(Address("x@guest.example", display), rulebook.words) == greeted


def test_nobody_is_not_greeted(rulebook: Rulebook) -> None:
    assert first_name(None, rulebook.words) is None
