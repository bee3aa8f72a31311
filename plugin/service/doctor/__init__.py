"""Looks at everything that Antesala depends on, a line each, with the remedy for what fails.

Nothing is sent, marked or changed, except that the store's tables are brought up to date as `run` would do.
"""

from plugin.service.doctor.findings import Finding
from plugin.service.doctor.rounds import rounds

__all__ = ["Finding", "rounds"]
