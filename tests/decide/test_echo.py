"""Our own words that come back are known, in whatever dress; what people write is not taken for them."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import fill

import pytest

from plugin.decide.answer import refusal
from plugin.decide.echo import is_echo
from plugin.decide.gallery import OPEN as NOW
from plugin.decide.gallery import samples
from plugin.model import History, Understood
from plugin.rulebook import Rulebook

REQUESTS = Path(__file__).parents[3] / "shared" / "requests"

DRESSES: dict[str, Callable[[str], str]] = {
    "as it was": lambda text: text,
    "in capitals": str.upper,
    "wrapped anew": lambda text: "\n".join(fill(part, 48) for part in text.split("\n\n")),
    "on one line": lambda text: " ".join(text.split()),
    "with marks and numbers": lambda text: f"*** 4711 ***\n{text}\n### 0815",
    "without accents": lambda text: text.replace("á", "a").replace("é", "e").replace("ó", "o"),
    "below a line of its own": lambda text: f"Ticket 4711 has been opened for you.\n\n{text}",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_every_letter_is_known_again(rulebook: Rulebook, dress: str) -> None:
    missed = []
    for sample in samples(rulebook):
        reply = sample.decision.reply
        if reply is not None and not is_echo(DRESSES[dress](reply.text), rulebook):
            missed.append(f"{sample.title}, {sample.language}:\n{reply.text}")
    assert missed == []


@pytest.mark.skipif(not REQUESTS.is_dir(), reason="the labelled requests are not beside this repository")
def test_no_request_of_a_person_is_taken_for_an_echo(rulebook: Rulebook) -> None:
    looked = 0
    for path in sorted(REQUESTS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            looked += 1
            assert not is_echo(f"{row.get('subject', '')}\n{row.get('body', '')}", rulebook), row.get("id")
    assert looked > 500


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you for writing to us.",
        "Could you tell us when it opens? I have asked twice and nobody has answered, which is not what I pay for.",
        "You can simply reply to this e-mail in your own words, you said, so here I am: the calendar of Villa Sol shows"
        " nothing since Monday, neither in Chrome nor in the app, and the owner has called me three times about it.",
    ],
)
def test_people_may_use_a_few_of_our_words(rulebook: Rulebook, text: str) -> None:
    assert not is_echo(text, rulebook)


def test_an_echo_is_not_answered_but_an_answer_with_our_text_in_it_may_be(
    rulebook: Rulebook, understood: Callable[..., Understood]
) -> None:
    letter = next(s.decision.reply for s in samples(rulebook) if s.decision.reply)
    message = understood(text=letter.text)
    found = refusal(message, rulebook, History(), NOW)
    assert found is not None
    assert (found.name, found.never) == ("own-words", False)
    assert refusal(message, rulebook, History(own_message_ids=frozenset({"x@desk.test"})), NOW) is None


def test_a_long_message_is_looked_at_in_bounded_time(rulebook: Rulebook) -> None:
    assert not is_echo("calendario " * 500_000, rulebook)


def test_a_rulebook_that_is_no_longer_in_force_is_let_go(rulebook: Rulebook) -> None:
    another = replace(rulebook, digest="another")
    assert is_echo("nothing of ours in these many words that somebody wrote by hand this morning", another) is False
    gone = weakref.ref(another)
    del another
    gc.collect()
    assert gone() is None
