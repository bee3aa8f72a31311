"""What messages are taken for, by words and signals alone, with texts that are in no example."""

from __future__ import annotations

import pytest

from plugin.assess import assess
from plugin.assess.examples import from_text
from plugin.model import Assessment, History
from plugin.rulebook import Rulebook


def judged(book: Rulebook, text: str, language: str, subject: str = "") -> Assessment:
    return assess(from_text("t", subject, text, language), book, History())


@pytest.mark.parametrize(
    ("language", "text", "intent", "group"),
    [
        ("es", "Quiero que me devolváis los 60 euros del cargo duplicado de vuestra suscripción.", "refund", "billing"),
        ("fr", "Merci de me renvoyer votre facture de juin, je ne l'ai jamais reçue.", "invoice", "billing"),
        ("en", "Please delete the credit card that you have stored for our account.", "card-removal", "billing"),
        ("en", "Someone hacked our account and changed the password, lock it please.", "account-recovery", "security"),
        ("es", "Olvidé la contraseña y el enlace para cambiarla no llega.", "problem", "first-line"),
        ("en", "The calendar won't save the minimum stay, it goes back to 1 night.", "problem", "calendar"),
        ("fr", "Les prix ne sont plus synchronisés avec Airbnb depuis lundi.", "problem", "channels"),
        ("es", "¿Cómo puedo cambiar el precio del fin de semana en el calendario?", "question", "calendar"),
        ("en", "Our newsletter bounces for every Yahoo address.", "deliverability", "deliverability"),
        ("es", "La liquidación del propietario sale con la comisión restada dos veces.", "problem", "accounting"),
        ("fr", "Personne ne répond, je veux parler à un responsable.", "complaint", "customer-care"),
        ("en", "Thanks for your help, everything works now!", "other", "first-line"),
    ],
)
def test_one_issue(pack: Rulebook, language: str, text: str, intent: str, group: str) -> None:
    (issue,) = judged(pack, text, language).issues
    assert (issue.intent, issue.group) == (intent, group)


def test_several_issues_in_the_order_of_the_text(pack: Rulebook) -> None:
    text = "El calendario no guarda los bloqueos del ático. Otra cosa sin relación: ¿me reenviáis la factura de mayo?"
    found = judged(pack, text, "es")
    assert [(i.intent, i.group) for i in found.issues] == [("problem", "calendar"), ("invoice", "billing")]
    assert found.issues[1].text.startswith("Otra cosa")
    assert "multiple-issues" in found.flags


def test_two_symptoms_of_one_fault_are_one_issue(pack: Rulebook) -> None:
    found = judged(pack, "The calendar loses my blocks, and also the blocked nights show as open.", "en")
    assert len(found.issues) == 1
    assert "multiple-issues" not in found.flags


@pytest.mark.parametrize(
    ("language", "text", "wrote_before"),
    [
        ("en", "I emailed you on Monday about the rates of Oak Barn, still zero.", True),
        ("es", "Nadie me ha contestado. Los precios de Casa Olmo siguen a cero.", True),
        ("fr", "J'ai eu votre collègue au téléphone mardi, mais le calendrier reste bloqué.", True),
        ("en", "I called my bank and Airbnb, both say the rates of Oak Barn come from you as zero.", False),
        ("es", "Un huésped me escribió dos veces porque los precios de Casa Olmo salen a cero.", False),
        ("fr", "Mon propriétaire m'a relancé trois fois, le calendrier reste bloqué.", False),
    ],
)
def test_earlier_contact_is_with_us(pack: Rulebook, language: str, text: str, wrote_before: bool) -> None:
    assert ("previous-contact" in judged(pack, text, language).flags) is wrote_before


def test_thanks_beside_a_fault_are_no_issue(pack: Rulebook) -> None:
    text = "The calendar won't save the blocks of Oak Barn. Another thing: thank you all for the lovely new inbox."
    assert [issue.intent for issue in judged(pack, text, "en").issues] == ["problem"]


def test_evidence_stands_in_the_text_and_names_an_example(pack: Rulebook) -> None:
    text = "Hola. El calendario no carga. Otra cosa: ¿me reenviáis la factura de mayo, por favor?"
    found = judged(pack, text, "es")
    message = from_text("t", "", text, "es").message
    words = [e for issue in found.issues for e in issue.evidence if e.end]
    assert words
    assert all(message.newest[e.start : e.end] == e.text for e in words if e.where == "body")
    assert any(e.note.startswith("like the example '") for issue in found.issues for e in issue.evidence)
    steps = [step for step in found.steps if step.stage in ("intent", "group")]
    assert len(steps) == 2 * len(found.issues)
    assert all(step.place is not None for step in steps)


@pytest.mark.parametrize(
    ("language", "text", "flag", "expected"),
    [
        ("es", "Sois unos inútiles y unos imbéciles, el calendario no carga.", "hostile", True),
        ("en", "THIS IS UNACCEPTABLE!!! The calendar does not load!!!", "hostile", False),
        ("en", "Airbnb does not get our prices any more.", "third-party", True),
        ("en", "How do I connect Airbnb?", "third-party", False),
        ("fr", "Je vous ai déjà écrit mardi : le calendrier ne charge plus.", "previous-contact", True),
        ("fr", "Le calendrier ne charge plus depuis mardi.", "previous-contact", False),
        ("es", "Quitad la tarjeta 5555 5555 5555 4444 por favor.", "sensitive-data", True),
    ],
)
def test_flags(pack: Rulebook, language: str, text: str, flag: str, expected: bool) -> None:
    assert (flag in judged(pack, text, language).flags) is expected


@pytest.mark.parametrize("text", ["", "   ", "?", "🙂", "\x00", "a" * 100_000, "1) 2) 3) 4) " * 500])
def test_odd_texts_are_judged_too(pack: Rulebook, text: str) -> None:
    found = judged(pack, text, "en")
    assert found.issues
    assert all(issue.intent in pack.intents and issue.group in pack.groups for issue in found.issues)


def test_the_same_message_always_gets_the_same_assessment(pack: Rulebook) -> None:
    text = "The lock refuses every code. Also, could you resend the June invoice?"
    assert judged(pack, text, "en") == judged(pack, text, "en")
