#!/usr/bin/env python3
"""Make the virtual environment, on a machine that may have nothing but Python itself.

Debian splits `ensurepip` off into python3-venv. Where that package is missing, pip is taken out of Debian's package of
it, from the sources that the machine is set up with, which needs no root; if that fails, root installs the package.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

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
        print(f"pip could not be had: {error}", flush=True)
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
    """Debian's own wheel of pip, taken out of its package; needs no root. LookupError if it cannot be had."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (place / folder).mkdir(parents=True)
    own = ["-o", f"Dir::State::lists={place}/lists", "-o", f"Dir::Cache={place}/cache", "-o", "APT::Sandbox::User="]
    if not shutil.which("apt-get"):
        raise LookupError("this Python has no ensurepip, and there is no apt-get to get it with")
    print("Taking pip out of Debian's package python3-pip-whl ...", flush=True)
    for words in (["update", "-qq"], ["download", "-qq", "python3-pip-whl"]):
        done = subprocess.run(["apt-get", *own, *words], cwd=place, capture_output=True, text=True)
        if done.returncode:
            raise LookupError((done.stderr.strip().splitlines() or ["apt-get failed"])[-1])
    for package in place.glob("python3-pip-whl*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(package), str(place / "package")], check=True)
    wheel = next(place.glob("package/usr/share/python-wheels/pip-*.whl"), None)
    if wheel is None:
        raise LookupError("the package python3-pip-whl holds no pip")
    return wheel


def run(command: "list[str]") -> None:
    if subprocess.run(command).returncode:
        stop(f"This failed: {' '.join(command)}")


def stop(text: str) -> "NoReturn":  # noqa: F821
    print(text, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
