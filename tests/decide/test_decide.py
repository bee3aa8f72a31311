"""Channel, route, reply or none, and the note, with the default pack and assessments made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plugin.decide.decide import decide
from plugin.decide.gallery import OPEN as NOW
from plugin.decide.gallery import assessment
from plugin.decide.note import shortened
from plugin.model import Decision, Evidence, History, Item, Understood
from plugin.rulebook import Rulebook

Make = Callable[..., Understood]
PROBLEM = [("problem", "calendar")]
REFUND = [("refund", "billing")]


@pytest.fixture
def decided(rulebook: Rulebook, understood: Make) -> Callable[..., Decision]:
    def make(
        issues: list[tuple[str, str]] = PROBLEM,
        *,
        given: bool = False,
        flags: tuple[str, ...] = (),
        history: History | None = None,
        now: datetime = NOW,
        book: Rulebook = rulebook,
        **message: object,
    ) -> Decision:
        found = assessment(book, issues, given=given, flags=flags)
        return decide(understood(**{"date": now, **message}), found, book, history or History(), now)

    return make


Decide = Callable[..., Decision]
SATURDAY = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("issues", "now", "channel"),
    [
        (PROBLEM, NOW, "chat"),
        (PROBLEM, SATURDAY, "ticket"),
        ([("problem", "accounting")], NOW, "ticket"),
        ([("question", "billing")], NOW, "ticket"),
        (REFUND, NOW, "ticket-only"),
        (REFUND, SATURDAY, "ticket-only"),
        ([*PROBLEM, *REFUND], NOW, "ticket-only"),
        ([*PROBLEM, ("complaint", "customer-care")], NOW, "ticket"),
        ([*PROBLEM, ("question", "channels")], NOW, "chat"),
    ],
)
def test_the_strictest_channel_fits(decided: Decide, issues: list, now: datetime, channel: str) -> None:
    assert decided(issues, now=now).channel == channel


@pytest.mark.parametrize(
    ("issues", "flags", "priority", "copies"),
    [
        (PROBLEM, (), "normal", ()),
        ([("account-recovery", "security")], (), "urgent", ()),
        ([("other", "first-line")], (), "low", ()),
        ([*PROBLEM, ("account-recovery", "security")], (), "urgent", ("security",)),
        ([*PROBLEM, ("other", "first-line")], (), "normal", ("first-line",)),
        (PROBLEM, ("hostile",), "normal", ("customer-care",)),
        ([*PROBLEM, *REFUND], (), "normal", ("billing",)),
    ],
)
def test_priority_and_copies(decided: Decide, issues: list, flags: tuple, priority: str, copies: tuple) -> None:
    decision = decided(issues, flags=flags)
    assert (decision.priority, decision.copies) == (priority, copies)


def test_tags_of_intent_flags_and_routes_are_each_there_once(decided: Decide) -> None:
    tags = decided([("data-operation", "data-operations")], flags=("sensitive-data",)).tags
    assert {"waiver-pending", "sensitive-data", "incomplete"} <= set(tags)
    assert len(tags) == len(set(tags))


@pytest.mark.parametrize(
    ("language", "written"), [("es", "es"), ("fr", "fr"), ("en", "en"), ("de", "en"), ("pt", "en")]
)
def test_the_customer_s_language_or_the_desk_s(decided: Decide, language: str, written: str) -> None:
    reply = decided(language=language).reply
    assert reply
    assert reply.language == written


def test_the_language_of_the_conversation_helps_where_the_message_is_too_short(decided: Decide) -> None:
    reply = decided(language="en", sure=False, history=History(language="fr")).reply
    assert reply
    assert reply.language == "fr"


@pytest.mark.parametrize("intent", ["problem", "refund", "account-recovery"])
@pytest.mark.parametrize("language", ["es", "fr", "en"])
def test_at_most_three_numbered_questions(decided: Decide, rulebook: Rulebook, intent: str, language: str) -> None:
    group = rulebook.intents[intent].group or "channels"
    reply = decided([(intent, group)], language=language).reply
    assert reply
    assert 1 <= len(reply.asks) <= 3
    numbered = [line for line in reply.text.splitlines() if line[:2] in ("1.", "2.", "3.", "4.")]
    assert len(numbered) == len(reply.asks)
    assert all("?" in line for line in numbered)
    assert reply.html.count("<li>") >= len(reply.asks)


def test_nothing_missing_is_confirmed(decided: Decide) -> None:
    reply = decided(REFUND, given=True).reply
    assert reply
    assert reply.asks == ()


def test_confirmations_can_be_switched_off(decided: Decide, rulebook: Rulebook) -> None:
    quiet = replace(rulebook, desk=replace(rulebook.desk, raw={**rulebook.desk.raw, "confirm": False}))
    decision = decided(REFUND, given=True, book=quiet)
    assert (decision.reply, decision.no_reply, decision.suppressed) == (None, "nothing-to-ask", None)


def test_thanks_are_not_answered(decided: Decide) -> None:
    decision = decided([("other", "first-line")])
    assert (decision.reply, decision.no_reply, decision.suppressed) == (None, "nothing-to-say", None)


def test_an_automatic_message_is_sorted_but_never_answered(decided: Decide) -> None:
    decision = decided(automatic="list")
    assert (decision.reply, decision.suppressed, decision.group) == (None, "list", "calendar")
    assert "list" in decision.note


@pytest.mark.parametrize(
    ("history", "message", "asks", "no_reply"),
    [
        # the answer to our questions: silence
        (
            History(request_open=True, rounds=1, replies_to_request=1, asked=frozenset({"observed"})),
            {},
            None,
            "answered",
        ),
        (
            History(request_open=True, rounds=1, replies_to_request=1, own_message_ids=frozenset({"q@ours"})),
            {"in_reply_to": ("q@ours",), "given": False},
            None,
            "answered",
        ),
        # writes again without answering: told once that it is in hand
        (History(request_open=True, rounds=1, replies_to_request=1), {"given": False}, (), None),
        (History(request_open=True, rounds=1, replies_to_request=2), {"given": False}, None, "request-cap"),
        # open, but never asked
        (History(request_open=True), {"given": False}, ("feature", "observed", "identifiers"), None),
    ],
)
def test_follow_ups(decided: Decide, history: History, message: dict, asks: tuple | None, no_reply: str | None) -> None:
    decision = decided(history=history, **{"given": True, **message})
    assert (decision.reply.asks if decision.reply else None, decision.no_reply) == (asks, no_reply)


@pytest.mark.parametrize(
    ("language", "words"), [("es", "ha llegado vacío"), ("fr", "parvenu vide"), ("en", "reached us empty")]
)
def test_who_sends_nothing_is_told_so(decided: Decide, language: str, words: str) -> None:
    reply = decided([("other", "first-line")], subject=" \u200b", text="\n", language=language).reply
    assert reply
    assert words in reply.text
    assert reply.asks == ()


def test_the_old_subject_is_no_answer(rulebook: Rulebook, understood: Make) -> None:
    history = History(request_open=True, rounds=1, replies_to_request=1, asked=frozenset({"charge"}))
    found = assessment(rulebook, REFUND, given=False)
    for where, silent in (("subject", False), ("body", True)):
        item = Item("charge", True, 3, (Evidence("Cobro duplicado", where),))  # type: ignore[arg-type]
        given = replace(found, completeness=replace(found.completeness, items=(item,)))
        assert (decide(understood(), given, rulebook, history, NOW).reply is None) is silent


def test_in_hand_names_the_desk_s_number(decided: Decide) -> None:
    history = History(request_open=True, rounds=1, replies_to_request=1)
    reply = decided(history=history, ticket="48213", language="en").reply
    assert reply
    assert "48213" in reply.text


def test_a_hostile_message_is_answered_soberly_or_not_at_all(decided: Decide, rulebook: Rulebook) -> None:
    sober = decided(flags=("hostile",), language="en").reply
    assert sober
    assert "Thank you" not in sober.text
    raw = {**rulebook.desk.raw, "hostile_reply": "none"}
    mute = replace(rulebook, desk=replace(rulebook.desk, raw=raw))
    assert decided(flags=("hostile",), book=mute).no_reply == "hostile"


def test_opening_hours_in_the_customer_s_words(decided: Decide) -> None:
    texts = {
        (language, now): decided(language=language, now=now).reply.text  # type: ignore[union-attr]
        for language in ("es", "fr", "en")
        for now in (NOW, SATURDAY, datetime(2026, 11, 18, 20, 0, tzinfo=UTC))
    }
    assert "de lunes a viernes, de 8:00 a 20:00 (hora de Madrid)" in texts["es", NOW]
    assert "du lundi au vendredi, de 8 h à 20 h (heure de Madrid)" in texts["fr", NOW]
    assert "Monday to Friday, from 8:00 to 20:00 (Madrid time)" in texts["en", NOW]
    assert "el lunes 23 de noviembre a las 8:00" in texts["es", SATURDAY]
    assert "lundi 23 novembre à 8 h" in texts["fr", SATURDAY]
    assert "on Monday, 23 November, at 8:00" in texts["en", SATURDAY]
    assert "mañana, jueves, a las 8:00" in texts["es", datetime(2026, 11, 18, 20, 0, tzinfo=UTC)]


def test_two_issues_get_one_letter_and_a_proposed_split(decided: Decide) -> None:
    decision = decided([*PROBLEM, *REFUND], language="en")
    assert decision.reply
    assert "- A problem in the calendar or your rates" in decision.reply.text
    assert "- The refund of a charge" in decision.reply.text
    assert "2. refund -> billing" in decision.note


def test_a_stranger_s_text_does_not_get_into_the_letter(decided: Decide) -> None:
    reply = decided(
        name="<script>alert(1)</script>", subject="${closing} $name\r\nBcc: x@y.example", text="${link} secret words"
    ).reply
    assert reply
    assert reply.subject == "Re: ${closing} $name Bcc: x@y.example"
    for text in (reply.text, reply.html):
        assert "script" not in text
        assert "secret words" not in text
        assert "$" not in text


def test_every_reply_is_small(decided: Decide, rulebook: Rulebook) -> None:
    for language in rulebook.desk.languages:
        for intent in rulebook.intents.values():
            reply = decided([(intent.id, intent.group or "channels")], language=language).reply
            assert reply is None or len(reply.text.encode()) < 4096


def test_an_endless_text_of_the_pack_is_cut_to_eight_kilobytes(decided: Decide, rulebook: Rulebook) -> None:
    texts = {**rulebook.replies["es"], "answer": "Responda. " * 2000}
    endless = replace(rulebook, replies={**rulebook.replies, "es": texts})
    reply = decided(book=endless).reply
    assert reply
    assert len(reply.text.encode()) <= 8192
    assert reply.text.rstrip().endswith("El equipo de soporte")


def test_the_note_masks_secrets_and_stays_on_its_lines(rulebook: Rulebook, understood: Make) -> None:
    found = assessment(rulebook, REFUND, given=True)
    words = Evidence("Visa 4111 1111 1111 1111\r\nsegunda línea \u202e" + "x" * 500)
    item = Item("charge", True, 3, (words,))
    found = replace(found, completeness=replace(found.completeness, items=(item,)))
    note = decide(understood(), found, rulebook, History(), NOW).note
    assert "4111 1111 1111 1111" not in note
    assert "\u202e" not in note
    assert "segunda línea" in note
    assert max(map(len, note.splitlines())) < 400


@pytest.mark.parametrize("text", ["a" * 71, "a " * 71, "a" * 69 + " b c d", "a" * 70 + "   " * 50 + "b"])
def test_what_is_cut_shows_that_it_is(text: str) -> None:
    assert shortened(text, 70).endswith("…")
    assert len(shortened(text, 70)) <= 70


def test_everything_that_was_looked_at_is_in_the_trail(decided: Decide) -> None:
    stages = {step.stage for step in decided([("account-recovery", "security")]).trail}
    assert {"route", "channel", "reply", "article"} <= stages
