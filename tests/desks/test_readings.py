"""What desks answer, in the forms that mocks do not show: old, odd, half empty; and never a wrong `internal`."""

import pytest

from plugin.desks import chatwoot_read, freshdesk_read, zammad_read, zendesk_read
from plugin.desks.zammad import KIND
from plugin.model import PRIORITIES

NAMES = {priority: KIND.options.get(KIND.lacks.get(priority, priority)) for priority in PRIORITIES}
CUSTOMER = {"id": 9, "email": "Ana@Casa.Example", "firstname": "Ana", "lastname": "Ruiz"}
BOT = 3


def zammad(*articles, ticket=None, tags=None, links=None, customer=None):
    return zammad_read.ticket_of(
        ticket or {"id": 81},
        articles,
        tags or {},
        links or {},
        customer if customer is not None else CUSTOMER,
        BOT,
        NAMES,
    )


def zendesk(*comments, users=(), ticket=None):
    return zendesk_read.ticket_of(ticket or {"id": 81}, comments, users, (), str(BOT))


def freshdesk(*talk, ticket=None):
    return freshdesk_read.ticket_of(ticket or {"id": 81}, talk, "Sales", str(BOT))


def chatwoot(*messages, conversation=None):
    return chatwoot_read.ticket_of(conversation or {"id": 81}, messages, frozenset(), str(BOT))


# --- what is not clearly internal counts as public: then a note that went wrong is noticed ---


@pytest.mark.parametrize("internal", [None, 0, "true", "false", {}, [], 1])
def test_only_a_plain_yes_is_internal(internal):
    assert zammad({"id": 1, "body": "x", "internal": internal}).entries[0].public
    assert freshdesk({"id": 1, "body_text": "x", "private": internal}).entries[1].public
    assert chatwoot({"id": 1, "content": "x", "message_type": 1, "private": internal}).entries[0].public


@pytest.mark.parametrize("public", [None, 0, "false", {}])
def test_only_a_plain_no_is_not_public(public):
    assert zendesk({"id": 1, "author_id": 7, "body": "x", "public": public}).entries[0].public


def test_said_plainly_it_is_believed():
    assert not zammad({"id": 1, "body": "x", "internal": True}).entries[0].public
    assert not freshdesk({"id": 1, "body_text": "x", "private": True}).entries[1].public
    assert not chatwoot({"id": 1, "content": "x", "message_type": 1, "private": True}).entries[0].public
    assert not zendesk({"id": 1, "author_id": 7, "body": "x", "public": False}).entries[0].public


# --- who wrote it ---


@pytest.mark.parametrize(
    ("article", "author"),
    [
        ({"sender": "Customer", "created_by_id": 9}, "customer"),
        ({"sender": "Customer", "created_by_id": 4}, "customer"),  # a phone call, typed in by an agent
        ({"sender": "Customer", "created_by_id": BOT}, "bot"),  # added by us in the customer's name
        ({"sender": "Agent", "created_by_id": BOT}, "bot"),
        ({"sender": "Agent", "created_by_id": 4}, "agent"),
        ({"sender": "System", "created_by_id": 1}, "system"),  # a trigger's answer
        ({"created_by_id": 1}, "system"),
    ],
)
def test_who_wrote_in_zammad(article, author):
    assert zammad({"id": 1, "body": "x", **article}).entries[0].author == author


@pytest.mark.parametrize(
    ("comment", "author"),
    [
        ({"author_id": 9, "via": {"channel": "email"}}, "customer"),
        ({"author_id": BOT, "via": {"channel": "api"}}, "bot"),
        ({"author_id": 4, "via": {"channel": "web"}}, "agent"),
        ({"author_id": 5, "via": {"channel": "web"}}, "agent"),  # an admin
        ({"author_id": -1, "via": {"channel": "rule"}}, "system"),
        ({"author_id": 4, "via": {"channel": "system"}}, "system"),  # a merge
        ({"author_id": None}, "system"),
        ({"author_id": 77, "via": None}, "customer"),  # a user that is deleted since
    ],
)
def test_who_wrote_in_zendesk(comment, author):
    users = [{"id": 9, "role": "end-user"}, {"id": 4, "role": "agent"}, {"id": 5, "role": "admin"}, {"id": BOT}]
    assert zendesk({"id": 1, "body": "x", **comment}, users=users).entries[0].author == author


@pytest.mark.parametrize(
    ("part", "author"),
    [
        ({"incoming": True, "user_id": 9}, "customer"),
        ({"incoming": False, "user_id": BOT}, "bot"),
        ({"incoming": True, "user_id": BOT}, "bot"),
        ({"incoming": False, "user_id": 4}, "agent"),
        ({"incoming": False, "user_id": None}, "system"),
    ],
)
def test_who_wrote_in_freshdesk(part, author):
    assert freshdesk({"id": 1, "body_text": "x", **part}).entries[1].author == author


@pytest.mark.parametrize(
    ("message", "author", "public"),
    [
        ({"message_type": 0, "sender": {"id": BOT, "type": "contact"}}, "customer", True),  # ids of contacts overlap
        ({"message_type": "incoming"}, "customer", True),
        ({"message_type": 1, "sender": {"id": BOT, "type": "user"}}, "bot", True),
        ({"message_type": 1, "sender": {"id": BOT}}, "bot", True),
        ({"message_type": 1, "sender": {"id": 4, "type": "User"}}, "agent", True),
        ({"message_type": 1, "sender": {"id": BOT, "type": "agent_bot"}}, "system", True),
        ({"message_type": 1, "sender": None}, "system", True),
        ({"message_type": 2}, "system", False),  # "Carol assigned the team"
        ({"message_type": 3}, "system", True),  # a greeting
    ],
)
def test_who_wrote_in_chatwoot(message, author, public):
    (entry,) = chatwoot({"id": 1, "content": "x", **message}).entries
    assert (entry.author, entry.public) == (author, public)


# --- texts ---

HTML = "<div>Hola,<br>la <b>factura</b> es de mayo &amp; junio.</div><blockquote>¿Qué factura es?</blockquote>"


def test_html_is_read_as_text_and_what_it_quotes_stays_a_quote():
    wanted = ["Hola,", "la factura es de mayo & junio.", "> ¿Qué factura es?"]
    read = zammad({"id": 1, "content_type": "text/html", "body": HTML}).entries[0].text
    assert [line for line in read.splitlines() if line] == wanted
    read = freshdesk({"id": 1, "body": HTML}).entries[1].text
    assert [line for line in read.splitlines() if line] == wanted


def test_plain_text_that_looks_like_html_stays_as_it_is():
    text = "Si <nombre> > 3 & 4"
    assert zammad({"id": 1, "content_type": "text/plain", "body": text}).entries[0].text == text
    assert zendesk({"id": 1, "plain_body": text, "html_body": "no"}).entries[0].text == text
    assert freshdesk({"id": 1, "body_text": text}).entries[1].text == text
    assert chatwoot({"id": 1, "content": text, "message_type": 0}).entries[0].text == text


def test_zendesk_writes_entities_in_what_others_wrote_and_keeps_ours_as_it_was():
    read = {"id": 1, "plain_body": "La&nbsp;factura &amp; el recibo", "body": "*La* factura & el recibo"}
    assert zendesk({**read, "author_id": 9}).entries[0].text.replace("\xa0", " ") == "La factura & el recibo"
    assert zendesk({**read, "author_id": BOT}).entries[0].text == "*La* factura & el recibo"


def test_markup_of_our_texts_cannot_break_out():
    assert freshdesk_read.note_payload("<script>x</script>\n& “fin”") == {
        "body": "&lt;script&gt;x&lt;/script&gt;<br>&amp; “fin”",
        "private": True,
    }


def test_an_answer_of_a_machine_is_known_as_one_in_zammad():
    article = {"id": 1, "sender": "Customer", "body": "x", "preferences": {"is-auto-response": True}}
    assert zammad(article).entries[0].headers == (("auto-submitted", "auto-replied"),)
    assert zammad({**article, "preferences": {}}).entries[0].headers == ()


def test_ids_of_mails_lose_their_brackets_and_other_ids_are_none():
    assert zammad({"id": 1, "message_id": "<a@b.example>"}).entries[0].message_id == "a@b.example"
    system = {"system": {"message_id": "<a@b.example>", "ip_address": "1.1.1.1"}}
    assert zendesk({"id": 1, "metadata": system}).entries[0].message_id == "a@b.example"
    mail = {"email": {"message_id": "a@b.example", "in_reply_to": "c@d.example", "from": ["bea@casa.example"]}}
    (entry,) = chatwoot({"id": 1, "message_type": 0, "content_attributes": mail}).entries
    assert (entry.message_id, entry.in_reply_to) == ("a@b.example", "c@d.example")
    assert entry.sender.email == "bea@casa.example"
    assert chatwoot({"id": 1, "message_type": 0, "source_id": "wamid.12345"}).entries[0].message_id == ""


def test_files_are_named_and_not_fetched():
    kept = {"filename": "../factura.pdf", "size": "51200", "preferences": {"Mime-Type": "application/pdf"}}
    (file,) = zammad({"id": 1, "attachments": [kept]}).entries[0].attachments
    assert (file.name, file.kind, file.size) == ("factura.pdf", "document", 51200)
    kept = {"file_name": "foto.jpg", "content_type": "image/jpeg", "size": 7}
    (file,) = zendesk({"id": 1, "attachments": [kept]}).entries[0].attachments
    assert (file.name, file.kind, file.size) == ("foto.jpg", "image", 7)
    kept = {"name": "datos.csv", "content_type": None, "size": None}
    (file,) = freshdesk({"id": 1, "attachments": [kept]}).entries[1].attachments
    assert (file.name, file.kind, file.size) == ("datos.csv", "table", 0)
    kept = {"data_url": "https://x.example/rails/blobs/a1/captura.png", "file_type": "image", "file_size": 12}
    (file,) = chatwoot({"id": 1, "message_type": 0, "attachments": [kept]}).entries[0].attachments
    assert (file.name, file.kind, file.size) == ("captura.png", "image", 12)


# --- tickets ---


def test_priorities_are_read_by_their_names_and_unknown_ones_are_none():
    assert zammad(ticket={"id": 1, "priority": "2 normal"}).priority == "normal"
    assert zammad(ticket={"id": 1, "priority": "3 high"}).priority == "high"
    assert zammad(ticket={"id": 1, "priority": "9 nobody knows"}).priority is None
    assert [freshdesk(ticket={"id": 1, "priority": n}).priority for n in (0, 1, 2, 3, 4, 5, None, "4")] == [
        *(None, "low", "normal", "high", "urgent", None, None, None),
    ]
    assert [freshdesk_read.priority_number(priority) for priority in PRIORITIES] == [1, 2, 3, 4]
    assert zendesk(ticket={"id": 1, "priority": None}).priority is None
    assert chatwoot(conversation={"id": 1, "priority": "medium"}).priority == "normal"
    assert chatwoot(conversation={"id": 1, "priority": "none"}).priority is None


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (zammad(ticket={"id": 1, "state": "open"}), True),
        (zammad(ticket={"id": 1, "state": "pending reminder"}), True),
        (zammad(ticket={"id": 1, "state": "merged"}), False),
        (zendesk(ticket={"id": 1, "status": "hold"}), True),
        (zendesk(ticket={"id": 1, "status": "solved"}), False),
        (freshdesk(ticket={"id": 1, "status": 7}), True),  # one of the account's own
        (freshdesk(ticket={"id": 1, "status": 5}), False),
        (chatwoot(conversation={"id": 1, "status": "snoozed"}), True),
        (chatwoot(conversation={"id": 1, "status": "resolved"}), False),
    ],
)
def test_what_is_closed(now, is_open):
    assert now.open is is_open


def test_addresses_are_tidied_and_what_is_none_is_none():
    assert zammad().requester.email == "ana@casa.example"
    assert zammad(customer={"email": ""}).requester is None
    assert zammad(customer={"email": "no address"}).requester is None
    assert (
        chatwoot(conversation={"id": 1, "meta": {"sender": {"email": None, "phone_number": "+34"}}}).requester is None
    )


@pytest.mark.parametrize("junk", [None, 7, "x", [], [None, 7, "x"], {"id": None}])
def test_odd_answers_are_empty_values_and_no_crash(junk):
    """What a desk answers is hostile too: a customer has a hand in it."""
    odd = {"id": 81, "tags": junk, "priority": {}, "group": junk, "state": junk, "status": junk, "title": junk}
    entry = {"id": junk, "body": junk, "attachments": junk, "created_at": junk, "via": junk, "metadata": junk}
    entry |= {"preferences": junk, "from": junk, "author_id": junk, "user_id": junk, "content": junk}
    entry |= {"sender": junk, "content_attributes": junk, "message_type": 0, "created_by_id": junk}
    assert len(zammad(entry, ticket=odd, tags={"tags": junk}, links={"links": junk}).entries) == 1
    assert len(zendesk(entry, ticket=odd).entries) == 1
    assert len(freshdesk(entry, ticket=odd).entries) == 2
    assert len(chatwoot(entry, conversation={**odd, "meta": junk}).entries) == 1


def test_entries_stand_in_the_order_of_time_and_then_of_ids():
    articles = [
        {"id": n, "body": str(n), "created_at": at}
        for n, at in ((10, "2026-01-02"), (9, "2026-01-02"), (11, "2026-01-01"))
    ]
    assert [entry.id for entry in zammad(*articles).entries] == ["11", "9", "10"]
