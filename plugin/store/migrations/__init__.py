"""Alembic: each file in `versions/` takes the schema one step further."""
