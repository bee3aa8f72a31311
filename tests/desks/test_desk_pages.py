"""The pages of docs/desks say what the code does: the table of abilities, addresses, headers, options, settings."""

import re
from pathlib import Path

import pytest

from plugin.desks.protocol import ABILITIES
from plugin.desks.registry import KINDS
from plugin.settings.values import DESKS
from plugin.settings.variables import VARIABLES

PAGES = Path(__file__).parents[2] / "docs" / "desks"
COLUMNS = ("create", "append", "group", "tags", "priority", "note", "reply", "files", "link", "child", "changes")
OTHERS = ("mail-gateway", "generic")


def proof(kind):
    """How a desk's hooks are proven, in words."""
    if kind.hook is None:
        return "no hooks"
    scheme = kind.hook.scheme
    if not scheme.digest:
        return "a secret in a header" if scheme.header else "a secret in the address"
    return f"HMAC-{scheme.digest.upper()}" + (" with its time" if scheme.time else "")


def row(name, kind):
    cells = ["yes" if ability in kind.abilities else "–" for ability in COLUMNS]
    return f"| [{name}]({name}.md) | {' | '.join(cells)} | {proof(kind)} |"


def test_the_table_has_every_desk_and_every_ability_as_the_code_has_them():
    assert set(COLUMNS) == ABILITIES
    table = [line for line in (PAGES / "README.md").read_text("utf-8").splitlines() if line.startswith("| [")]
    desks = [line for line in table if line.split("]")[0].removeprefix("| [") in KINDS]
    assert sorted(desks) == sorted(row(name, kind) for name, kind in KINDS.items())
    head = f"| | {' | '.join(COLUMNS)} | hooks are proven by |"
    assert head in (PAGES / "README.md").read_text("utf-8")


def test_every_desk_of_the_settings_has_a_page():
    assert set(DESKS) - {"builtin", "gateway"} == set(KINDS)
    for name in (*KINDS, *OTHERS):
        assert f"({name}.md)" in (PAGES / "README.md").read_text("utf-8")
        assert (PAGES / f"{name}.md").exists()


@pytest.mark.parametrize("name", KINDS)
def test_a_page_says_all_that_one_has_to_know(name):
    kind, text = KINDS[name], (PAGES / f"{name}.md").read_text("utf-8")
    assert f"ANTESALA_DESK={name}\n" in text
    for setting in ("URL", "TOKEN", "GROUPS", "MODE"):
        assert f"ANTESALA_DESK_{setting}=" in text
    assert "antesala doctor" in text
    assert re.search(r"No second answer|does by itself", text), "what the desk answers by itself has to be told"
    for option in kind.options:
        assert f"`{option}`" in text
    for default in filter(None, kind.options.values()):
        assert default in text
    if kind.hook:
        assert f"/v1/hooks/{name}" in text
        assert "ANTESALA_DESK_SECRETS=" in text
    for priority, other in kind.lacks.items():
        assert f"`{priority}` becomes" in text
        assert kind.options.get(other, other) in text


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.md")), ids=lambda path: path.stem)
def test_a_page_names_no_setting_and_no_page_that_is_not_there(path):
    text = path.read_text("utf-8")
    for name in re.findall(r"ANTESALA_([A-Z0-9_]+)", text):
        assert name in VARIABLES
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert link.startswith("https://") or (path.parent / link).exists(), link
