"""Everything over HTTP: the webhook, health and metrics, the pages."""
