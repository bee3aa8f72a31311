#!/usr/bin/env python3
"""Make the virtual environment, on a machine that may have nothing but Python itself.

Debian splits `ensurepip` off into python3-venv. Where that package is missing, root installs it;
anybody else gets an environment without pip, and the pip that requirements.lock names is fetched
from the package index and checked against its hash before it runs.
"""

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WANTED = (3, 11)


def main() -> None:
    if sys.version_info < WANTED:
        stop(
            f"Antesala needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.\n"
            "Name another one: make PYTHON=/path/to/python3.12"
        )
    folder = Path(sys.argv[1])
    print(f"Making the environment {folder} with Python {sys.version.split()[0]} ...", flush=True)
    if not importlib.util.find_spec("ensurepip") and os.geteuid() == 0:
        apt_install("python3-venv")
    if importlib.util.find_spec("ensurepip"):
        done = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True)
        if done.returncode == 0:
            return
        print("python -m venv failed; going on without ensurepip.", flush=True)
    run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)])
    with tempfile.TemporaryDirectory() as place:
        wheel = fetch_pip(Path(place))
        run(
            [
                str(folder / "bin" / "python"),
                f"{wheel}/pip",
                "install",
                "--quiet",
                "--no-deps",
                "--no-index",
                str(wheel),
            ]
        )


def apt_install(package: str) -> None:
    """Best effort: the way without the package works too."""
    print(f"Installing the Debian package {package} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", package],
    ):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    importlib.invalidate_caches()


def fetch_pip(place: Path) -> Path:
    """The wheel of pip that the lock names, from the index that pip itself would ask."""
    version, hashes = locked_pip()
    page_url = index_url().rstrip("/") + "/pip/"
    try:
        with urllib.request.urlopen(page_url, timeout=60) as answer:
            page = answer.read().decode("utf-8", "replace")
        name = f"pip-{version}-py3-none-any.whl"
        link = next((x for x in re.findall(r'href="([^"]+)"', page) if name in x), None)
        if link is None:
            stop(f"{page_url} does not offer {name}. Install python3-venv, or set PIP_INDEX_URL.")
        with urllib.request.urlopen(urllib.parse.urljoin(page_url, link), timeout=120) as answer:
            data = answer.read()
    except OSError as error:
        stop(f"Cannot fetch pip from {page_url}: {error}\nInstall it as root instead:  apt-get install python3-venv")
    if hashlib.sha256(data).hexdigest() not in hashes:
        stop(f"{name} is not the file that requirements.lock names: its hash differs. Nothing was installed.")
    wheel = place / name
    wheel.write_bytes(data)
    return wheel


def locked_pip() -> "tuple[str, set[str]]":
    entry = re.search(
        r"^pip==(\S+) \\\n((?:\s+--hash=sha256:\w+(?: \\)?\n)+)", (ROOT / "requirements-dev.lock").read_text(), re.M
    )
    if entry is None:
        stop("requirements-dev.lock does not name pip; run `make lock`.")
    return entry[1], set(re.findall(r"sha256:(\w+)", entry[2]))


def index_url() -> str:
    if url := os.environ.get("PIP_INDEX_URL"):
        return url
    config = ConfigParser(interpolation=None)
    home = Path.home()
    config.read(
        [
            "/etc/pip.conf",
            home / ".pip" / "pip.conf",
            home / ".config" / "pip" / "pip.conf",
            os.environ.get("PIP_CONFIG_FILE", "/nonexistent"),
        ]
    )
    return config.get("global", "index-url")


def run(command: "list[str]") -> None:
    if subprocess.run(command).returncode:
        stop(f"This failed: {' '.join(command)}")


def stop(text: str) -> "NoReturn":  # noqa: F821
    print(text, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
