"""The help desk: each permission tried without leaving traces, and the mode that it would run in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plugin.act.outcome import EffectError
from plugin.desks.protocol import Probe
from plugin.desks.registry import KINDS
from plugin.rulebook import Rulebook, RulebookError, load
from plugin.service.desk import DeskSide, abilities, desk_side
from plugin.service.doctor.findings import Finding, failing, warning, well
from plugin.settings import FolderMailbox, Settings

MODES = {
    "shadow": "mode shadow: it decides and records, and writes nothing",
    "note": "mode note: internal notes and tags only; set ANTESALA_DESK_MODE=live when they are as you like them",
    "live": "mode live: it moves tickets and answers customers",
}
#: What an error means, and what to do.
_REMEDIES = {
    "ConnectError": "Check ANTESALA_DESK_URL, and whether the desk runs.",
    "ConnectTimeout": "No answer: a firewall in between, or the wrong address in ANTESALA_DESK_URL.",
    "ReadTimeout": "The desk is too slow, or something else listens there: check ANTESALA_DESK_URL.",
    "Http 401": "The token is refused: make a new one and set ANTESALA_DESK_TOKEN.",
    "Http 403": "The bot may not do this: its rights are listed in {page}.",
    "Http 429": "The desk takes no more calls for now: try again in a minute.",
    "NotVisible": "There is no API at this address: check ANTESALA_DESK_URL, see {page}.",
    "DeskUserMissing": "Set ANTESALA_DESK_USER: see {page}.",
    "AnswerStrange": "What answers there is no {name}: check ANTESALA_DESK_URL.",
}


def desk(settings: Settings) -> Finding:
    """One finding for all of it: the first permission that is missing, or the mode."""
    side = desk_side(settings)
    if side is None:
        raise ValueError("no desk with an API")
    name = f"desk {settings.desk}"
    try:
        return _found(name, side, settings)
    except EffectError as error:
        code = error.outcome.error
        said = _REMEDIES.get(code) or _REMEDIES.get(code.split()[0], "See the desk's own log.")
        remedy = said.format(page=_page(settings), name=settings.desk)
        return failing(name, f"It cannot be used: {code}.", remedy)
    finally:
        side.desk.close()


def _found(name: str, side: DeskSide, settings: Settings) -> Finding:
    book = _book(settings)
    if book is None:
        return failing(name, "The groups are not known while the rulebook is broken.", "Mend the rulebook first.")
    theirs = list(dict.fromkeys(side.theirs(group) for group in book.groups))
    probes = [*side.desk.probe(theirs[0]), *_further(side, theirs[1:])]
    missing = [probe for probe in probes if not probe.ok and _matters(probe, settings)]
    if any(probe.needed is None for probe in missing):
        return failing(name, _said(missing), _remedies(missing))
    if missing:
        return warning(name, _said(missing), _remedies(missing))
    if _mail_without_tickets(settings):
        text = "This desk opens no tickets for programs: what comes to Antesala by itself would wait here."
        remedy = "Give the desk's own address for mail, ANTESALA_GATEWAY_ADDRESSES=*=support@desk.example.com, or let "
        return warning(name, text, f"{remedy}the desk read the mailbox and take ANTESALA_MAILBOXES away.")
    if unknown := _unknown_tags(side, book):
        text = f"The desk does not know these tags: {', '.join(sorted(unknown))}."
        return warning(name, text, "Make them there; until then the notes name those that could not be set.")
    if KINDS[settings.desk].hook is not None and not settings.desk_secrets:
        text = f"Everything may be done; {MODES[settings.desk_mode]}. Without webhooks it looks every "
        return warning(name, f"{text}{settings.desk_poll} s.", f"Set ANTESALA_DESK_SECRETS, see {_page(settings)}.")
    return well(name, f"{len(probes)} permissions tried, nothing was changed; {MODES[settings.desk_mode]}.")


def _further(side: DeskSide, groups: Sequence[str]) -> Iterator[Probe]:
    """Of the other groups only whether they are there."""
    for group in groups:
        yield from (probe for probe in side.desk.probe(group) if probe.needed == "group")


def _matters(probe: Probe, settings: Settings) -> bool:
    """In a mode that writes less, less is needed."""
    if probe.needed is None:
        return True
    if settings.desk_mode == "shadow" or (settings.desk_mode == "note" and probe.needed not in ("note", "tags")):
        return False
    return probe.needed in abilities(settings)


def _mail_without_tickets(settings: Settings) -> bool:
    comes = any(not isinstance(box, FolderMailbox) for box in settings.mailboxes) or settings.webhook_secrets
    return bool(comes) and "create" not in abilities(settings) and not settings.gateway_addresses


def _said(missing: Sequence[Probe]) -> str:
    return f"Not possible: {'; '.join(dict.fromkeys(probe.what for probe in missing))}."


def _remedies(missing: Sequence[Probe]) -> str:
    told = [probe.remedy.rstrip(".") for probe in missing if probe.remedy]
    if any(probe.needed == "group" for probe in missing):
        told.append("ANTESALA_DESK_GROUPS says what the desk calls each group of the rules")
    return ". ".join(dict.fromkeys(told)) + "."


def _book(settings: Settings) -> Rulebook | None:
    try:
        return load(settings.rules, cache=settings.home / "cache")
    except RulebookError:
        return None


def _unknown_tags(side: DeskSide, book: Rulebook) -> frozenset[str]:
    """Tags of the rules that the desk would not take."""
    if side.mode == "shadow" or "tags" not in abilities(side.settings):
        return frozenset()
    return side.desk.unknown(tags_of(book))


def tags_of(book: Rulebook) -> frozenset[str]:
    """All tags that the rules can set."""
    sources = (
        *(intent.tags for intent in book.intents.values()),
        *(flag.tags for flag in book.flags.values()),
        *(rule.then.tags for rule in book.routes),
        book.desk.waiting.incomplete_tags,
    )
    return frozenset(tag for tags in sources for tag in tags)


def _page(settings: Settings) -> str:
    return f"docs/desks/{settings.desk}.md"
