"""Whom never to answer: the one place that says whether a message is a person's.

By structure and headers first (automatic_headers.py), then by who sends, and at last by what the text says of itself
(automatic_words.py). Such a message still becomes a request; only no automatic mail goes out about it.
"""

from __future__ import annotations

import re2

from plugin.model import Address, Message
from plugin.understand.automatic_headers import SIGNS
from plugin.understand.automatic_words import BOUNCE_SUBJECTS, BOUNCE_TEXT, BULK_TEXT, REPLY_SUBJECTS, REPLY_TEXT
from plugin.understand.fold import fold
from plugin.understand.own import Own, plain_address

MARKER = "x-antesala-loop"  #: header of our own mails, signed

#: header that intake puts on a mail of which it took the header alone
OVERSIZED = "x-antesala-oversized"
_UNREAD = frozenset(
    {"needs-a-human", "too-complex"}
)  #: defects of mails whose text is not all there (RFC 3834 section 2)
_HOPS = 50  #: Received headers; Postfix gives up at 50 as well
_TEXT_CAP = 4000  #: characters of text that are looked at
_NOTE_WORDS = 150  #: absence notes and confirmations are shorter
_BARE_WORDS = 40  #: up to here an automatic subject needs no cue in the text
_POINTS = 4  #: of cues that make a text automatic

_ROBOTS = re2.compile(
    r"^(?:mailer-?daemon|mail-daemon|postmaster|maildelivery|mdaemon|daemon|root|abuse|listserv|majordomo|mailman"
    r"|bounces?|notifications?-noreply|owner-.*|.*-request|.*-bounces?"
    r"|(?:.*[-_.])?(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|dont[-_.]?reply|no[-_.]?responder|no[-_.]?contestar"
    r"|ne[-_.]?pas[-_.]?repondre|nao[-_.]?respond(?:a|er)|non[-_.]?rispondere|nicht[-_.]?antworten)(?:[-_.\d].*)?"
    r"|bounces?[-_.=\d].*)$"
)
# a web shop's mails to us also pass through "bounces+…@" of its provider, so that one counts in From only
_ROBOT_PATHS = re2.compile(
    r"^(?:mailer-?daemon|postmaster|listserv|majordomo|owner-.*|.*-(?:request|owner|bounces|relay))$"
)
_REPORT_PARTS = {
    "message/delivery-status": "bounce",
    "message/global-delivery-status": "bounce",
    "text/rfc822-headers": "bounce",
    "message/disposition-notification": "report",
    "message/global-disposition-notification": "report",
    "message/feedback-report": "report",
}


def _any_of(cues: str, start: str = "") -> re2._Regexp:
    """One expression for a block of cues, one a line."""
    return re2.compile(start + "(?:" + "|".join(line.strip() for line in cues.strip().splitlines()) + ")")


_REPLY_SUBJECT = _any_of(REPLY_SUBJECTS, r"^(?:re: ?)*(?:\[[^\]]*\] ?)?")
_BOUNCE_SUBJECT = _any_of(BOUNCE_SUBJECTS, r"^(?:re: ?)*")
_BOUNCE_TEXT = _any_of(BOUNCE_TEXT)
_REPLY_TEXT = tuple((points, _any_of(cues)) for points, cues in REPLY_TEXT)
_BULK_TEXT = tuple((points, _any_of(cues)) for points, cues in BULK_TEXT)
_ANSWERED_SUBJECT = re2.compile(r"^(?:re|aw|rv|fwd?|wg|tr|sv|enc|ref)\s?:")
_QUOTED = re2.compile(r'"[^"\n]*"|«[^»\n]*»')


def automatic(message: Message, own: Own) -> str | None:
    """Why no automatic answer may go to this message, or None for a person's.

    The reasons: own-message, own-address, loop, no-sender, bounce, report, auto-submitted, null-sender,
    suppress-header, auto-reply, list, bulk, spam, system-sender, sender-unverified, not-addressed, absence, newsletter,
    and unread for a mail that is a person's perhaps, but could not be read to its end.
    """
    return (
        _ours(message, own)
        or _sender(message.sender)
        or _structure(message.structure)
        or _headers(message, own)
        or _robot(message)
        or _unverified(message, own)
        or _addressed(message, own)
        or _unread(message)
        or _says_so(message)
    )


def _ours(message: Message, own: Own) -> str | None:
    if own.is_own_message_id(message.id):
        return "own-message"
    if any(own.is_own_marker(value.strip()) for value in message.header(MARKER)):
        return "loop"
    if message.sender is not None and plain_address(message.sender.email) in own.addresses:
        return "own-address"
    return "loop" if len(message.header("received")) > _HOPS else None


def _sender(sender: Address | None) -> str | None:
    """A sender that a mail can go to: one address whose domain is a name with a dot, not a number."""
    if sender is None:
        return "no-sender"
    local, _, domain = sender.email.rpartition("@")
    named = "." in domain.rstrip(".") and not domain.startswith("[") and not domain.replace(".", "").isdigit()
    return None if local and named else "no-sender"


def _structure(structure: tuple[str, ...]) -> str | None:
    """Reports by their parts; what stands inside a forwarded mail is that mail's."""
    for part in structure:
        kind = part.lower()
        if kind.startswith("message/rfc822"):
            return None
        if kind.startswith("multipart/report"):
            return "report" if "disposition-notification" in kind or "feedback-report" in kind else "bounce"
        if reason := _REPORT_PARTS.get(kind.split(";", 1)[0].strip()):
            return reason
    return None


def _headers(message: Message, own: Own) -> str | None:
    for name, value in message.headers:
        sign = SIGNS.get(name.strip())
        if sign is not None and sign.holds(" ".join(value.lower().split())):
            return sign.reason
        # a rule that forwards our own old mailbox to this one is no loop
        if name == "x-ms-exchange-inbox-rules-loop" and plain_address(value) not in own.addresses:
            return "auto-reply"
    return None


def _robot(message: Message) -> str | None:
    sender = message.sender.email if message.sender else ""
    if _ROBOTS.search(_local(sender)):
        return "system-sender"
    for name in ("return-path", "sender"):
        if any(_ROBOT_PATHS.search(_local(value)) for value in message.header(name)):
            return "system-sender"
    return None


def _local(address: str) -> str:
    """The part before the @, lower-cased, without +tag."""
    local = address.rpartition("@")[0].rpartition("<")[2].strip().lower()
    return (local.split("+", 1)[0] or local)[:200].encode("utf-8", "replace").decode()


def _unverified(message: Message, own: Own) -> str | None:
    """DMARC failed, says the server that we believe; a header that the sender brought along has another name."""
    if not own.authserv_id:
        return None
    for value in message.header("authentication-results"):
        server, _, results = value.lower().partition(";")
        if server.split()[:1] == [own.authserv_id.lower()] and "dmarc=fail" in "".join(results.split()):
            return "sender-unverified"
    return None


def _addressed(message: Message, own: Own) -> str | None:
    if not own.recipients or message.source != "mail":
        return None
    named = {plain_address(address.email) for address in (*message.to, *message.cc)}
    for name in ("delivered-to", "x-original-to", "resent-to", "resent-cc", "envelope-to"):
        named.update(plain_address(part) for value in message.header(name) for part in value.split(","))
    return None if named & own.recipients else "not-addressed"


def _unread(message: Message) -> str | None:
    """Too large or too broken: nobody can tell what is missing in it."""
    return "unread" if message.header(OVERSIZED) or not _UNREAD.isdisjoint(message.defects) else None


def _says_so(message: Message) -> str | None:
    """What subject and text say of themselves; quotations are not the message's own words."""
    subject = " ".join(fold(_safe(message.subject[:300])).split())
    text = _QUOTED.sub(" ", fold(_safe(message.newest[:_TEXT_CAP])))
    words = len(text.split())
    if _BOUNCE_SUBJECT.search(subject) and (words == 0 or _BOUNCE_TEXT.search(text)):
        return "bounce"
    points = _points(_REPLY_TEXT, text) if words <= _NOTE_WORDS else 0
    if _REPLY_SUBJECT.search(subject) and (points or words <= _BARE_WORDS):
        return "absence"
    if points - 2 * ("?" in text) >= _POINTS:
        return "absence"
    answered = message.in_reply_to or message.references or _ANSWERED_SUBJECT.search(subject)
    whole = text if answered else fold(_safe(message.text[:_TEXT_CAP] + "\n" + message.text[_TEXT_CAP:][-_TEXT_CAP:]))
    return "newsletter" if _points(_BULK_TEXT, whole) >= _POINTS else None


def _points(cues: tuple[tuple[int, re2._Regexp], ...], text: str) -> int:
    return sum(points for points, cue in cues if cue.search(text))


def _safe(text: str) -> str:
    """Without lone surrogates, which RE2 cannot read."""
    return text.encode("utf-8", "replace").decode()
