"""Cases beside the rules: what they may say, how they fail, and that an empty run is a failure."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from plugin.cli.test import command
from plugin.model import Address
from plugin.pipeline import load_rulebook, look
from plugin.rulebook import Case, Rulebook
from plugin.ruletests.coverage import unreached
from plugin.ruletests.message import CaseError, read_case
from plugin.ruletests.report import as_github, as_json, as_text
from plugin.ruletests.run import run
from plugin.ruletests.whynot import UnknownRule, why

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="session")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The default pack, learned by words alone."""
    return load_rulebook(RULES, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def case(rulebook: Rulebook) -> Callable[..., Case]:
    first = rulebook.cases[0]

    def make(expect: dict[str, Any], **message: Any) -> Case:
        own = {key: message.pop(key) for key in ("now", "history") if key in message}
        return replace(first, id="own", message=message, expect=expect, places={}, raw=own)

    return make


Make = Callable[..., Case]
REFUND = {"subject": "Devolución", "body": "Me habéis cobrado dos veces, quiero que me devolváis el dinero."}


def test_the_message_is_read_like_a_mail(case: Make) -> None:
    made = case({}, subject="¿Qué tal?", body="Hola\n\n> cita", attachments=["captura.png"], headers={"X-Loop": "yes"})
    message, _, now = read_case(made)
    assert message.sender == Address("customer@customer.example", "Customer")
    assert (message.subject, message.newest.strip()) == ("¿Qué tal?", "Hola")
    assert [a.kind for a in message.attachments] == ["image"]
    assert message.header("x-loop") == ("yes",)
    assert now.isoformat() == "2026-11-18T10:24:00+01:00"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"now": "tomorrow"}, "now: 'tomorrow' is not a time"),
        ({"now": "2026-11-18T10:00"}, "has no time zone"),
        ({"history": {"roundz": 1}}, "history has no 'roundz'"),
    ],
)
def test_mistakes_in_a_case_are_told(case: Make, rulebook: Rulebook, given: dict[str, Any], says: str) -> None:
    wrong = case({"intent": "refund"}, **REFUND, **given)
    with pytest.raises(CaseError, match=says):
        read_case(wrong)
    (result,) = run(rulebook, [wrong])
    assert not result.passed
    assert says in result.error


@pytest.mark.parametrize("expect", [{}, {"intnt": "refund"}])
def test_a_case_that_proves_nothing_fails(case: Make, rulebook: Rulebook, expect: dict[str, Any]) -> None:
    (result,) = run(rulebook, [case(expect, **REFUND)])
    assert result.error


def test_what_holds_passes_and_what_does_not_is_named(case: Make, rulebook: Rulebook) -> None:
    good = case({"intent": "refund", "group": "billing", "channel": "ticket-only", "reply": "asks"}, **REFUND)
    bad = case({"intent": "refund", "priority": "urgent", "flags": ["hostile"], "says": "no such words"}, **REFUND)
    first, second = run(rulebook, [good, bad])
    assert first.passed
    assert [f.difference.key for f in second.failures] == ["priority", "flags", "says"]


def test_a_failure_names_the_nearest_rule_and_why_it_did_not_hold(case: Make, rulebook: Rulebook) -> None:
    (result,) = run(rulebook, [case({"priority": "high"}, **REFUND)])
    (failure,) = result.failures
    assert failure.hint.startswith("nearest: route double-bookings (routes.yaml:")
    assert "intent would have to be problem, but is refund" in failure.hint


def test_the_reports_agree(case: Make, rulebook: Rulebook) -> None:
    results = run(rulebook, [case({"intent": "refund"}, **REFUND), case({"priority": "high"}, **REFUND)])
    assert "2 cases: 1 passed, 1 failed" in as_text(results, None)
    assert json.loads(as_json(results, None))["failed"] == 1
    (error,) = [line for line in as_github(results, None, "rules").splitlines() if line.startswith("::error")]
    assert "file=rules/tests/" in error
    assert "priority" in error


def test_coverage_names_what_no_case_reaches(case: Make, rulebook: Rulebook) -> None:
    missed = {
        (kind, name) for kind, name, _ in unreached(rulebook, run(rulebook, [case({"intent": "refund"}, **REFUND)]))
    }
    assert ("intent", "refund") not in missed
    assert ("route", "incomplete") not in missed
    assert {("intent", "invoice"), ("route", "double-bookings"), ("group", "calendar")} <= missed


def test_why_not_says_what_failed_and_what_it_saw(case: Make, rulebook: Rulebook) -> None:
    message, history, _ = read_case(case({}, **REFUND))
    seen = look(message, rulebook, history)
    (route,) = why("double-bookings", *seen, rulebook)
    assert (route.held, route.kind) == (False, "route")
    assert "refund" in route.because
    with pytest.raises(UnknownRule, match="did you mean double-bookings"):
        why("double-booking", *seen, rulebook)


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the default pack without its cases, and nothing learned by meaning."""
    monkeypatch.setenv("ANTESALA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANTESALA_MEANING", "no")
    folder = tmp_path / "pack"
    shutil.copytree(RULES, folder, ignore=shutil.ignore_patterns("tests"))
    return folder


def test_no_cases_is_a_failure(pack: Path) -> None:
    result = CliRunner().invoke(command, [str(pack)])
    assert result.exit_code == 1
    assert "no cases found" in result.output


def test_the_command_fails_with_a_case_and_says_where(pack: Path) -> None:
    (pack / "tests").mkdir()
    (pack / "tests" / "own.yaml").write_text(
        "kind: tests\ncases:\n"
        "  - id: good\n    message: {body: 'Quiero que me devolváis el dinero del cobro doble.'}\n"
        "    expect: {intent: refund}\n"
        "  - id: bad\n    message: {body: 'Quiero que me devolváis el dinero del cobro doble.'}\n"
        "    expect:\n      group: calendar\n",
        "utf-8",
    )
    result = CliRunner().invoke(command, [str(pack)])
    assert result.exit_code == 1
    assert "tests/own.yaml:9" in result.output
    assert "2 cases: 1 passed, 1 failed" in result.output
    assert CliRunner().invoke(command, [str(pack), "--only", "good"]).exit_code == 0
