"""The default pack with few examples, so that tests load it in moments, and with caps of one's choosing."""

from __future__ import annotations

import shutil
from pathlib import Path

RULES = Path(__file__).resolve().parents[2] / "rules"
CAPS = ("per_request", "per_sender_24h", "per_domain_1h", "per_mailbox_1h", "per_mailbox_24h", "same_words_1h")


def small_pack(where: Path, *, examples: int = 8, caps: int | None = None) -> Path:
    """A copy of the default pack under `where`; with `caps` every cap is that number."""
    folder = where / "rules"
    shutil.copytree(RULES, folder)
    shutil.rmtree(folder / "tests", ignore_errors=True)
    for path in (folder / "examples").glob("*.jsonl"):
        path.write_text("\n".join(path.read_text("utf-8").splitlines()[:examples]) + "\n", "utf-8")
    if caps is not None:
        desk = folder / "desk.yaml"
        lines = [
            f"  {name}: {caps}" if (name := line.strip().partition(":")[0]) in CAPS else line
            for line in desk.read_text("utf-8").splitlines()
        ]
        desk.write_text("\n".join(lines) + "\n", "utf-8")
    return folder
