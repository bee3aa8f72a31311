"""What all servers share: a folder they can read, free ports, a throwaway CA, a clean end."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def free_port() -> int:
    """A port that nobody listens on just now.

    It lies below those that the kernel gives to whoever connects: a server that was killed finds it free again.
    """
    given = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    while True:
        port = random.SystemRandom().randrange(10_000, max(int(given[0]), 20_000))
        with socket.socket() as sock, suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", port))
            return port


def folder(name: str) -> Path:
    """A folder that a server's own users may enter, unlike those of pytest."""
    path = Path(tempfile.mkdtemp(prefix=f"antesala-{name}-"))
    path.chmod(0o755)
    return path


def program(name: str, package: str) -> str:
    """The path of a server's program; says what to install if there is none."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/lib/dovecot")
    if path is None:
        raise RuntimeError(f"{name} is missing: `make test` as root installs the Debian package {package}")
    return path


PATIENCE = 120.0  #: seconds that a slow and busy machine is given; a test that passes does not wait for them


def wait_for(
    what: Callable[[], object],
    seconds: float = PATIENCE,
    message: str | Callable[[], object] = "it did not happen in time",
) -> None:
    """Until `what()` is true; AssertionError with `message`, or what it returns by then, after `seconds`."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, message() if callable(message) else message
        time.sleep(0.02)


def answers(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0


def end(pid: int, sig: int = signal.SIGTERM, seconds: float = 10.0) -> None:
    """Signal a process that is no child of ours and wait until it is gone."""
    try:
        os.kill(pid, sig)
    except ProcessLookupError:
        return
    limit = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < limit:
        time.sleep(0.02)
    if alive(pid):
        os.kill(pid, signal.SIGKILL)


def alive(pid: int) -> bool:
    """Whether any thread of a process is left: as long as one waits for the disk, its sockets are open."""
    process = Path(f"/proc/{pid}")
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z" or len(list((process / "task").iterdir())) > 1
    except (FileNotFoundError, ProcessLookupError):
        return False


def certificate(where: Path, *, names: str = "DNS:localhost,IP:127.0.0.1", days: int = 3650) -> None:
    """`ca.pem`, `server.pem` and `server.key` in `where`: a throwaway CA and a certificate signed by it."""
    where.mkdir(parents=True, exist_ok=True)

    def openssl(*args: str) -> None:
        subprocess.run([program("openssl", "openssl"), *args], cwd=where, check=True, capture_output=True)

    openssl(
        *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=Throwaway Test CA"),
        *("-keyout", "ca.key", "-out", "ca.pem", "-addext", "basicConstraints=critical,CA:TRUE"),
        *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
    )
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-keyout", "server.key", "-out", "server.csr")
    (where / "ext").write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")
    openssl(
        *("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"),
        *("-days", str(days), "-extfile", "ext", "-out", "server.pem"),
    )
