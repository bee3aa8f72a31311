"""What a decision does in the world: mails, the desk, the outgoing webhook."""
