"""What runs: the worker, the mailboxes, the log, the reports of errors."""
