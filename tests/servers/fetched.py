"""Python programs that tests start as servers: installed once, beside the environment, from a file with hashes."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".venv" / "servers"


def packages(name: str) -> Path:
    """A folder for PYTHONPATH with what `tests/servers/<name>.txt` names, each file checked against its hash."""
    wanted = HERE / f"{name}.txt"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()[:16]
    target = CACHE / f"{name}-{digest}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / ".whole").exists():
            shutil.rmtree(target, ignore_errors=True)
            pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--no-deps"]
            done = subprocess.run(
                [*pip, "--require-hashes", "--target", str(target), "-r", str(wanted)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            (target / ".whole").touch()
    return target


def python() -> str:
    """The interpreter without the packages of the tests' own environment."""
    return getattr(sys, "_base_executable", sys.executable)
