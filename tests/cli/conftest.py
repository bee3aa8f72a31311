"""The command line as a process, as a person runs it."""

import pytest
from commands import Commands


@pytest.fixture
def antesala(tmp_path):
    return Commands(tmp_path)


@pytest.fixture(scope="session")
def learned(tmp_path_factory):
    """A home whose caches are full, so that only the first test pays for reading the rulebook."""
    commands = Commands(tmp_path_factory.mktemp("learned"))
    commands.run("init", "rules")
    commands.settings["RULES"] = commands.folder / "rules"
    commands.run("triage", "--json", "-", stdin=b"From: a@b.example\n\nHello\n")
    return commands
