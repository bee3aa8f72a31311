"""What a message is about: intents and groups, several issues, flags, and the checklist."""

from plugin.assess.assess import Judgement, assess, learn

__all__ = ["Judgement", "assess", "learn"]
