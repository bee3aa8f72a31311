"""`antesala doctor` on the people whom the rules tell: each finding names what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plugin.service.doctor.people import told
from plugin.settings import Secret, Settings

GOOD = Path(__file__).parents[1] / "rulebook" / "good"
SINK = "json://127.0.0.1:9/x"
BILLING = "  - id: billing\n    description: Money.\n"


def settings_with(folder: Path, billing: str = "", of_desk: str = "", **more: object) -> Settings:
    """The small rulebook with something more for billing and for the desk."""
    rules = Path(shutil.copytree(GOOD, folder / "rules"))
    groups = (rules / "groups.yaml").read_text("utf-8")
    assert BILLING in groups
    (rules / "groups.yaml").write_text(groups.replace(BILLING, BILLING + billing), "utf-8")
    (rules / "desk.yaml").write_text((rules / "desk.yaml").read_text("utf-8") + of_desk, "utf-8")
    return Settings(home=folder / "home", rules=rules, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("billing", "desk", "notify", "gateway", "state", "says"),
    [
        pytest.param("", "", {}, False, "ok", "tell nobody", id="nobody"),
        pytest.param("    notify: [night-shift]\n", "", {"night-shift": SINK}, False, "ok", "night-shift.", id="well"),
        pytest.param(
            "    notify: [night-shift]\n",
            "",
            {},
            False,
            "failing",
            "ANTESALA_NOTIFY_NIGHT_SHIFT (groups.yaml:",
            id="no setting",
        ),
        pytest.param(
            "    members: [{id: ana, notify: ana}]\n", "", {}, False, "failing", "Set ANTESALA_NOTIFY_ANA", id="member"
        ),
        pytest.param("", "notify: [ops]\n", {}, False, "failing", "Set ANTESALA_NOTIFY_OPS (desk.yaml:", id="desk"),
        pytest.param("", "notify: [ops]\n", {"ops": "nonsense"}, False, "failing", "cannot read: ops", id="unreadable"),
        pytest.param(
            "    pick_up: {within: 4}\n", "", {}, False, "warning", "not picked up in: billing", id="nobody to tell"
        ),
        pytest.param(
            "    pick_up: {within: 4}\n",
            "notify: [ops]\n",
            {"ops": SINK},
            True,
            "warning",
            "`antesala take`",
            id="gateway",
        ),
        pytest.param("", "", {"ops": SINK}, False, "warning", "No rule tells: ops", id="unused"),
    ],
)
def test_people_told(
    tmp_path: Path, billing: str, desk: str, notify: dict[str, str], gateway: bool, state: str, says: str
) -> None:
    more: dict[str, object] = {"desk": "gateway"} if gateway else {}
    given = settings_with(
        tmp_path, billing, desk, notify={name: Secret(address) for name, address in notify.items()}, **more
    )
    finding = told(given)
    assert finding.state == state
    assert says in f"{finding.reason} {finding.remedy}"
    assert SINK not in repr(finding)


def test_while_the_rulebook_is_broken(tmp_path: Path) -> None:
    assert "Mend the rulebook first" in told(settings_with(tmp_path, of_desk="nonsense: 1\n")).remedy
