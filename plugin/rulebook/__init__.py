"""The rulebook: YAML files of an admin, checked, compiled and matched against messages."""

from plugin.rulebook.check import check, load
from plugin.rulebook.conditions import Condition, Outcome, View, holds
from plugin.rulebook.problems import Problem, Report, RulebookError
from plugin.rulebook.rulebook import (
    Article,
    Case,
    Desk,
    Example,
    Flag,
    Group,
    Intent,
    ItemRule,
    Line,
    Rule,
    Rulebook,
    Sentence,
    Signal,
    Then,
)
from plugin.rulebook.rules import Fired, Rules, fired
from plugin.rulebook.scan import Scan, Span, look, scan

__all__ = [
    "Article",
    "Case",
    "Condition",
    "Desk",
    "Example",
    "Fired",
    "Flag",
    "Group",
    "Intent",
    "ItemRule",
    "Line",
    "Outcome",
    "Problem",
    "Report",
    "Rule",
    "Rulebook",
    "RulebookError",
    "Rules",
    "Scan",
    "Sentence",
    "Signal",
    "Span",
    "Then",
    "View",
    "check",
    "fired",
    "holds",
    "load",
    "look",
    "scan",
]
