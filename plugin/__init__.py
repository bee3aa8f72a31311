"""Antesala: stands in front of a help desk, sorts requests, asks once for what is missing, says why."""

import os

# The arithmetic is small: more threads than one cost more than they give, and fight with everything else that runs.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
