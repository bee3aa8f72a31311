"""The rule core beside other rule engines: milliseconds of CPU a message of 2 kB, for packs of 10 to 10,000 rules.

    make bench, or: pip install -r bench/requirements.lock && python bench/rules.py [--sizes 10 100] [--plain] [--check]

All engines get the same rules and messages in one process, in turns. The peers get text and phrases that are folded
already and look for substrings. CPU time of the process, so that other work on the machine disturbs little; the median
over messages that no engine has seen before. `--check` ends with 1 if a target is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.lib import engines
from bench.lib.packs import Packs
from plugin.rulebook.phrases.fold import fold

SIZES = (10, 100, 1_000, 10_000)
MOST_MS = {10: 0.25, 100: 0.3, 1_000: 0.5, 10_000: 1.5}
TIMES_FASTER = {1_000: 3.0, 10_000: 14.0}
BLOCK, BLOCKS, SKIPPED = 25, 5, 5
PEERS: dict[str, Callable[[list[dict[str, Any]]], engines.Fire]] = {
    "zen-engine": engines.zen,
    "common-expression-language": engines.cel,
    "rule-engine": engines.rule_engine,
}
#: Engines that would take minutes are not built beyond this many rules.
MOST_RULES = {"rule-engine": 1_000}


def main() -> int:
    """Measure, print a table a size, and say whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--plain", action="store_true", help="only five phrases and a group: what suits tables best")
    parser.add_argument("--check", action="store_true", help="exit 1 if a target is missed")
    given = parser.parse_args()
    missed = [text for size in given.sizes for text in measure(size, plain=given.plain)]
    for text in missed:
        print(f"MISSED  {text}")
    return 1 if missed and given.check else 0


def measure(size: int, *, plain: bool = False) -> list[str]:
    """One size of pack; returns what was missed."""
    packs = Packs(plain=plain)
    rules = [packs.rule() for _ in range(size)]
    messages = [(*message, fold(message[2])) for message in (packs.message() for _ in range(BLOCK * BLOCKS))]
    print(f"\n{size:,} rules")
    built = {"antesala": engines.ours(rules, sure=True), "antesala, all languages": engines.ours(rules, sure=False)}
    for name, make in PEERS.items():
        if size <= MOST_RULES.get(name, size):
            try:
                built[name] = make(rules)
            except ImportError as error:
                print(f"  {name}: not installed ({error.name}); pip install -r bench/requirements.lock")
    times = run(built, messages)
    best = min((ms for name, (ms, _) in times.items() if not name.startswith("antesala")), default=None)
    for name, (ms, fires) in times.items():
        ratio = f"{ms / times['antesala'][0]:7.1f} x" if name != "antesala" else ""
        print(f"  {name:28} {ms:9.3f} ms {fires:7.1f} rules fire {ratio}")
    own, missed = times["antesala"][0], []
    if own > MOST_MS.get(size, own):
        missed.append(f"{size:,} rules: {own:.3f} ms, at most {MOST_MS[size]} wanted")
    if best is not None and best / own < TIMES_FASTER.get(size, 0):
        missed.append(f"{size:,} rules: {best / own:.1f} times as fast as the best peer, {TIMES_FASTER[size]} wanted")
    return missed


def run(built: dict[str, engines.Fire], messages: list[tuple[str, str, str, str]]) -> dict[str, tuple[float, float]]:
    """Milliseconds a message (median) and rules that fire (mean), by engine.

    The engines take turns block by block, so that each meets the machine in the same moods; the first messages of a
    block, which find the processor's caches full of the engine before, are not counted.
    """
    times: dict[str, list[float]] = {name: [] for name in built}
    fires: dict[str, list[int]] = {name: [] for name in built}
    for first in range(0, len(messages), BLOCK):
        for name, fire in built.items():
            for number, message in enumerate(messages[first : first + BLOCK]):
                start = time.process_time_ns()
                count = fire(*message)
                taken = time.process_time_ns() - start
                if first and number >= SKIPPED:
                    times[name].append(taken / 1e6)
                    fires[name].append(count)
    return {name: (median(times[name]), mean(fires[name])) for name in built}


if __name__ == "__main__":
    sys.exit(main())
