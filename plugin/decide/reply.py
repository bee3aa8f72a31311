"""The one public answer: what kind of letter it is, and its paragraphs.

Everything that is said is a text of the pack (rules/replies/*.yaml). Of the customer's own words only the subject goes
back, and a first name that the pack knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plugin.decide.channel import Fit
from plugin.decide.letter import MAX_BYTES, Block, Bullets, Numbered, Paragraph, as_html, as_text, is_web
from plugin.decide.names import first_name
from plugin.decide.plan import Kind
from plugin.decide.subject import reply_subject
from plugin.decide.when import clock, next_opening, opening_hours, place
from plugin.decide.wording import Wording, clean, fill
from plugin.model import Assessment, Issue, Priority, Reply, Understood
from plugin.rulebook import Article, Rulebook
from plugin.rulebook.hours import Hours

_MAX_ARTICLES = 2


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that the letter is written from."""

    kind: Kind
    understood: Understood
    assessment: Assessment
    rulebook: Rulebook
    wording: Wording
    group: str  #: that the principal issue was routed to
    fit: Fit
    asks: tuple[str, ...]
    articles: tuple[Article, ...]
    hours: Hours  #: of the group
    now: datetime
    about: tuple[int, ...] = ()  #: for each of `asks` the number of the issue that it is for
    number: str = ""  #: of the request, as the customer may know it
    priority: Priority = "normal"

    @property
    def intent(self) -> str:
        """Of the principal issue."""
        return self.assessment.issues[0].intent

    @property
    def hostile(self) -> bool:
        """Whether to stay sober."""
        return "hostile" in self.assessment.flags


def compose(letter: Letter) -> Reply:
    """Write it. Raises MissingText for a pack that lacks a text."""
    blocks = tuple(block for block in _blocks(letter) if block)
    while len(as_text(blocks).encode()) > MAX_BYTES and len(blocks) > 1:
        blocks = blocks[:-2] + blocks[-1:]  # an admin's endless text: the closing stays
    wording, message = letter.wording, letter.understood.message
    questions = _asked(letter) if letter.kind in (Kind.ASK, Kind.REMIND) else ()
    return Reply(
        language=wording.language,
        subject=reply_subject(message.subject, letter.rulebook.desk.name),
        text=as_text(blocks),
        asks=letter.asks,
        html=as_html(blocks, wording.language),
        kind=letter.kind.value,
        questions=questions,
        files=files(letter) if questions else (),
    )


def _blocks(letter: Letter) -> list[Block | None]:
    """The order of a letter at a glance."""
    if letter.kind is Kind.IN_HAND:
        return [_greeting(letter), _in_hand(letter), _next(letter), _closing(letter)]
    if letter.kind is Kind.EMPTY:
        return [_greeting(letter), _empty(letter), _next(letter), _closing(letter)]
    if letter.kind is Kind.REMIND:
        return [_greeting(letter), *_questions(letter), _form(letter), _next(letter), _closing(letter)]
    return [
        _greeting(letter),
        *_what_was_understood(letter),
        *_questions(letter),
        _form(letter),
        _remarks(letter),
        _channel(letter),
        _next(letter),
        *_articles(letter),
        _closing(letter),
    ]


def _greeting(letter: Letter) -> Block:
    name = first_name(letter.understood.message.sender, letter.rulebook.words)
    said = letter.wording.say("greeting", "name", name=name) if name else letter.wording.say("greeting")
    return Paragraph((said,))


def _what_was_understood(letter: Letter) -> list[Block]:
    """Thanks and one line; several issues are listed."""
    wording, issues = letter.wording, _distinct(letter)
    thanks = wording.say("thanks", "hostile") if letter.hostile else wording.say("thanks", letter.intent)
    if len(issues) > 1:
        entries = tuple((_about("issue", issue, wording), "") for issue in issues)
        return [Paragraph((f"{thanks} {wording.say('issues')}",)), Bullets(entries)]
    if letter.hostile:
        return [Paragraph((thanks,))]
    return [Paragraph((f"{thanks} {_about('understood', issues[0], wording)}",))]


def _distinct(letter: Letter) -> list[Issue]:
    """One for each pair of intent and group: two of the same kind read the same."""
    first, *others = letter.assessment.issues
    routed = Issue(first.intent, letter.group)
    return list({(i.intent, i.group): i for i in (routed, *others)}.values())


def _about(name: str, issue: Issue, wording: Wording) -> str:
    topic = wording.phrase("topic", issue.group)
    return wording.say(name, issue.intent, issue.group, topic=topic)


def _questions(letter: Letter) -> list[Block | None]:
    if letter.kind is Kind.CONFIRM:
        confirm = letter.wording.say("confirm", *(["hostile"] if letter.hostile else [letter.intent]))
        return [Paragraph((confirm,))]
    wording, team = letter.wording, letter.wording.phrase("team", letter.group)
    one = ("one",) if len(letter.asks) == 1 else ()
    situation = "several" if len(letter.assessment.issues) > 1 else letter.intent
    intro = wording.say("asks", situation, *one, team=team)
    if letter.kind is Kind.REMIND:
        intro = wording.say("remind", *one, team=team)
    link = str(letter.rulebook.desk.raw.get("details_link") or "")
    answer = [wording.say("answer", *(["form"] if _forms(letter) else []), *one)]
    if is_web(link):
        answer.append(wording.say("answer", "link", link=link))
    return [
        Paragraph((intro,)),
        Numbered(_asked(letter)),
        Paragraph(tuple(answer)),
    ]


def _asked(letter: Letter) -> tuple[str, ...]:
    """The questions; of several issues each says which one it is about."""
    issues = letter.assessment.issues
    about = letter.about or (0,) * len(letter.asks)
    if len(_distinct(letter)) < 2:
        return tuple(question(item, letter, issues[number]) for item, number in zip(letter.asks, about, strict=True))
    wording = letter.wording
    said = []
    for item, number in zip(letter.asks, about, strict=True):
        issue = issues[number] if number else Issue(letter.intent, letter.group)
        asked = question(item, letter, issue)
        said.append(wording.say("asks.about", topic=wording.phrase("topic", issue.group), question=asked))
    return tuple(said)


def question(item: str, letter: Letter, issue: Issue) -> str:
    """How an item is asked for: as the replies say for this intent or group, or as the item itself does."""
    group = letter.group if issue is letter.assessment.issues[0] else issue.group
    if letter.wording.find(f"ask.{item}", issue.intent, group):
        return letter.wording.say(f"ask.{item}", issue.intent, group)
    questions = letter.rulebook.items[item].question
    return fill(questions.get(letter.wording.language) or questions[letter.rulebook.desk.default_language], {})


def _form(letter: Letter) -> Block | None:
    """Where the form is that an item asks to have signed: behind a link, or in the mail."""
    said = []
    for item in letter.asks if letter.kind is not Kind.CONFIRM else ():
        link = _form_link(item, letter)
        if link and f"form.{item}.link" in letter.wording.texts:
            said.append(letter.wording.say(f"form.{item}.link", link=link))
        elif not link and f"form.{item}.file" in letter.wording.texts:
            said.append(letter.wording.say(f"form.{item}"))
    return Paragraph(tuple(said)) if said else None


def _forms(letter: Letter) -> bool:
    """Whether something has to be signed: it cannot be done without."""
    return any(f"form.{item}" in letter.wording.texts for item in letter.asks)


def files(letter: Letter) -> tuple[tuple[str, str], ...]:
    """Forms to sign that go along, as name and text: those of the pack, where the desk names no page for them."""
    texts = letter.wording.texts
    return tuple(
        (clean(texts[f"form.{item}.name"], 80), texts[f"form.{item}.file"])
        for item in letter.asks
        if {f"form.{item}", f"form.{item}.name", f"form.{item}.file"} <= texts.keys() and not _form_link(item, letter)
    )


def _form_link(item: str, letter: Letter) -> str:
    link = (letter.rulebook.desk.raw.get("forms") or {}).get(item, "")
    if isinstance(link, dict):
        link = link.get(letter.wording.language) or link.get(letter.rulebook.desk.default_language) or ""
    return str(link) if is_web(str(link)) else ""


def _remarks(letter: Letter) -> Block | None:
    """What else has to be said because of what the message is."""
    said = [letter.wording.say("sensitive")] if "sensitive-data" in letter.assessment.flags else []
    if letter.wording.find("remark", letter.intent) and not letter.hostile:
        said.append(letter.wording.say("remark", letter.intent))
        said += _offers(letter)
    return Paragraph(tuple(said)) if said else None


def _offers(letter: Letter) -> list[str]:
    """Whom the customer may talk to, and where to say how it went: for intents that it suits."""
    said = []
    for name in ("account_manager", "survey"):
        value, text = str(letter.rulebook.desk.raw.get(name) or ""), f"offer.{name}.{letter.intent}"
        if value and text in letter.wording.texts:
            said.append(letter.wording.say(text, link=value))
    return said


def _channel(letter: Letter) -> Block | None:
    """The chat while it is open; why it has to be in writing."""
    fit, wording, hours = letter.fit, letter.wording, letter.hours
    if fit.channel == "ticket-only":
        which = letter.intent if len(letter.assessment.issues) == 1 else "several"
        return Paragraph((wording.say("channel.ticket-only", which),))
    closes = hours.closes(letter.now)
    if fit.channel != "chat" or closes is None or letter.hostile:
        return None
    until = clock(closes.astimezone(hours.zone), wording)
    return Paragraph((wording.say("channel.chat", open_until=until, place=place(hours)),))


def _next(letter: Letter) -> Block | None:
    """Who takes it, and when."""
    wording, hours = letter.wording, letter.hours
    values = {"team": wording.phrase("team", letter.group), "place": place(hours)}
    opened = hours.is_open(letter.now)
    opening = next_opening(hours, letter.now, wording)
    if opening is None:
        return None
    values |= {"hours": opening_hours(hours, wording)} if opened else {"next_open": opening}
    when = "open" if opened else "closed"
    pressing = f"next.{letter.kind.value}.pressing.{when}"
    if (
        letter.priority in ("high", "urgent")
        and not letter.rulebook.desk.waiting.hold_back
        and pressing in wording.texts
    ):
        return Paragraph((wording.say(pressing, **values),))
    of_several = f"next.{letter.kind.value}.several.{when}"
    if len(_distinct(letter)) > 1 and of_several in wording.texts:
        return Paragraph((wording.say(of_several, **values),))
    return Paragraph((wording.say("next", letter.kind.value, when, **values),))


def _articles(letter: Letter) -> list[Block]:
    language, default = letter.wording.language, letter.rulebook.desk.default_language
    centre = str(letter.rulebook.desk.raw.get("help_centre") or "").rstrip("/")
    entries = []
    for article in letter.articles:
        title = article.title.get(language) or article.title.get(default, "")
        link = article.link.get(language) or article.link.get("any") or article.link.get(default, "")
        link = f"{centre}{link}" if centre and link.startswith("/") else link
        if title and is_web(link):
            entries.append((clean(title, 200), clean(link, 500)))
    if not entries or letter.hostile:
        return []
    return [Paragraph((letter.wording.say("articles"),)), Bullets(tuple(entries[:_MAX_ARTICLES]))]


def _in_hand(letter: Letter) -> Block:
    number = clean(letter.number, 40)
    said = letter.wording.say("in-hand", "number", number=number) if number else letter.wording.say("in-hand")
    return Paragraph((said,))


def _empty(letter: Letter) -> Block:
    variant = ("attachment",) if letter.understood.message.attachments else ()
    return Paragraph((letter.wording.say("empty", *variant),))


def _closing(letter: Letter) -> Block:
    desk, wording = letter.rulebook.desk, letter.wording
    return Paragraph((wording.say("closing"), desk.signature.get(wording.language) or desk.name))
