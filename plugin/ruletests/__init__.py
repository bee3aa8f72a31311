"""The admin's own cases: rules/tests/*.yaml, run by the real pipeline with a fixed clock."""
