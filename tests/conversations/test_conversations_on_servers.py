"""The conversations that say `real-servers: true`, with Postfix and Dovecot on the way to `antesala run`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.dovecot import Dovecot
from servers.postfix import Postfix

from conversations.checking import differences
from conversations.on_servers import House, RealStage
from conversations.script import read, scripts
from plugin.rulebook import Rulebook

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

FOLDER = Path(__file__).parent
PATHS = [path for path in scripts(FOLDER) if read(path).real_servers]


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest, rulebook: Rulebook
) -> Iterator[House]:
    """The rulebook is asked for so that it is learned by now."""
    if os.getuid() != 0:
        pytest.skip("Postfix can only be started by root")
    learned = Path(request.config.cache.mkdir("rulebook"))
    home = tmp_path_factory.mktemp("house")
    with Dovecot() as dovecot, Postfix(dovecot) as postfix, House(postfix, home, learned) as opened:
        yield opened


def test_there_are_ten_at_least() -> None:
    assert len(PATHS) >= 10


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in PATHS])
def test_conversation_on_servers(path: Path, house: House, tmp_path: Path) -> None:
    stage = RealStage(house, path, PATHS.index(path), tmp_path)
    for step in stage.script.steps:
        found = list(differences(step, stage.play(step)))
        if found:
            said = "\n".join(found)
            pytest.fail(f"{stage.script.about}\nstep {step.number} of {path.name}:\n{said}", pytrace=False)
