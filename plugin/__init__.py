"""Antesala: stands in front of a help desk, sorts requests, asks once for what is missing, says why."""
