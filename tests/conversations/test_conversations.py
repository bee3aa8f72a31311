"""Every conversation of this folder, from the first message to the last look at the ticket."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.checking import differences
from conversations.script import read, scripts
from conversations.sink import Sink
from conversations.stage import Stage
from plugin.rulebook import Rulebook

HERE = Path(__file__).parent


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in scripts(HERE)])
def test_conversation(path: Path, tmp_path: Path, rulebook: Rulebook, sink: Sink) -> None:
    script = read(path)
    stage = Stage(tmp_path, script, rulebook, sink)
    try:
        for step in script.steps:
            found = list(differences(step, stage.play(step)))
            if found:
                said = "\n".join(found)
                pytest.fail(f"{script.about}\nstep {step.number} of {path.name}:\n{said}", pytrace=False)
        assert stage.store.failed() == (), "something was set aside"
    finally:
        stage.close()
