"""Decides what is done about an assessed message: channel, route, reply or the reason for none, note. Pure."""
