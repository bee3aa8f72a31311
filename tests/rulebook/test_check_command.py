"""`antesala check`: exit codes and formats."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from plugin.cli.check import command
from tests.rulebook.making import HERE


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "good", tmp_path / "rules"))


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(args), catch_exceptions=False)
    return result.exit_code, result.output


def spoil(rules: Path, name: str, target: str) -> None:
    shutil.copy(HERE / "bad" / name, rules / target)


def test_good_is_0_and_says_what_was_read(rules: Path) -> None:
    code, out = run(str(rules))
    assert code == 0
    assert "2 groups" in out
    assert out.endswith("0 errors, 0 warnings\n")


def test_an_error_is_1_and_reads_like_a_compiler(rules: Path) -> None:
    spoil(rules, "undefined-group.yaml", "routes.yaml")
    code, out = run(str(rules))
    assert code == 1
    assert (
        f"{rules}/routes.yaml:6:19: error: there is no group 'biling' [undefined-group]\n    hint: did you mean" in out
    )


def test_a_warning_is_0_or_with_strict_3(rules: Path) -> None:
    spoil(rules, "unused-group.yaml", "groups.yaml")
    assert run(str(rules))[0] == 0
    assert run(str(rules), "--strict")[0] == 3


def test_an_empty_folder_is_1(tmp_path: Path) -> None:
    assert run(str(tmp_path))[0] == 1


def test_json_can_be_read_by_programs(rules: Path) -> None:
    spoil(rules, "undefined-group.yaml", "routes.yaml")
    data = json.loads(run(str(rules), "--format", "json")[1])
    assert data["problems"][0]["code"] == "undefined-group"
    assert data["problems"][0]["line"] == 6
    assert data["counts"]["intents"] == 2


def test_github_shows_problems_beside_lines(rules: Path) -> None:
    spoil(rules, "undefined-group.yaml", "routes.yaml")
    out = run(str(rules), "--format", "github")[1]
    assert out.startswith(f"::error file={rules}/routes.yaml,line=6,col=19,title=undefined-group::there is no group")


def test_hours_that_cannot_be_are_an_error(rules: Path) -> None:
    desk = (rules / "desk.yaml").read_text("utf-8")
    hours = "hours: {week: [{days: mon-fri, open: ['17:00-08:00']}]}\n"
    (rules / "desk.yaml").write_text(desk + hours, "utf-8")
    code, out = run(str(rules))
    assert code == 1
    assert "[bad-hours]" in out
