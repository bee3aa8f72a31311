"""From the mailbox to the reply, on real servers: mails a second, webhooks a second, what a message costs as rows grow.

    python bench/intake.py [--mails 200] [--rate 100] [--seconds 20] [--stored 1000 200000] [--check]

Mail: the same mails lie in two mailboxes of a real Dovecot. `antesala run` (SQLite, default rules, words and meaning)
takes one of them, to committed decisions and replies that an SMTP server took; `get_email` of django-helpdesk (PyPI, in
an environment of its own that is made here) takes the other, to tickets and the same server. Then webhooks at a fixed
rate that waits for no answer. Then the cost of a message with few and with many stored requests, in one process.
`--check` ends with 1 if a target is missed. Needs the Debian packages that `make test` installs.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from servers.dovecot import Dovecot  # noqa: E402
from servers.ground import free_port  # noqa: E402
from servers.smtp import SmtpServer  # noqa: E402

from bench.lib import openloop, stored  # noqa: E402
from bench.lib.helpdesk import Helpdesk  # noqa: E402
from bench.lib.running import DESK, Antesala  # noqa: E402

MAILS_A_SECOND, P99_MS, GROWS = 20.0, 150.0, 1.5
PEER = "helpdesk@desk.test"
CACHE = ROOT / "var" / "cache"


def texts() -> list[tuple[str, str]]:
    """Subject and text of the labelled requests of the default rules."""
    rows = []
    for path in sorted((ROOT / "rules" / "examples").glob("requests-*.jsonl")):
        rows += [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return [(row.get("subject") or "Hola", row["body"]) for row in rows if row.get("body")]


def mail(number: int, subject: str, text: str) -> bytes:
    """A mail of somebody who never wrote before."""
    subject = subject.encode("ascii", "ignore").decode().replace("\n", " ")[:200]
    head = (
        f"From: Ana <customer{number}@casa{number}.example>\r\nTo: {DESK}\r\nSubject: {subject}\r\n"
        f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\r\n"
        f"Message-ID: <{number}@casa.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode() + text.replace("\n", "\r\n").encode()


def mails(place: Path, dovecot: Dovecot, count: int) -> list[str]:
    """Both on the same mails; what was missed."""
    some = texts()
    raws = [mail(number, *some[number % len(some)]) for number in range(count)]
    size = sum(map(len, raws)) / count / 1024
    print(f"\nmail: {count} of {size:.1f} KB, each of another customer")
    ours, theirs = SmtpServer(keep=False), SmtpServer(keep=False)
    with ours, theirs:
        mailbox = f"imap://{DESK.replace('@', '%40')}:pass@127.0.0.1:{dovecot.imap}/INBOX"
        home = place / "antesala"
        home.mkdir()
        with Antesala(home, free_port(), ours.port, mailbox, CACHE) as running:
            cpu, start = running.seconds_of_cpu(), time.perf_counter()
            for raw in raws:
                dovecot.deliver(DESK, raw)
            kept = None
            while running.count("decision") < count or not running.idle():
                if kept is None and running.count("inbound") >= count:
                    kept = time.perf_counter() - start
                if time.perf_counter() - start > 600:
                    raise RuntimeError((home / "log").read_text("utf-8", "replace")[-2000:])
                time.sleep(0.1)
            own, cpu = time.perf_counter() - start, running.seconds_of_cpu() - cpu
            replies = running.count("job WHERE kind = 'reply' AND state = 'done'")
        print(f"  antesala, kept                  {count / (kept or own):8.1f} mails/s")
        print(f"  antesala, decided and replied   {count / own:8.1f} mails/s, {replies} replies,", end=" ")
        print(f"{1000 * cpu / count:.0f} ms of processor a mail")
        for raw in raws:
            dovecot.deliver(PEER, raw)
        (place / "helpdesk").mkdir()
        peer = Helpdesk(place / "helpdesk", ROOT / "var" / "bench" / "helpdesk", dovecot.imap, theirs.port)
        seconds = peer.get_email()
        empty = peer.get_email()
        tickets = peer.tickets()
    rate = tickets / max(seconds - empty, 0.001)
    print(f"  django-helpdesk, get_email      {rate:8.1f} mails/s, {tickets} tickets, start of {empty:.1f} s taken off")
    print(f"  antesala / django-helpdesk      {count / own / rate:8.2f}")
    return [f"mail: {count / own:.1f} a second, {MAILS_A_SECOND} wanted"] if count / own < MAILS_A_SECOND else []


def webhooks(place: Path, rate: float, seconds: float) -> list[str]:
    """Arrivals at a fixed rate; what was missed."""
    bodies = [text for _, text in texts()]
    missed = []
    with SmtpServer(keep=False) as smtp:
        home = place / "webhooks"
        home.mkdir()
        with Antesala(home, free_port(), smtp.port, "", CACHE) as running:
            print(f"\nwebhooks: open loop, {seconds:.0f} s each, while decisions are made")
            for tag, each in (("warm", 20.0), ("half", rate / 2), ("full", rate)):
                length = 5.0 if tag == "warm" else seconds
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    args = (running.port, running.secret, bodies, each, length, tag)
                    load = pool.apply(openloop.drive, args)
                if tag == "warm":
                    continue
                print(
                    f"  {each:5.0f}/s asked: {load.per_second:6.1f}/s kept, {load.asked - load.accepted} refused,",
                    end=" ",
                )
                print(f"p50 {load.p50:.0f} ms, p99 {load.p99:.0f} ms, slowest {load.worst:.0f} ms")
            if load.p99 > P99_MS or load.accepted < load.asked:
                missed.append(f"webhooks at {rate:.0f}/s: p99 {load.p99:.0f} ms, {P99_MS:.0f} wanted")
    return missed


def growth(place: Path, sizes: list[int]) -> list[str]:
    """The cost of a message by how many requests are stored."""
    print("\na message from bytes to kept decision, the service's own process, SQLite, by stored requests")
    some = texts()
    raws = [mail(10_000_000 + number, *some[number % len(some)]) for number in range(120)]
    costs = {}
    for size in sizes:
        cost = costs[size] = stored.cost(place / f"{size}.db", size, raws)
        print(f"  {size:9,}: {cost.store_ms:6.2f} ms in the store, {cost.all_ms:6.2f} ms in all (medians)")
    first, last = costs[sizes[0]], costs[sizes[-1]]
    print(f"  ratio in the store {last.store_ms / first.store_ms:.2f}, in all {last.all_ms / first.all_ms:.2f}")
    return ["a message costs more with more stored requests"] if last.all_ms > GROWS * first.all_ms else []


def main() -> int:
    """All three; prints what was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=200)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--stored", type=int, nargs="+", default=[1_000, 200_000])
    parser.add_argument("--only", choices=("mail", "webhooks", "growth"))
    parser.add_argument("--check", action="store_true", help="exit 1 if a target is missed")
    given = parser.parse_args()
    missed = []
    with tempfile.TemporaryDirectory(prefix="antesala-bench-") as name:
        place = Path(name)
        if given.only in (None, "mail"):
            with Dovecot() as dovecot:
                missed += mails(place, dovecot, given.mails)
        if given.only in (None, "webhooks"):
            missed += webhooks(place, given.rate, given.seconds)
        if given.only in (None, "growth"):
            missed += growth(place, given.stored)
    for text in missed:
        print(f"MISSED  {text}")
    return 1 if missed and given.check else 0


if __name__ == "__main__":
    sys.exit(main())
