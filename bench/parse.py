"""Mails a second from bytes to decision, beside the standard library's parser alone, in the same run.

    python bench/parse.py [--seconds 2] [--rules rules] [FOLDER...]

Measures processor time, one thread; the line of the child process the wall clock. The mails are those of tests/mails
and examples, or of the folders. The lines "tree" only build the standard library's tree (`email.message_from_bytes`),
"text" also takes headers, body and attachments out of it; the lines of antesala do all that they name.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import mailparser  # noqa: E402

from plugin.model import History  # noqa: E402
from plugin.understand.mail import read_mail  # noqa: E402
from plugin.understand.sandbox import Sandbox  # noqa: E402

ARRIVED = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


def ordinary(mails: list[bytes]) -> list[bytes]:
    """Without the mails that the standard library's newer policy cannot read at all."""
    kept = []
    for raw in mails:
        try:
            standard(raw)
            mailparser.parse_from_bytes(raw)
        except Exception:  # which they are is not what is measured here
            continue
        kept.append(raw)
    return kept


def standard(raw: bytes) -> object:
    """What a program takes out of a mail with the standard library alone."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    headers = [(name, str(value)) for name, value in message.items()]
    body = message.get_body(("plain", "html"))
    text = body.get_content() if body is not None else ""
    return headers, text, [(part.get_filename(), part.get_payload(decode=True)) for part in message.iter_attachments()]


def rate(work: Callable[[bytes], object], mails: list[bytes], seconds: float, clock: Callable[[], float]) -> float:
    """Mails in a second of this clock."""
    for raw in mails[:20]:
        work(raw)
    began, done = clock(), 0
    while clock() - began < seconds:
        for raw in mails:
            work(raw)
        done += len(mails)
    return done / (clock() - began)


def deciding(rules: Path) -> Callable[[bytes], object]:
    """Bytes to decision by the default rules, matching by words and by meaning as the service does."""
    from plugin.assess.encoder import MultilingualEncoder
    from plugin.pipeline import load_rulebook, triage

    rulebook = load_rulebook(rules, encoder=MultilingualEncoder(), cache=ROOT / "var" / "cache")
    return lambda raw: triage(read_mail(raw, ARRIVED), rulebook, History(), ARRIVED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT / "tests" / "mails", ROOT / "examples"])
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rules", type=Path, default=ROOT / "rules")
    options = parser.parse_args()
    paths = sorted(path for folder in options.folders for path in folder.glob("*.eml"))
    mails = ordinary([path.read_bytes() for path in paths])
    size = sum(map(len, mails)) / len(mails) / 1024
    print(f"{len(mails)} mails, {size:.1f} KB on average, Python {sys.version.split()[0]}")
    with Sandbox() as sandbox:
        works: dict[str, Callable[[bytes], object]] = {
            "standard library, tree (compat32)": email.message_from_bytes,
            "standard library, tree (default)": lambda raw: email.message_from_bytes(raw, policy=email.policy.default),
            "standard library, text (default)": standard,
            "mail-parser alone": mailparser.parse_from_bytes,
            "antesala, bytes to message": lambda raw: read_mail(raw, ARRIVED),
            "antesala, child process (wall clock)": lambda raw: sandbox.read_mail(raw, ARRIVED),
        }
        if options.rules.is_dir():
            print("learning from the examples of the rules (once; kept in var/cache)", file=sys.stderr)
            works["antesala, bytes to decision"] = deciding(options.rules)
        first = None
        print(f"{'':36}{'mails/s':>10}{'times the first':>18}")
        for name, work in works.items():
            clock = time.perf_counter if "wall" in name else time.process_time
            speed = rate(work, mails, options.seconds, clock)
            first = first or speed
            print(f"{name:36}{speed:10.0f}{first / speed:17.1f}x")


if __name__ == "__main__":
    main()
