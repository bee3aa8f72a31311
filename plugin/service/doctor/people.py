"""Who is told outside the desk: the rules name people, the settings say how to reach them."""

from __future__ import annotations

from collections.abc import Mapping

from plugin.act.notify import readable
from plugin.rulebook import Rulebook, RulebookError, load
from plugin.service.doctor.findings import Finding, failing, warning, well
from plugin.settings import Settings

NAME = "people told"


def told(settings: Settings) -> Finding:
    """Every name has an address that can be used. Nobody is told anything by this."""
    try:
        book = load(settings.rules, cache=settings.home / "cache")
    except RulebookError:
        return failing(NAME, "Not known while the rulebook is broken.", "Mend the rulebook first.")
    named = names(book)
    if missing := sorted(set(named) - set(settings.notify)):
        wanted = ", ".join(f"{_variable(name)} ({named[name]})" for name in missing)
        return failing(NAME, f"The rules tell people whom no setting reaches: {', '.join(missing)}.", f"Set {wanted}.")
    if broken := sorted(name for name in named if not readable(settings.notify[name].value)):
        remedy = f"Write {', '.join(map(_variable, broken))} as https://github.com/caronc/apprise says."
        return failing(NAME, f"An address that Apprise cannot read: {', '.join(broken)}.", remedy)
    return _picking_up(settings, book, named)


def names(book: Rulebook) -> Mapping[str, str]:
    """Every name that the rules tell, and where it first stands."""
    found = {name: str(book.desk.place) for name in reversed(book.desk.notify)}
    for group in book.groups.values():
        for name in (*group.notify, *(member.notify for member in group.members if member.notify)):
            found.setdefault(name, str(group.place))
    return found


def _picking_up(settings: Settings, book: Rulebook, named: Mapping[str, str]) -> Finding:
    waited = [g.id for g in book.groups.values() if g.pick_up or book.desk.pick_up]
    unheard = [
        name
        for name in waited
        if not (book.groups[name].notify or book.desk.notify or any(m.notify for m in book.groups[name].members))
    ]
    if unheard:
        reason = f"Nobody is told when a ticket is not picked up in: {', '.join(unheard)}."
        return warning(NAME, reason, "Add `notify` to these groups, or to desk.yaml for all.")
    if waited and settings.desk == "gateway":
        reason = "A desk behind a mail gateway does not say when somebody picks a ticket up."
        return warning(NAME, reason, "Use `antesala take` or the button on the ticket's page, or take `pick_up` out.")
    if unused := sorted(set(settings.notify) - set(named)):
        return warning(NAME, f"No rule tells: {', '.join(unused)}.", "Name them in `notify`, or remove the settings.")
    if not named:
        return well(NAME, "The rules tell nobody.")
    return well(NAME, f"{', '.join(sorted(named))}.")


def _variable(name: str) -> str:
    return f"ANTESALA_NOTIFY_{name.upper().replace('-', '_')}"
