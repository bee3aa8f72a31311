#!/usr/bin/env python3
"""Make the virtual environment, on a machine that may have nothing but Python itself.

Debian splits `ensurepip` off into python3-venv. Where that package is missing, the pip that
requirements-dev.lock names is fetched from the package index and checked against its hash before it
runs; if there is no index to be reached in this way, root installs the package.
"""

import hashlib
import os
import re
import shutil
import ssl
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
    if with_ensurepip(folder):
        return
    run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)])
    try:
        with tempfile.TemporaryDirectory() as place:
            wheel = fetch_pip(Path(place))
            pip = [str(folder / "bin" / "python"), f"{wheel}/pip"]
            run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)])
    except (OSError, LookupError) as error:
        print(f"pip could not be fetched: {error}", flush=True)
        if not (os.geteuid() == 0 and apt_install("python3-venv") and with_ensurepip(folder)):
            shutil.rmtree(folder, ignore_errors=True)
            stop("Install it as root instead:  apt-get install python3-venv  and then make again.")


def with_ensurepip(folder: Path) -> bool:
    """The usual way; False where Debian's python3-venv is missing."""
    found = subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True).returncode == 0
    command = [sys.executable, "-m", "venv", "--clear", str(folder)]
    return found and subprocess.run(command, capture_output=True).returncode == 0


def apt_install(package: str) -> bool:
    print(f"Installing the Debian package {package} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", package]
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if not shutil.which("apt-get"):
        return False
    return all(subprocess.run(command, **quiet).returncode == 0 for command in (["apt-get", "update", "-qq"], install))


def fetch_pip(place: Path) -> Path:
    """The wheel of pip that the lock names, from the index that pip itself would ask. OSError, LookupError."""
    version, hashes = locked_pip()
    page_url = index_url().rstrip("/") + "/pip/"
    name = f"pip-{version}-py3-none-any.whl"
    trust = ssl.create_default_context(cafile=os.environ.get("PIP_CERT"))
    with urllib.request.urlopen(page_url, timeout=60, context=trust) as answer:
        page = answer.read().decode("utf-8", "replace")
    link = next((x for x in re.findall(r'href="([^"]+)"', page) if name in x), None)
    if link is None:
        raise LookupError(f"{page_url} does not offer {name}")
    with urllib.request.urlopen(urllib.parse.urljoin(page_url, link), timeout=120, context=trust) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() not in hashes:
        stop(f"{name} is not the file that the lock names: its hash differs. Nothing was installed.")
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
