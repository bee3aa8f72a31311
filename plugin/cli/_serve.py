"""`run`, `web`, `worker` and `mailbox` put together the same parts, more or fewer of them."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plugin.cli._common import fail, reader, reading, settings, store
from plugin.settings import FolderMailbox, SettingsError

if TYPE_CHECKING:
    from plugin.intake.run import Intake
    from plugin.rulebook.live import Live
    from plugin.service.health import Part
    from plugin.service.run import Running
    from plugin.service.worker import Worker
    from plugin.store import Store
    from plugin.web.server import Server


class Service:
    """The parts of one process, made in the order in which they can fail."""

    def __init__(self, wanted: Sequence[str]) -> None:
        from plugin.service.errors import setup_sentry
        from plugin.service.garbage import settle
        from plugin.service.log import setup_log

        self.settings = settings()
        setup_log(self.settings)
        setup_sentry(self.settings)
        self.store: Store = store(self.settings)
        self.stop = threading.Event()
        self.live: Live | None = None
        self.intake: Intake | None = None
        self.server: Server | None = None
        self.worker: Worker | None = None
        self.running: list[Running] = []
        makers = {"web": self._web, "worker": self._worker, "mailboxes": self._mailboxes}
        for name in wanted:
            makers[name]()
        settle()

    def serve(self, greet: Callable[[], None] = lambda: None) -> None:
        """Run until told to stop. `greet` says that we are ready, once signals are heeded."""
        from plugin.service.run import run, signals

        with signals(self.stop, self.reload):
            greet()
            ended = run(self.running, self.stop)
        self.store.close()
        click.echo("Stopped." if ended else "Stopped; what was not finished is taken up at the next start.", err=True)

    def reload(self) -> None:
        """Read the rules again; a broken rulebook changes nothing."""
        from plugin.service.rules import say

        if self.live is None:
            return
        say(self.live, self.live.reload())

    def health(self) -> tuple[Part, ...]:
        """Every part of this process, and of the store that it shares with others."""
        from plugin.service.health import of_groups, of_mailbox, of_rulebook, of_store

        parts = [*of_store(self.store)]
        if self.live is not None:
            parts += [of_rulebook(self.live), of_groups(self.live.current, datetime.now(UTC))]
        if self.intake is not None:
            parts += [of_mailbox(state) for state in self.intake.states()]
        if self.worker is not None and (desk := self.worker.part()):
            parts.append(desk)
        return (*parts, *(part for running in self.running if (part := running.part())))

    def _web(self) -> None:
        from plugin.service.run import Running
        from plugin.web.app import create_app
        from plugin.web.parts import Web
        from plugin.web.server import Server
        from plugin.web.signature import keys

        try:
            web = Web(self.settings, self.store, self.health, keys(self.settings.webhook_secrets))
            self.server = Server(create_app(web), self.settings)
        except SettingsError as error:
            fail(str(error), 2)
        except OSError as error:
            where = f"{self.settings.listen_host}:{self.settings.listen_port}"
            taken = error.errno == errno.EADDRINUSE
            hint = "something listens there already (another antesala run?)" if taken else error.strerror
            fail(f"the web part cannot listen on {where}: {hint}; see ANTESALA_LISTEN_PORT and ANTESALA_LISTEN_HOST")
        self.running.append(Running("web", self.server.run))

    def _worker(self) -> None:
        from plugin.service.rules import in_force, watch
        from plugin.service.run import Running
        from plugin.service.worker import Worker

        read = reader(self.settings)
        self.live = live = reading(self.settings, lambda: in_force(read, self.settings.rules))
        self.worker = worker = Worker(self.store, self.settings, live)
        worker.warm()
        self.running.append(Running("worker", worker.run))
        self.running.append(Running("rules", lambda stop: watch(live, stop), awaited=False))

    def _mailboxes(self) -> None:
        from plugin.intake.run import Intake
        from plugin.service.run import Running

        for mailbox in self.settings.mailboxes:
            if isinstance(mailbox, FolderMailbox):  # there before the screen says where to drop a mail
                _make_maildir(mailbox.path)
        self.intake = intake = Intake(self.settings, self.store)

        def read(stop: threading.Event) -> None:
            intake.start()
            stop.wait()
            intake.stop(5.0)

        self.running.append(Running("mailboxes", read))


def _make_maildir(folder: Path) -> None:
    """What cannot be made is not fatal: the mailbox says so on the health page, and tries again."""
    with suppress(OSError):
        for part in ("tmp", "new", "cur"):
            (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
