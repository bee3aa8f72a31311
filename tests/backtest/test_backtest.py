"""A backtest finds what a changed rulebook would decide differently, and names the rule."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plugin.backtest.compare import Change, Compared, Totals
from plugin.backtest.report import as_text
from plugin.model import Step

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def backtest(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command as a process, deciding by words alone, which starts faster."""
    env = {"PATH": "/usr/bin:/bin", "ANTESALA_HOME": str(home), "ANTESALA_MEANING": "no", **more}
    command = [str(Path(sys.executable).with_name("antesala")), "backtest", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=900)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all of them."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default pack, with refunds sent to the wrong group."""
    folder = tmp_path_factory.mktemp("new") / "rules"
    shutil.copytree(ROOT / "rules", folder)
    intent = folder / "intents" / "refund.yaml"
    text = intent.read_text("utf-8")
    assert "\ngroup: billing" in text
    intent.write_text(text.replace("\ngroup: billing", "\ngroup: security"), "utf-8")
    return folder


def test_the_same_rulebook_changes_nothing(home: Path) -> None:
    """And every mail is counted."""
    done = backtest(home, "--rules", str(ROOT / "rules"), "--fail-over", "0%", "--format", "json", str(EXAMPLES))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["requests"] == len(list(EXAMPLES.glob("*.eml")))
    assert result["changed"] == 0


def test_a_changed_group_is_shown_and_fails_the_check(home: Path, changed: Path) -> None:
    """With the request, the aspect, the rule and exit 1."""
    done = backtest(home, "--rules", str(changed), "--fail-over", "2%", "--format", "json", str(EXAMPLES))
    assert done.returncode == 1
    assert "more than 2.0%" in done.stderr
    found = {Path(one["request"]).name: one for one in json.loads(done.stdout)["changes"]}
    refund = found["refund-es.eml"]
    assert {"aspect": "group", "before": "billing", "after": "security"} in refund["changes"]
    assert any(step["rule"] == "security" for step in refund["because"])


def test_a_step_without_a_place_says_none() -> None:
    step = Step("reply", "confirm", None, True, "nothing is missing")
    one = Compared("a.eml", (Change("group", "billing", "security"),), (step,))
    text = as_text([one], Totals(1, 1, (("group", 1),)))
    assert text.endswith("  because    confirm: nothing is missing")


def test_stored_requests_are_tried_too(home: Path, changed: Path, tmp_path: Path) -> None:
    """A mail that the store holds, named by how it is found again."""
    script = (
        "from pathlib import Path; from datetime import datetime, UTC;"
        "from plugin.settings import load; from plugin.store import open_store; from plugin.model import Arrival;"
        "s = open_store(load());"
        f"raw = Path({str(EXAMPLES / 'refund-es.eml')!r}).read_bytes();"
        "s.accept(Arrival('mail', raw, datetime.now(UTC))); s.close()"
    )
    database = f"sqlite:///{tmp_path / 'a.db'}"
    env = {"PATH": "/usr/bin:/bin", "ANTESALA_HOME": str(home), "ANTESALA_DATABASE_URL": database}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, check=True, timeout=60)
    done = backtest(home, "--rules", str(changed), "--since", "1d", ANTESALA_DATABASE_URL=database)
    assert done.returncode == 0, done.stderr
    assert "1 requests, 1 would be decided differently" in done.stdout
    assert "message 1" in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--since", "soon"), "expected a number of days"),
        (("--fail-over", "many"), "expected a percentage"),
        (("--since", "1d"), "there are no requests"),
        (("nowhere.eml",), "there is no such file"),
    ],
)
def test_what_cannot_be_done_is_said(home: Path, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    """In a sentence, with exit 1 or 2."""
    database = f"sqlite:///{tmp_path / 'empty.db'}"
    done = backtest(home, "--rules", str(ROOT / "rules"), *words, ANTESALA_DATABASE_URL=database)
    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert "Traceback" not in done.stderr
