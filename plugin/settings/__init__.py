"""The environment, read once into one frozen value. The only reader of secrets.

Every setting is an `ANTESALA_*` variable; a `.env` file in the working folder may give them, the
environment wins. A secret may also stand in a file: `ANTESALA_SMTP_URL_FILE=/run/secrets/smtp`.
"""

from plugin.settings.checked import is_loopback, signing_key
from plugin.settings.load import load
from plugin.settings.shipped import EXAMPLES, RULES, SCHEMAS
from plugin.settings.values import (
    FolderMailbox,
    ImapMailbox,
    OAuth2,
    Secret,
    Settings,
    SettingsError,
    Smtp,
)
from plugin.settings.variables import GROUPS, VARIABLES

__all__ = [
    "EXAMPLES",
    "GROUPS",
    "RULES",
    "SCHEMAS",
    "VARIABLES",
    "FolderMailbox",
    "ImapMailbox",
    "OAuth2",
    "Secret",
    "Settings",
    "SettingsError",
    "Smtp",
    "is_loopback",
    "load",
    "signing_key",
]
