"""Installed from a wheel, without a checkout, everything that comes along is there."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_wheel_works_without_the_checkout(tmp_path: Path) -> None:
    """The default rules pass their check, and a rulebook of one's own can be begun."""
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    subprocess.run([*build, str(tmp_path), str(ROOT)], check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    run = "import sys; sys.path.insert(0, sys.argv.pop(1)); from plugin.cli import main; main()"
    for words, says in ((["check"], "0 errors"), (["init", "mine"], "mine"), (["check", "mine"], "0 errors")):
        command = [sys.executable, "-P", "-c", run, str(installed), *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert says in done.stdout
    origin = "import sys; sys.path.insert(0, sys.argv[1]); import plugin.settings as s; print(s.RULES, s.SCHEMAS)"
    done = subprocess.run([sys.executable, "-c", origin, str(installed)], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == [str(installed / "plugin" / f"_{name}") for name in ("rules", "schemas")]
