"""Deadlines without a store: which follow from a decision, and what follows when one comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from plugin.decide.due import Follows, breaker_told, deadlines, holds_back, meet, second_channel
from plugin.model import Address, Completeness, Decision, Effect, History, Issue, Item, Message, Pending, Place, Reply
from plugin.rulebook import Rulebook
from plugin.rulebook.rulebook import Away, Member, PickUp, Waiting

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday, ten o'clock in Madrid; open from 8 to 20
HOUR = timedelta(hours=1)
BOOK = Callable[..., Rulebook]


@pytest.fixture
def book(rulebook: Rulebook) -> BOOK:
    """The default pack with other deadlines."""

    def made(
        waiting: Waiting | None = None, pick_up: PickUp | None = None, away: tuple[Away, ...] = (), **groups: dict
    ) -> Rulebook:
        desk = replace(rulebook.desk, waiting=waiting or rulebook.desk.waiting, pick_up=pick_up, notify=("team-lead",))
        changed = {name.replace("_", "-"): values for name, values in groups.items()}
        them = {name: replace(group, **changed.get(name, {})) for name, group in rulebook.groups.items()}
        return replace(rulebook, desk=desk, groups=them, away=away)

    return made


def decision(asks: tuple[str, ...] = ("date",), **more: object) -> Decision:
    values: dict[str, object] = {
        "language": "en",
        "intent": "refund",
        "group": "billing",
        "channel": "ticket-only",
        "priority": "normal",
        "issues": (Issue("refund", "billing"),),
        "completeness": Completeness(50, (Item("date", False, 1.0),)),
        "flags": (),
        "tags": ("refund",),
        "suppressed": None,
        "reply": Reply("en", "Re: Refund", "When was it?", asks) if asks else None,
        "no_reply": None,
        "note": "Wants money back.\n",
        **more,
    }
    return Decision(**values)  # type: ignore[arg-type]


def pending(**more: object) -> Pending:
    values: dict[str, object] = {
        "number": 7,
        "state": "waiting",
        "group": "billing",
        "language": "en",
        "rounds": 1,
        "tags": ("refund",),
        "missing": ("date",),
        "held": False,
        "taken": False,
        "routed_at": NOW,
        "ticket": None,
        "note": "Wants money back.\n",
        "decision": decision(),
        "history": History(group="billing", rounds=1, replies_to_request=1),
        **more,
    }
    return Pending(**values)  # type: ignore[arg-type]


def message(**more: object) -> Message:
    values: dict[str, object] = {
        "source": "mail",
        "id": "one@casa.example",
        "sender": Address("ana@casa.example", "Ana"),
        "subject": "Refund",
        "text": "Refund",
        "newest": "Refund",
        "received_at": NOW,
        **more,
    }
    return Message(**values)  # type: ignore[arg-type]


def due(effects: tuple[Effect, ...]) -> dict[str, datetime | None]:
    return {effect.key: effect.at for effect in effects}


# --- which follow -----------------------------------------------------------------------------


def test_a_question_begins_the_time_for_handing_over(book: BOOK) -> None:
    plain = book(Waiting(hand_over_after=36 * HOUR))
    assert due(deadlines(decision(), plain, History(), 5, NOW)) == {
        "due:hand-over:5": datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    }


def test_with_a_reminder_that_comes_first(book: BOOK) -> None:
    reminding = book(Waiting(remind_after=12 * HOUR))
    assert due(deadlines(decision(), reminding, History(), 5, NOW)) == {"due:remind:5": NOW + timedelta(days=1)}


def test_nothing_asked_nothing_due(book: BOOK) -> None:
    assert deadlines(decision(asks=()), book(Waiting(remind_after=HOUR)), History(), 5, NOW) == ()


@pytest.mark.parametrize(
    ("history", "group", "begins"),
    [
        pytest.param(History(), "billing", True, id="a new request"),
        pytest.param(History(group="billing"), "billing", False, id="its group has it already"),
        pytest.param(History(group="security"), "billing", True, id="it changes the group"),
        pytest.param(History(group="billing", held=True), "billing", True, id="it was held back until now"),
    ],
)
def test_picking_up_counts_from_when_the_group_has_it(book: BOOK, history: History, group: str, begins: bool) -> None:
    picking = book(pick_up=PickUp(2 * HOUR, HOUR))
    found = due(deadlines(decision(asks=(), group=group), picking, history, 5, NOW))
    assert found == ({"due:pick-up:5": NOW + 2 * HOUR} if begins else {})


def test_what_is_held_back_is_not_to_be_picked_up(book: BOOK) -> None:
    holding = book(Waiting(hold_back=True), pick_up=PickUp(2 * HOUR, HOUR))
    assert set(due(deadlines(decision(), holding, History(), 5, NOW))) == {"due:hand-over:5"}


@pytest.mark.parametrize(
    ("history", "asks", "held"),
    [
        pytest.param(History(), ("date",), True, id="asked at once"),
        pytest.param(History(), (), False, id="nothing to ask"),
        pytest.param(History(group="billing", held=True), ("date",), True, id="asked again while held back"),
        pytest.param(History(group="billing", held=True), (), False, id="answered"),
        pytest.param(History(group="billing"), ("date",), False, id="the desk has it already"),
    ],
)
def test_what_is_held_back(book: BOOK, history: History, asks: tuple[str, ...], held: bool) -> None:
    assert holds_back(decision(asks), book(Waiting(hold_back=True)), history) is held
    assert holds_back(decision(asks), book(Waiting()), history) is False


def test_an_automatic_message_begins_nothing_in_a_conversation_but_a_new_one_has_to_be_picked_up(book: BOOK) -> None:
    picking, robot = book(pick_up=PickUp(HOUR, HOUR)), decision(asks=(), suppressed="auto-submitted")
    assert deadlines(robot, picking, History(group="security"), 5, NOW) == ()
    assert set(due(deadlines(robot, picking, History(), 5, NOW))) == {"due:pick-up:5"}


# --- what follows -----------------------------------------------------------------------------


def met(rulebook: Rulebook, what: str, found: Pending, now: datetime = NOW, **more: object) -> Follows:
    payload = {"what": what, "round": 1, "group": "billing", "since": NOW.isoformat(), "passed": [], **more}
    return meet(payload, found, rulebook, now, inbound_id=5, message=message())


def test_the_reminder_asks_in_the_customer_s_language_and_begins_the_time_for_handing_over(book: BOOK) -> None:
    reminding = book(Waiting(remind_after=HOUR, hand_over_after=2 * HOUR))
    for language, words in (("es", "Sigue abierta"), ("fr", "reste ouverte"), ("en", "It is not closed")):
        spoken = decision(reply=Reply(language, "Re: x", "…", ("date",)))
        follows = met(reminding, "remind", pending(decision=spoken, language=language))
        assert follows.reply is not None
        assert (follows.reply.language, follows.reply.asks) == (language, ("date",))
        assert words in follows.reply.text
        assert len(follows.reply.text.encode()) < 2000
        assert due(follows.deadlines) == {"due:hand-over:5": NOW + 2 * HOUR}


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"state": "handed-over"}, "nobody waits"),
        ({"rounds": 2}, "nobody waits"),
        ({"taken": True}, "somebody works on it"),
        ({"missing": ()}, "nothing is missing"),
        ({"history": History(agent_replied=True)}, "an agent has answered"),
        ({"history": History(sender_muted=True)}, "refused our mail"),
        ({"history": History(breaker_open=True)}, "the mailbox has sent too much"),
        ({"history": History(replies_to_request=2)}, "2 replies in this conversation"),
        ({"history": History(replies_to_sender_24h=3)}, "3 replies to this sender"),
        ({"history": History(replies_to_domain_1h=30)}, "30 replies to this domain"),
        ({"history": History(replies_from_mailbox_1h=60)}, "60 replies from this mailbox"),
        ({"decision": decision(suppressed="auto-submitted")}, "not a person's"),
    ],
)
def test_who_is_not_reminded(book: BOOK, changes: dict[str, object], because: str) -> None:
    follows = met(book(Waiting(remind_after=HOUR)), "remind", pending(**changes))
    assert follows.reply is None
    assert because in follows.because
    # And yet the request does not wait for ever.
    still_waits = because != "nobody waits"
    assert bool(follows.deadlines) is still_waits


def test_without_the_message_nobody_is_reminded(book: BOOK) -> None:
    payload = {"what": "remind", "round": 1}
    follows = meet(payload, pending(), book(Waiting(remind_after=HOUR)), NOW, inbound_id=5, message=None)
    assert (follows.reply, [e.key for e in follows.deadlines]) == (None, ["due:hand-over:5"])


def test_an_item_that_the_rules_know_no_more_is_not_asked_for(book: BOOK) -> None:
    old = decision(reply=Reply("en", "Re: x", "…", ("gone", "date")))
    follows = met(book(), "remind", pending(decision=old, missing=("gone", "date")))
    assert follows.reply is not None
    assert follows.reply.asks == ("date",)


def test_silence_is_handed_over_as_it_is(book: BOOK) -> None:
    follows = met(
        book(Waiting(hand_over_after=36 * HOUR, incomplete_tags=("no-answer", "refund"))), "hand-over", pending()
    )
    assert (follows.state, follows.tags, follows.release) == ("handed-over", ("no-answer",), False)
    said = "the customer did not answer, 36 working hours after the last mail to them; missing: date"
    assert follows.note == f"Silence   {NOW:%Y-%m-%d %H:%M} UTC: {said}\n"
    held = met(book(pick_up=PickUp(HOUR, HOUR)), "hand-over", pending(held=True, routed_at=None))
    assert held.release
    assert due(held.deadlines) == {"due:pick-up:5:hand-over": NOW + HOUR}


def test_the_second_channel_is_told_and_the_second_time_begins(book: BOOK) -> None:
    picking = book(pick_up=PickUp(2 * HOUR, 3 * HOUR), billing={"notify": ("night-shift",)})
    follows = met(picking, "pick-up", pending(ticket="4711"))
    assert follows.telling is not None
    assert follows.telling.to == ("night-shift",)
    assert follows.telling.title == "Request 7 (ticket 4711) waits: refund, normal priority, in billing"
    assert follows.telling.body == "Nobody of billing picked it up within 2 working hours."
    assert due(follows.deadlines) == {"due:move:5": NOW + 3 * HOUR}


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"taken": True}, "picked up"),
        ({"group": "security"}, "in another group"),
        ({"routed_at": NOW + HOUR}, "in another group"),  # it went away and came back: its time began anew
        ({"routed_at": None}, "in another group"),
    ],
)
@pytest.mark.parametrize("what", ["pick-up", "move"])
def test_when_things_have_changed_nothing_follows(
    book: BOOK, what: str, changes: dict[str, object], because: str
) -> None:
    follows = met(book(pick_up=PickUp(HOUR, HOUR)), what, pending(**changes))
    assert because in follows.because
    assert follows == Follows(follows.because)


def test_it_moves_to_the_fallback_and_has_to_be_picked_up_there(book: BOOK) -> None:
    picking = book(pick_up=PickUp(HOUR, 2 * HOUR), billing={"fallback": "customer-care"})
    follows = met(picking, "move", pending())
    assert (follows.group, follows.because) == (
        "customer-care",
        "moved from billing to customer-care: nobody of billing picked it up within 3 working hours",
    )
    (again,) = follows.deadlines
    assert (again.key, again.at) == ("due:pick-up:5:1", NOW + HOUR)
    assert again.payload == {
        "what": "pick-up",
        "group": "customer-care",
        "since": NOW.isoformat(),
        "passed": ["billing"],
    }


def test_two_groups_that_stand_in_for_each_other_do_not_play_ball(book: BOOK) -> None:
    each = {"billing": {"fallback": "accounting"}, "accounting": {"fallback": "billing"}}
    picking = book(pick_up=PickUp(HOUR, HOUR), **each)
    follows = met(picking, "move", pending(group="accounting"), group="accounting", passed=["billing"])
    assert follows.group is None
    assert follows.deadlines == ()
    assert "no other group is left" in follows.because
    assert follows.telling is not None


def test_members_who_are_away_are_not_told(book: BOOK) -> None:
    members = (Member("ana", "ana-phone"), Member("luis", "luis-phone"), Member("eva"))
    today = date(2026, 11, 18)
    away = (Away(Place("away.yaml", 3), today, today, member="luis"),)
    staffed = book(away=away, billing={"members": members})
    assert second_channel(staffed, "billing", NOW) == ("team-lead", "ana-phone")
    assert second_channel(staffed, "billing", NOW + timedelta(hours=13)) == (
        "team-lead",
        "ana-phone",
    )  # 23:00 in Madrid
    assert second_channel(staffed, "billing", NOW + timedelta(hours=14)) == ("team-lead", "ana-phone", "luis-phone")
    assert second_channel(staffed, "no-such-group", NOW) == ("team-lead",)


def test_of_a_breaker_the_desk_is_told_if_it_named_somebody(book: BOOK, rulebook: Rulebook) -> None:
    told = breaker_told(book(), "mailbox-cap")
    assert told is not None
    assert told.to == ("team-lead",)
    assert breaker_told(rulebook, "mailbox-cap") is None
