"""`.env.example` names every setting, explains each, and can be used as it is."""

import re
from pathlib import Path

import pytest

from plugin.settings import GROUPS, VARIABLES, Settings, load

FILE = Path(__file__).parent.parent / ".env.example"
LINE = re.compile(r"^#ANTESALA_([A-Z0-9_]+)=(.*)$")


def entries():
    return [found for line in FILE.read_text("utf-8").splitlines() if (found := LINE.match(line))]


def test_it_names_every_setting_once():
    names = [found[1] for found in entries()]
    free = [name for name in names if name.startswith(tuple(f"{group}_" for group in GROUPS))]
    assert sorted(set(names) - set(free)) == sorted(VARIABLES)
    assert len(names) == len(set(names))
    assert {name.partition("_")[0] for name in free} == set(GROUPS)


def test_every_setting_has_a_comment_above_it():
    lines = FILE.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if LINE.match(line):
            above = lines[number - 1]
            # Settings that belong together share the comment above the first of them.
            assert above.startswith("# ") or LINE.match(above), line


def test_as_it_stands_it_changes_nothing(tmp_path):
    assert load({}, FILE) == Settings(mailboxes=load({}, None).mailboxes)


@pytest.mark.parametrize(
    "found", [found for found in entries() if "…" not in found[2]], ids=lambda found: found[1]
)  # … is a placeholder for a secret
def test_each_line_can_be_used_without_its_mark(found, tmp_path):
    file = tmp_path / ".env"
    file.write_text(f"ANTESALA_{found[1]}={found[2]}\n", "utf-8")
    load({"ANTESALA_HOOK_SECRET": "whsec_" + "QUJD" * 8}, file)  # HOOK_URL cannot go without it
