"""A Django program as a server on loopback: its own packages, SQLite, a throwaway folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import httpx

from servers.fetched import packages, python
from servers.ground import PATIENCE, answers, end, folder, free_port, wait_for
from servers.hooks import HookSink
from servers.smtp import SmtpServer

_SERVE = """
import sys, django; django.setup()
from django.core.wsgi import get_wsgi_application
from waitress import serve
serve(get_wsgi_application(), listen="127.0.0.1:" + sys.argv[1], threads=6)
"""
SITES = Path(__file__).parent / "sites"


class DjangoSite:
    """A context manager; the server runs inside. `tests/servers/sites/<name>` holds settings, urls and seed."""

    def __init__(self, name: str) -> None:
        self.home = folder(name)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.smtp, self.sink = SmtpServer(), HookSink()
        self._name = name

    def __enter__(self) -> DjangoSite:
        self._env = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": os.pathsep.join((str(SITES / self._name), str(packages(self._name)))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "site_settings",
            "SITE_HOME": str(self.home),
            "SITE_SMTP": str(self.smtp.port),
            "SITE_HOOK": f"http://127.0.0.1:{self.sink.port}/v1/hooks/{self._name.replace('_', '-')}",
        } | self.environment()
        self._run("-m", "django", "migrate", "-v0")
        self._run(str(SITES / self._name / "seed.py"))
        with (self.home / "server.log").open("wb") as log:
            self._server = subprocess.Popen(
                [python(), "-s", "-c", _SERVE, str(self.port)],
                env=self._env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        wait_for(self._ready, message=f"{self._name} does not answer")
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        end(self._server.pid)
        self._server.wait(10)
        self.smtp.close()
        self.sink.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """More of it, where a site needs more."""
        return {}

    def told(self, name: str) -> str:
        """What the seed wrote down."""
        return (self.home / name).read_text("ascii")

    def mail_in(self, raw: bytes) -> str:
        """A mail by the program's own reading of its mailbox; the id of the ticket."""
        answer = httpx.post(f"{self.url}/tests/mail/", content=raw, timeout=PATIENCE)
        assert answer.is_success, answer.text + self.log()
        return answer.text

    @contextmanager
    def many(self, count: int) -> Iterator[list[str]]:
        """So many new tickets, all at once, and gone afterwards; their ids."""
        answer = httpx.get(f"{self.url}/tests/many/{count}/", timeout=PATIENCE)
        assert answer.is_success, answer.text + self.log()
        yield answer.text.split()
        httpx.get(f"{self.url}/tests/few/", timeout=PATIENCE).raise_for_status()

    def log(self) -> str:
        """The end of what the server wrote."""
        return (self.home / "server.log").read_text("utf-8", "replace")[-3000:]

    def _ready(self) -> bool:
        assert self._server.poll() is None, self.log()
        return answers(self.port)

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            [python(), "-s", *words],
            env=self._env,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
