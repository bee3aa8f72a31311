"""`antesala run` on embedded defaults: one screen, a dropped mail answered within seconds, and a clean end."""

import json
import shutil
import signal
import subprocess
import time
import urllib.request
from contextlib import contextmanager

import pytest
from commands import EXAMPLES, ROOT, Commands
from servers.ground import free_port

ANSWERED = ("refund-es", "sync-fr", "question-en")


@contextmanager
def running(commands, ready="Antesala is ready"):
    """The process, once it says that it is ready."""
    log = (commands.folder / "log.txt").open("wb")
    process = commands.start("run", stdout=log, stderr=subprocess.STDOUT)
    try:
        wait(lambda: ready in said(commands) or process.poll() is not None, 120)
        assert process.poll() is None, said(commands)
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


def said(commands):
    return (commands.folder / "log.txt").read_text("utf-8")


def wait(true, seconds):
    """The seconds until it was true; fails when it never was."""
    begin = time.monotonic()
    while not true():
        assert time.monotonic() - begin < seconds, "not in time"
        time.sleep(0.02)
    return time.monotonic() - begin


def get(commands, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{commands.settings['LISTEN_PORT']}{path}", timeout=60) as answer:
        return answer.read().decode()


def of_rulebook(commands):
    return next(part for part in json.loads(get(commands, "/healthz"))["parts"] if part["name"] == "rulebook")


@pytest.fixture
def installed(tmp_path, learned):
    return Commands(tmp_path, LISTEN_PORT=free_port()).with_caches_of(learned)


def test_a_dropped_mail_is_answered_and_a_ticket_within_seconds(installed):
    outbox = installed.folder / "var" / "outbox" / "new"
    with running(installed) as process:
        screen = said(installed)
        for wanted in (
            f"http://127.0.0.1:{installed.settings['LISTEN_PORT']}/",
            "var/inbox",
            "var/outbox",
            "send",
            "Ctrl-C",
        ):
            assert wanted in screen, wanted
        delays = []
        for number, name in enumerate(ANSWERED, 1):
            shutil.copy(EXAMPLES / f"{name}.eml", installed.folder / "var" / "inbox")
            delays.append(wait(lambda n=number: outbox.is_dir() and len(list(outbox.iterdir())) == n, 120))
            assert f"#{number}</span>" in get(installed, "/")
        assert min(delays) < 20, delays  # two seconds on a machine that does nothing else
        shown = installed.run("show", "--json").stdout.splitlines()
        assert [json.loads(line)["number"] for line in shown] == [3, 2, 1]
        shown = installed.run("show", "1").stdout.decode()
        assert "billing" in shown
        rules = next(part for part in json.loads(get(installed, "/healthz"))["parts"] if part["name"] == "rulebook")
        assert f"rulebook   {rules['reason'][:12]}" in shown, "the digest in force is the one that decided"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert said(installed).rstrip().endswith("Stopped.")
    assert "Me habéis" not in said(installed).split("Ctrl-C stops it")[1], "a customer's words are in the log"


def test_the_answer_goes_to_the_customer_and_says_that_it_is_automatic(installed):
    import email
    from email.policy import default

    outbox = installed.folder / "var" / "outbox" / "new"
    with running(installed):
        installed.run("send", EXAMPLES / "refund-es.eml", EXAMPLES / "out-of-office-en.eml")
        wait(lambda: outbox.is_dir() and list(outbox.iterdir()), 120)
        wait(lambda: "#2</span>" in get(installed, "/"), 120)
        time.sleep(1)
        (answer,) = outbox.iterdir()  # none to the automatic one
    mail = email.message_from_bytes(answer.read_bytes(), policy=default)
    assert mail["To"] == "ana@villa-azul.example"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["In-Reply-To"] == "<refund-es@villa-azul.example>"


def test_a_second_one_on_the_same_port_says_what_to_do(installed):
    with running(installed):
        second = installed.run("run")
    assert second.returncode == 1
    assert b"something listens there already" in second.stderr
    assert b"Traceback" not in second.stderr


def test_a_broken_rulebook_is_refused_at_start_and_kept_out_on_reload(installed, tmp_path):
    rules = tmp_path / "rules"
    installed.run("init", rules)
    installed.settings["RULES"] = rules
    routes = (rules / "routes.yaml").read_text("utf-8")
    with running(installed) as process:
        (rules / "routes.yaml").write_text("kind: routes\nrules:\n  - id: x\n    wen: {}\n", "utf-8")
        process.send_signal(signal.SIGHUP)
        wait(lambda: of_rulebook(installed)["status"] == "warning", 120)
        part = of_rulebook(installed)
        assert "The last good one is in force" in part["reason"]
        assert "routes.yaml:" in part["reason"]
        (rules / "routes.yaml").write_text(routes, "utf-8")
        process.send_signal(signal.SIGHUP)
        wait(lambda: of_rulebook(installed)["status"] == "ok", 120)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    (rules / "routes.yaml").write_text("kind: routes\nrules:\n  - id: x\n    wen: {}\n", "utf-8")
    refused = installed.run("run")
    assert refused.returncode == 1
    assert b"routes.yaml:" in refused.stderr


def test_the_parts_run_as_processes_of_their_own(installed):
    log = (installed.folder / "log.txt").open("wb")
    parts = [installed.start(name, stdout=log, stderr=log) for name in ("web", "worker", "mailbox")]
    try:
        wait(lambda: _answers(installed), 60)
        installed.run("send", EXAMPLES / "refund-es.eml")
        wait(lambda: "#1</span>" in get(installed, "/"), 90)
    finally:
        for part in parts:
            part.terminate()
        ends = [part.wait(15) for part in parts]
        log.close()
    assert ends == [0, 0, 0], said(installed)


def _answers(commands):
    try:
        return bool(get(commands, "/readyz"))
    except OSError:
        return False


def test_wsgi_serves_the_same_app(tmp_path):
    port = free_port()
    commands = Commands(tmp_path, LISTEN_PORT=port)
    environment = {**commands.environment, "PYTHONPATH": str(ROOT)}
    command = [str(ROOT / ".venv" / "bin" / "waitress-serve"), "--listen", f"127.0.0.1:{port}", "wsgi:app"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait(lambda: _answers(commands), 30)
        assert "Tickets" in get(commands, "/")
    finally:
        process.terminate()
        process.wait(60)
