"""No secret of the message is repeated by a decision, whatever part of it turns up as evidence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plugin.decide.decide import decide
from plugin.decide.gallery import assessment
from plugin.decide.veil import veil
from plugin.decision_json import to_json
from plugin.model import Address, Evidence, History, Item, Message, Step
from plugin.rulebook import Rulebook
from plugin.understand.own import Own
from plugin.understand.understand import understand

NOW = datetime(2026, 11, 18, 9, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("I cannot log in, my password is Bernina#2291, please check.", "Bernina#2291"),
        ("Mi contraseña es Tigre-4711x y no entra.", "Tigre-4711x"),
        ("I'm the director, passport X4471902, send me the data.", "X4471902"),
        ("Cobrad en la tarjeta 4111 1111 1111 1111 por favor.", "4111 1111 1111 1111"),
    ],
)
@pytest.mark.parametrize("part", [slice(None), slice(1, None), slice(0, -1), slice(0, 8)])
def test_a_secret_never_comes_back(rulebook: Rulebook, text: str, secret: str, part: slice) -> None:
    message = Message("mail", "1@x.example", Address("ana@x.example"), "x", text, text, NOW)
    understood = understand(message, own=Own(), languages=("es", "fr", "en"), fallback_language="en")
    piece = secret[part]
    words = (Evidence(piece, note=f"like '{secret}'"), Evidence(text))
    found = assessment(rulebook, [("problem", "calendar"), ("refund", "billing")], given=True)
    found = replace(
        found,
        issues=tuple(replace(i, text=text, evidence=words) for i in found.issues),
        completeness=replace(found.completeness, items=(Item("account", True, 1, words),)),
        steps=(Step("intent", "problem", None, True, f"it says {secret}", words),),
    )
    decision = decide(understood, found, rulebook, History(), NOW)
    everything = json.dumps(to_json(decision), ensure_ascii=False) + repr(decision)
    assert secret not in everything
    assert f"“{piece}”" not in everything


def test_without_secrets_nothing_changes(rulebook: Rulebook) -> None:
    message = Message("mail", "1@x.example", Address("ana@x.example"), "x", "", "El calendario no abre.", NOW)
    understood = understand(message, own=Own(), languages=("es",), fallback_language="es")
    found = assessment(rulebook, [("problem", "calendar")], given=True)
    assert veil(understood).assessment(found) == found
