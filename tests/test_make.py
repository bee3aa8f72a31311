"""`make` on a machine that lacks something says what, and what to do about it."""

import os
import shutil
import site
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from servers.fetched import packages

ROOT = Path(__file__).parent.parent


@pytest.fixture
def checkout(tmp_path):
    """What `make setup` needs, and an environment that is there already: only the packages are missing."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml", ".ci/venv.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    subprocess.run([sys.executable, ".ci/venv.py", ".venv"], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_without_a_package_index_it_says_what_the_machine_needs(checkout):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE"))}
    environment = {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    done = subprocess.run(["make", "setup"], cwd=checkout, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 2
    assert "PIP_INDEX_URL" in done.stderr
    assert not (checkout / ".venv" / ".runs").exists(), "the next make tries again"


def test_an_old_python_is_named_with_the_way_out(tmp_path):
    """As the script would find itself on one."""
    script = (
        "import sys; sys.version_info = (3, 9, 2); sys.argv = ['venv.py', sys.argv[1]]; exec(open(sys.argv[2]).read())"
    )
    script = script.replace("sys.argv[2]", repr(str(ROOT / ".ci" / "venv.py")))
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / ".venv")], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert not (tmp_path / ".venv").exists()


#: What Debian 12 calls python3; some packages ask for a later 3.11.
DEBIAN = "3.11.2"


@pytest.mark.parametrize("program", ["", "django_helpdesk", "escalated"])
def test_what_is_installed_runs_on_the_python_of_debian_12(program):
    folders = [str(packages(program))] if program else site.getsitepackages()
    found = list(distributions(path=folders))
    assert len(found) > 5
    asks = {one.metadata["Name"]: one.metadata.get("Requires-Python") or "" for one in found}
    assert not [name for name, wanted in asks.items() if not SpecifierSet(wanted).contains(DEBIAN)]
