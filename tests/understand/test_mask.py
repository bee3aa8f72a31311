"""No secret is left in a text that was masked."""

from __future__ import annotations

import pytest

from plugin.understand.mask import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("tarjeta 5555 5555 5555 4444, exp 09/27", "tarjeta **** 4444, exp 09/27"),
        ("entro con la clave Rib4gorza! y nada", "entro con la clave [password removed] y nada"),
        ("DNI 12345678Z.", "DNI [document number removed]."),
        ("IBAN ES91 2100 0418 4502 0005 1332", "IBAN ES91 **** 1332"),
        ("reserva 4829104677319520", "reserva 4829104677319520"),
        ("la que termina en 4410", "la que termina en 4410"),
        ("", ""),
    ],
)
def test_a_secret_is_replaced_and_nothing_else(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_masking_twice_changes_nothing_more() -> None:
    once = mask("5555 5555 5555 4444, mot de passe Mistral!2025, passport X4471902, ES91 2100 0418 4502 0005 1332")
    assert mask(once) == once


def test_a_secret_deep_in_a_long_text_is_found() -> None:
    assert "4444 4444" not in mask("x " * 30_000 + "5555 5555 5555 4444")
