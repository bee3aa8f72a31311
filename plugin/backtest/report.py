"""The result of a backtest, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from plugin.backtest.compare import Compared, Totals
from plugin.model import Step

EXAMPLES = 10  #: changed requests that are shown in full
_REASONS = 3  #: rules that are named for one of them


def as_text(compared: Sequence[Compared], total: Totals, examples: int = EXAMPLES) -> str:
    """Counts, then what changes for the first requests and by which rule."""
    lines = [f"{total.requests} requests, {total.changed} would be decided differently ({total.share:.1%})"]
    lines += [f"  {name:<10} {count:6}  {count / total.requests:6.1%}" for name, count in total.aspects if count]
    changed = [one for one in compared if one.changes]
    for one in changed[:examples]:
        lines += ["", one.name]
        lines += [f"  {change.aspect:<10} {change.before} -> {change.after}" for change in one.changes]
        lines += [f"  because    {_said(step)}" for step in one.because[:_REASONS]]
    if len(changed) > examples:
        lines += ["", f"and {len(changed) - examples} more; --examples N shows more, --format json all of them"]
    return "\n".join(lines)


def _said(step: Step) -> str:
    where = f", {step.place}" if step.place is not None else ""
    return f"{step.rule}{where}: {step.because}"


def as_json(compared: Sequence[Compared], total: Totals) -> str:
    """One object; requests that do not change are only counted."""
    values = {
        "requests": total.requests,
        "changed": total.changed,
        "share": round(total.share, 6),
        "aspects": dict(total.aspects),
        "changes": [
            {
                "request": one.name,
                "changes": [{"aspect": c.aspect, "before": c.before, "after": c.after} for c in one.changes],
                "because": [{"rule": s.rule, "place": str(s.place or ""), "text": s.because} for s in one.because],
            }
            for one in compared
            if one.changes
        ],
    }
    return json.dumps(values, ensure_ascii=False, indent=2)
