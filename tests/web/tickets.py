"""Tickets for the pages, as the worker would keep them: a mail, its decision, its effects."""

from datetime import UTC, datetime

from plugin.act.effects import effects
from plugin.model import Arrival, Completeness, Decision, Evidence, Issue, Item, Place, Reply, Step
from plugin.store import Verdict
from plugin.understand.mail import read_mail

MAIL = """From: {sender}
To: Support <support@desk.example>
Subject: {subject}
Message-ID: <{number}@casa.example>
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit

{text}
"""


def decision(**given):
    words = Evidence("cobrado dos veces", "subject", 10, 27)
    values = {
        "language": "es",
        "intent": "refund",
        "group": "billing",
        "channel": "ticket-only",
        "priority": "normal",
        "issues": (Issue("refund", "billing", score=0.97, evidence=(words,)),),
        "completeness": Completeness(
            33,
            (
                Item("charge", False, 3.0),
                Item("amount", False, 2.0),
                Item("reason", True, 2.0, (words,)),
            ),
        ),
        "flags": (),
        "tags": ("refund", "lang-es"),
        "suppressed": None,
        "reply": Reply("es", "Re: Me habéis cobrado dos veces", "Hola, Ana:\n\n¿Qué cargo es?\n", ("charge",)),
        "no_reply": None,
        "note": "Refund, in Spanish. Missing: charge (asked), amount.",
        "rulebook": "0123456789abcdef",
        "decided_at": datetime.now(UTC),
        "trail": (
            Step("intent", "refund", Place("intents/refund.yaml", 6), True, "It mentions a double charge.", (words,)),
            Step("route", "vip", Place("routes.yaml", 9), False, "The sender's domain is not vip.example."),
        ),
    }
    return Decision(**{**values, **given})


def ticket(site, number=1, *, sender="Ana Ruiz <ana@casa.example>", subject="Cobro doble", text="Hola", **given):
    """The number of a new ticket."""
    raw = MAIL.format(number=number, sender=sender, subject=subject, text=text).encode()
    now = datetime.now(UTC)
    receipt = site.store.accept(Arrival("mail", raw, now, "folder:inbox"))
    job = site.store.claim(["triage"])
    message = read_mail(raw, now)
    made = decision(**given)
    known = site.store.known(message, now)
    follow = effects(made, message, receipt.inbound_id, site.settings)
    return site.store.record(job, Verdict(message, made, follow, known, now))
