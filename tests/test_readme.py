"""What the README tells a newcomer to type works: each of its commands is run, in a copy of the project."""

import base64
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plugin.settings import load

ROOT = Path(__file__).parent.parent
ENVIRONMENT = Path(sys.prefix)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


def blocks(file, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", file.read_text("utf-8"), re.M | re.S)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project as it would be checked out, with the environment that is there already."""
    folder = tmp_path_factory.mktemp("checkout") / "antesala"
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in names:
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ENVIRONMENT)
    return folder


@pytest.fixture(scope="module")
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def environment(port):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTESALA_")}
    return {**kept, "ANTESALA_LISTEN_PORT": str(port), "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def started(copy, environment):
    """`make run`, as the README says, until it is ready. It must have nothing to install."""
    assert "make run\n" in blocks(ROOT / "README.md", "sh")
    secret = "whsec_" + base64.b64encode(b"a secret for the README's test..").decode()
    (copy / ".env").write_text(f"ANTESALA_WEBHOOK_SECRETS={secret}\n", "utf-8")
    with (copy / "log").open("wb") as log:
        # -o: the environment is this one, whatever its files' dates say.
        command = ["make", "-o", ".venv/.runs", "run"]
        process = subprocess.Popen(command, cwd=copy, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            deadline = time.monotonic() + 240
            while b"Antesala is ready" not in (copy / "log").read_bytes():
                assert process.poll() is None, (copy / "log").read_text("utf-8")
                assert time.monotonic() < deadline, (copy / "log").read_text("utf-8")
                time.sleep(0.2)
            yield copy
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(60)


def commands():
    """Every command of the README but those that this test is, or has as its own fixture."""
    lines = [line for block in blocks(ROOT / "README.md", "sh") for line in block.splitlines()]
    return [line for line in lines if line not in ("make run", "make test", "make soak")]


def test_every_command_works(started, environment):
    assert len(commands()) >= 8
    for command in commands():
        done = subprocess.run(
            ["bash", "-ec", command], cwd=started, env=environment, capture_output=True, text=True, timeout=240
        )
        # doctor ends with 1 where something fails; here a part or two may, e.g. a desk that is not set up
        allowed = (0, 1) if command.endswith("doctor") else (0,)
        assert done.returncode in allowed, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_the_webhook_is_called_as_documented(started, environment, port):
    (example,) = blocks(ROOT / "docs" / "webhook.md", "sh")
    command = example.replace("127.0.0.1:8925", f"127.0.0.1:{port}").replace("curl -sS", "curl -sS -w '%{http_code}'")
    done = subprocess.run(
        ["bash", "-ec", command], cwd=started, env=environment, capture_output=True, text=True, timeout=240
    )
    assert done.stdout.endswith("202"), done.stdout + done.stderr


@pytest.mark.parametrize("target", ["run", "test", "setup", "lint", "bench", "soak"])
def test_make_has_the_targets_and_lists_them(target):
    done = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.search(rf"^  make {target} ", done.stdout, re.M)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_settings_of_a_page_can_be_used(page, tmp_path):
    for block in blocks(page, "ini"):
        if "ANTESALA_" in block and "[Service]" not in block:
            file = tmp_path / ".env"
            file.write_text(re.sub(r"whsec_(\.\.\.|…)", "whsec_" + "QUJD" * 8, block), "utf-8")
            load({}, file)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page):
    for target, _ in LINK.findall(page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target
