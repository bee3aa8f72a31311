"""Mailboxes and folders to Arrivals. Nothing is marked, moved or acknowledged before the store has it."""
