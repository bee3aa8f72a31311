"""The results of cases, for people, for programs and for GitHub's annotations."""

from __future__ import annotations

import json
from collections.abc import Sequence

from plugin.model import Place
from plugin.ruletests.run import Result

Unreached = Sequence[tuple[str, str, Place]]


def as_text(results: Sequence[Result], unreached: Unreached | None) -> str:
    """Failures with expected and got, the nearest rule, then the counts."""
    lines: list[str] = []
    for result in results:
        if not result.passed:
            lines += _failed(result)
    lines += [f"never reached: {place}: {kind} {name}" for kind, name, place in unreached or ()]
    failed = sum(not result.passed for result in results)
    counted = f"{_counted(len(results), 'cases')}: {len(results) - failed} passed, {failed} failed"
    reached = "" if unreached is None else f"; {_counted(len(unreached), 'rules')} never reached"
    return "\n".join([*lines, counted + reached])


def _counted(number: int, name: str) -> str:
    return f"{number} {name.removesuffix('s') if number == 1 else name}"


def _failed(result: Result) -> list[str]:
    case = result.case
    title = str(case.raw.get("description") or "")
    lines = [f"FAIL  {case.place}  {case.id}" + (f": {title}" if title else "")]
    if result.error:
        lines.append(f"      {result.error}")
    for failure in result.failures:
        difference = failure.difference
        lines.append(f"      {difference.key:<10} expected {_shown(difference.expected)}   {failure.place}")
        lines.append(f"      {'':<10} got      {_shown(difference.got)}")
        if failure.hint:
            lines.append(f"      {'':<10} {failure.hint}")
    return lines


def as_json(results: Sequence[Result], unreached: Unreached | None) -> str:
    """One object."""
    values = {
        "cases": len(results),
        "failed": sum(not result.passed for result in results),
        "results": [
            {
                "case": result.case.id,
                "place": str(result.case.place),
                "passed": result.passed,
                "error": result.error or None,
                "failures": [
                    {
                        "key": failure.difference.key,
                        "expected": failure.difference.expected,
                        "got": failure.difference.got,
                        "place": failure.place,
                        "hint": failure.hint or None,
                    }
                    for failure in result.failures
                ],
            }
            for result in results
        ],
    }
    if unreached is not None:
        values["unreached"] = [{"kind": kind, "rule": name, "place": str(place)} for kind, name, place in unreached]
    return json.dumps(values, ensure_ascii=False, indent=2, default=str)


def as_github(results: Sequence[Result], unreached: Unreached | None, folder: str) -> str:
    """Workflow commands that GitHub shows beside the lines."""
    lines = []
    for result in results:
        if result.error:
            lines.append(_command(result.case.place, folder, f"{result.case.id}: {result.error}"))
        for failure in result.failures:
            place = result.case.places.get(failure.difference.key, result.case.place)
            said = f"{failure.difference.key}: expected {_shown(failure.difference.expected)}"
            said += f", got {_shown(failure.difference.got)}. {failure.hint}"
            lines.append(_command(place, folder, f"{result.case.id}: {said.strip()}"))
    lines += [
        _command(place, folder, f"no case reaches {kind} {name}", "warning") for kind, name, place in unreached or ()
    ]
    return "\n".join([*lines, as_text(results, unreached).rpartition("\n")[2]])


def _command(place: Place, folder: str, text: str, level: str = "error") -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} file={folder}/{place.file},line={place.line},col={place.column}::{escaped}"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_shown(entry) for entry in value) + "]" if value else "none"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(entry)}" for key, entry in value.items()) + "}"
    text = str(value)
    return text if len(text) <= 200 else text[:199] + "…"
