"""Makes `tests/` importable, so that tests of all folders share `servers/`."""
