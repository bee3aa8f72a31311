"""The plans of the hot queries (docs/plans.md) can be made anew, and read no large table from end to end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.server
def test_no_hot_query_reads_a_large_table_from_end_to_end() -> None:
    program = [sys.executable, "bench/scale.py", "--rows", "50000", "--check"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert (done.returncode, "READS ALL" in done.stdout) == (0, False), done.stdout[-2000:] + done.stderr[-2000:]
    assert "Index Scan using ix_job_kind_state_run_at on job" in done.stdout
