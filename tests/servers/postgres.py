"""A real PostgreSQL on loopback, with a cluster of its own; durable as in production.

Runs as root (the server itself then as the user postgres) or as anybody.
"""

from __future__ import annotations

import glob
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType

import psycopg

from servers.ground import alive, folder, free_port, wait_for


def programs() -> Path:
    """The folder of initdb and postgres; Debian keeps them out of PATH."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    path = found[-1] if found else shutil.which("initdb")
    if not path:
        raise RuntimeError("initdb is missing: `make test` as root installs the Debian package postgresql")
    return Path(path).parent


class Postgres:
    """One server; `database()` makes a fresh database and returns its URL for ANTESALA_DATABASE_URL."""

    def __init__(self) -> None:
        self.home = folder("postgres")
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(self.home, self._user)
        self._run("initdb", "-D", str(self.home / "data"), "-U", "antesala", "-A", "trust", "--no-instructions")
        self.start()

    def start(self) -> None:
        """Start the server on the same port and data as before."""
        options = ["-p", str(self.port), "-h", "127.0.0.1", "-k", str(self.home), "-c", "max_connections=200"]
        command = self._as_user([str(programs() / "postgres"), "-D", str(self.home / "data"), *options])
        log = (self.home / "log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.home, start_new_session=True)
        wait_for(self._ready, message="PostgreSQL did not start")

    def stop(self, sig: int = signal.SIGINT) -> None:
        """Stop: SIGINT cuts connections and is clean, SIGQUIT is a crash."""
        pid_file = self.home / "data" / "postmaster.pid"
        if pid_file.exists():
            pid = int(pid_file.read_text().split()[0])
            os.kill(pid, sig)
            wait_for(lambda: not alive(pid), message="PostgreSQL did not stop")
        if self._process is not None:
            self._process.wait(30)
            self._process = None

    def database(self) -> str:
        """A fresh, empty database."""
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://antesala@127.0.0.1:{self.port}/{name}"

    def reload(self, **settings: str) -> None:
        """Change settings of the running server."""
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as conn:
            for name, value in settings.items():
                conn.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            conn.execute("SELECT pg_reload_conf()")

    def close(self) -> None:
        """Cut off and remove everything: a clean stop would first write out all databases."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Postgres:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _dsn(self, name: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=antesala dbname={name} connect_timeout=2"

    def _ready(self) -> bool:
        try:
            psycopg.connect(self._dsn("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, name: str, *args: str) -> None:
        command = self._as_user([str(programs() / name), *args])
        subprocess.run(command, check=True, capture_output=True, cwd=self.home)

    def _as_user(self, command: list[str]) -> list[str]:
        return (
            ["setpriv", f"--reuid={self._user}", f"--regid={self._user}", "--clear-groups", *command]
            if (os.geteuid() == 0)
            else command
        )
