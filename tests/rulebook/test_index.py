"""The index finds the rules that looking at every rule finds, the trie the phrases that comparing words finds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugin.model import Attachment, Evidence, Fact, Place
from plugin.rulebook import Condition, Rules, fired, holds, look
from plugin.rulebook.grammar import Grammar
from plugin.rulebook.load import parse
from plugin.rulebook.matcher import Matcher, Text
from plugin.rulebook.phrasebook import PhraseBook
from plugin.rulebook.phrases.language import language
from plugin.rulebook.phrases.trie import Trie
from plugin.rulebook.phrases.vocabulary import Word
from plugin.rulebook.regexes import Regexes
from plugin.rulebook.scan import Span
from tests.rulebook.making import understood

WORDS = ["refund", "charge", "invoice", "calendar", "card", "sync", "door", "guest", "price", "twice"]
GLUE = ["my", "the", "not", "i don't want a", ".", ",", "but", "refnud", "Invoices", "charged", "\n\n", "é"]
GROUPS = ["billing", "calendar", "security"]


def some(options: list[str]) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(options), min_size=1, max_size=3, unique=True)


PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
GAPS = st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map(" .. ".join)
MARKED = st.sampled_from(["=charge", "invoi*", {"phrase": "card", "except": ["guest card"]}])
MENTIONS = st.lists(st.one_of(PHRASES, GAPS, MARKED), min_size=1, max_size=4).flatmap(
    lambda phrases: st.sampled_from([phrases, {"en": phrases}, {"fr": phrases}, {"any": phrases}])
)
LEAVES = st.one_of(
    st.fixed_dictionaries({"mentions": MENTIONS}, optional={"where": some(["subject", "body", "attachment-name"])}),
    st.fixed_dictionaries({"matches": st.sampled_from(["inv[a-z]{3}", "charge.{0,10}card", r"\bdoor\b", "e$"])}),
    st.fixed_dictionaries({"is": st.fixed_dictionaries({"group": some(GROUPS)}, optional={"flag": some(["hostile"])})}),
    st.fixed_dictionaries({"has": some(["date", "identifier", "identifier.reservation", "attachment.image"])}),
    st.fixed_dictionaries({"missing": some(["date", "amount"])}),
    st.sampled_from([{"at_least": {"words": 5}}, {"below": {"score": 50}}, {"at_least": {"attachments": 1}}]),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        inner.map(lambda part: {"unless": part}),
        st.tuples(LEAVES, inner).map(lambda pair: {**pair[0], "unless": pair[1]}),
        st.tuples(LEAVES, inner).map(lambda pair: {**pair[0], "and": pair[1]}),
        st.tuples(LEAVES, LEAVES, LEAVES).map(lambda parts: {k: v for part in parts for k, v in part.items()}),
    ),
    max_leaves=6,
)
TEXTS = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(GLUE)), max_size=25).map(" ".join)
VIEWS = st.fixed_dictionaries(
    {},
    optional={
        "group": st.sampled_from(GROUPS),
        "flag": st.lists(st.sampled_from(["hostile", "third-party"]), unique=True),
        "missing": st.lists(st.sampled_from(["date", "amount"]), unique=True),
        "score": st.integers(0, 100),
    },
)
FACTS = st.lists(st.sampled_from(["date", "identifier.reservation", "amount"]), max_size=2, unique=True)


@dataclass(frozen=True)
class Entry:
    number: int
    when: Condition


def compiled(written: list[Any]) -> tuple[Rules[Entry], Matcher]:
    grammar = Grammar(PhraseBook(), {})
    nodes = parse(json.dumps(written).encode(), "x.yaml").each()
    rules = Rules(Entry(number, grammar.condition(node)) for number, node in enumerate(nodes))
    assert not grammar.problems
    return rules, Matcher(grammar.book.phrases, Regexes(grammar.book.patterns))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(CONDITIONS, min_size=1, max_size=12),
    TEXTS,
    TEXTS,
    VIEWS,
    FACTS,
    st.booleans(),
    st.booleans(),
    st.one_of(st.none(), st.tuples(st.integers(0, 60), st.integers(0, 60))),
)
def test_the_index_finds_what_looking_at_every_rule_finds(
    written: list[Any],
    subject: str,
    body: str,
    view: dict[str, Any],
    kinds: list[str],
    picture: bool,
    sure: bool,
    within: tuple[int, int] | None,
) -> None:
    rules, matcher = compiled(written)
    facts = tuple(Fact(kind, "x", Evidence("x", "body", 3, 5)) for kind in kinds)
    files = (Attachment("invoice.png", "image", "image/png", 10, "0" * 64),) if picture else ()
    scan = look(understood(body, subject=subject, facts=facts, files=files, sure=sure), matcher)
    span = None if within is None else Span("body", min(within), max(within))
    found = [hit.entry.number for hit in fired(rules, scan, view, span)]
    assert found == [entry.number for entry in rules if holds(entry.when, scan, view, span).held]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PHRASES, min_size=1, max_size=8, unique=True), TEXTS)
def test_the_trie_finds_what_comparing_word_by_word_finds(phrases: list[str], text: str) -> None:
    english = language("en")
    assert english is not None
    trie = Trie([english], frozenset())
    for number, phrase in enumerate(phrases):
        trie.add([Word(word, "inflected") for word in phrase.split()], number, [english])
    trie.ready()
    tokens = Text(text).tokens
    filled = [number for number, token in enumerate(tokens) if token]
    wanted = set()
    for number, phrase in enumerate(phrases):
        words = phrase.split()
        for at in range(len(filled) - len(words) + 1):
            places = filled[at : at + len(words)]
            alone = [single(word) for word in words]
            if all(
                one.words.look_up(str(tokens[p], "ascii") if isinstance(tokens[p], bytes) else tokens[p])
                for one, p in zip(alone, places, strict=True)
            ):
                wanted.add((number, places[0], places[-1]))
    assert {tuple(run) for run in trie.find(tokens)} == wanted


def single(word: str) -> Trie:
    """A trie of one word."""
    english = language("en")
    assert english is not None
    trie = Trie([english], frozenset())
    trie.add([Word(word, "inflected")], 0, [english])
    trie.ready()
    return trie


def test_evidence_stands_where_it_says() -> None:
    rules, matcher = compiled([{"mentions": ["charged twice", "cafe"]}, {"matches": "f-[0-9]+"}])
    body = "Hi\u200b!\nYou char\u00adged  Twice at the cafe\u0301 for F-12 …"
    scan = look(understood(body), matcher)
    found = [e for hit in fired(rules, scan, {}) for e in hit.outcome.evidence]
    assert [e.text for e in found] == ["char\u00adged  Twice", "cafe\u0301", "F-12"]
    assert all(body[e.start : e.end] == e.text for e in found)


def test_patterns_see_common_signs_as_they_are_written() -> None:
    rules, matcher = compiled([{"matches": r"\d+ ?€"}, {"matches": "«oui»"}, {"matches": "l’eau"}, {"matches": "Café"}])
    scan = look(understood("89 € pour l'eau du CAFE, “oui”"), matcher)
    assert [hit.outcome.evidence[0].text for hit in fired(rules, scan, {})] == ["89 €", "“oui”", "l'eau", "CAFE"]


def test_a_condition_says_what_it_saw() -> None:
    written = [
        {"is": {"group": "billing"}},
        {"mentions": "refund"},
        {"mentions": "invoice", "unless": {"mentions": "card"}},
        {"at_least": {"score": 70}},
        {"missing": "date"},
        {"has": "amount"},
        {"matches": "x[0-9]+"},
        [{"mentions": "door"}, {"has": "date"}],
    ]
    rules, matcher = compiled(written)
    scan = look(understood("I don't want a refund. The invoice and the card."), matcher)
    said = [holds(entry.when, scan, {"group": "calendar", "score": 40, "missing": []}).because for entry in rules]
    assert said == [
        "group would have to be billing, but is calendar",
        "the text mentions “refund”, but takes it back",
        "the `unless` holds: the text mentions “card”",
        "score would have to be at least 70, but is 40",
        "date is not missing",
        "it has no amount",
        "the text has nothing like x[0-9]+",
        "none of: the text does not mention “door”; it has no date",
    ]
    assert holds(rules[0].when, scan, {}).because == "group is not known here, it would have to be billing"


def test_every_place_of_a_rule_is_the_files() -> None:
    rules, _ = compiled([{"mentions": "refund"}])
    assert rules[0].when.place == Place("x.yaml", 1, 3)
