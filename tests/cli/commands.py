"""Runs `antesala` in a folder of its own, with nothing of this machine's settings."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ANTESALA = Path(sys.executable).parent / "antesala"
EXAMPLES = ROOT / "examples"


class Commands:
    def __init__(self, folder, **settings):
        self.folder = Path(folder)
        self.settings = settings

    @property
    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTESALA_")}
        return {**kept, "OMP_NUM_THREADS": "1", **{f"ANTESALA_{name}": str(v) for name, v in self.settings.items()}}

    def run(self, *words, stdin=b"", timeout=180):
        return subprocess.run(
            [ANTESALA, *map(str, words)], cwd=self.folder, env=self.environment, input=stdin, capture_output=True,
            timeout=timeout,
        )  # fmt: skip

    def start(self, *words, **streams):
        return subprocess.Popen([ANTESALA, *map(str, words)], cwd=self.folder, env=self.environment, **streams)

    def with_caches_of(self, other):
        """So that the rulebook is not learned anew."""
        shutil.copytree(other.folder / "var" / "cache", self.folder / "var" / "cache", dirs_exist_ok=True)
        self.settings.setdefault("RULES", other.settings["RULES"])
        return self
