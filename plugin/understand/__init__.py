"""Mail bytes or payload to a Message, and everything that can be told about it without rules."""
