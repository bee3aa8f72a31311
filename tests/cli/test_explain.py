"""`antesala explain` and `antesala replies`, as an admin uses them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugin.cli.explain import command as explain
from plugin.cli.replies import command as replies

MAIL = """From: Ana Ruiz <ana@casa.example>
To: support@desk.example
Subject: Airbnb
Date: Wed, 18 Nov 2026 10:24:00 +0100
Message-ID: <1@casa.example>
Content-Type: text/plain; charset=utf-8

La sincronización con Airbnb de Villa Azul dejó de funcionar ayer.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keeps what was learned for all tests of this file."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def mail(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANTESALA_HOME", str(home))
    monkeypatch.setenv("ANTESALA_MEANING", "no")
    file = tmp_path / "sync.eml"
    file.write_text(MAIL, "utf-8")
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(explain, arguments)


def test_the_trail_names_rules_with_file_and_line_and_words(mail: Path) -> None:
    result = run(str(mail))
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert any(line.startswith("language  es") for line in lines)
    assert any("Villa Azul" in line and line.startswith("fact") for line in lines)
    assert any("items.yaml:" in line and " yes " in line and "identifiers" in line for line in lines)
    assert any("channels" in line and "groups.yaml:" in line for line in lines)
    assert "Nothing was sent." in lines


def test_as_json_it_is_the_decision(mail: Path) -> None:
    values = json.loads(run(str(mail), "--json").stdout)
    assert values["group"] == "channels"
    assert {step["stage"] for step in values["trail"]} >= {"intent", "item", "channel", "reply"}


def test_why_not(mail: Path) -> None:
    result = run(str(mail), "--why-not", "double-bookings")
    assert "route double-bookings  routes.yaml:" in result.output
    assert "did not hold" in result.output


def test_why_not_with_a_typo_gives_a_hint(mail: Path) -> None:
    result = run(str(mail), "--why-not", "double-boking")
    assert result.exit_code == 1
    assert "did you mean double-bookings" in result.output


def test_another_time_is_another_answer(mail: Path) -> None:
    assert "· chat ·" in run(str(mail)).output
    assert "· ticket ·" in run(str(mail), "--now", "2026-11-21T09:00+01:00").output


def test_a_missing_file_is_told(home: Path, mail: Path) -> None:
    result = run(str(mail.with_name("none.eml")))
    assert result.exit_code == 1
    assert "there is no such file" in result.output


def test_letters_can_be_read_before_customers_do(mail: Path) -> None:
    result = CliRunner().invoke(replies, ["--only", "refund, nothing", "--language", "fr"])
    assert result.exit_code == 0, result.output
    assert "Bonjour Ana," in result.output
    assert "Hola" not in result.output
