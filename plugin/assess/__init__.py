"""What a message is about: intents and groups, several issues, flags, and the checklist."""
