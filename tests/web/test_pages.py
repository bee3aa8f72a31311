"""The built-in ticket list: what it shows, to whom, and that a customer's words stay words."""

import re
import shutil
import subprocess

import pytest
from tickets import decision, ticket
from websites import serving, settings_in

from plugin.model import Completeness, Evidence, Item
from plugin.settings import Secret
from plugin.web.guard import Sessions
from plugin.web.headers import HEADERS

PASSWORD = "a long enough password"
OWN = "document.title='owned'"
HOSTILE = f'<script>{OWN}</script><img src=x onerror="{OWN}">\'"><svg onload={OWN}>'
BROWSER = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--v=0",
    "--virtual-time-budget=2000",
    "--dump-dom",
]


def token_of(answer):
    return re.search(r'name="token" value="([0-9a-f]+)"', answer.text)[1]


def test_the_list_shows_what_an_agent_sorts_by(site):
    ticket(site, 1, subject="Me habéis cobrado dos veces", flags=("previous-contact",), priority="high")
    page = site.get("/").text
    for wanted in (
        "Me habéis cobrado dos veces",
        "Ana Ruiz",
        "billing",
        "ticket-only",
        "high",
        "33 %",
        "Spanish",
        "refund",
        "previous-contact",
        "waiting for the customer",
    ):
        assert wanted in page, wanted


def test_an_empty_list_says_how_to_feed_it(site):
    assert "antesala send examples/refund-es.eml" in site.get("/").text


def test_the_list_is_filtered_and_goes_on_where_it_ended(site):
    for number in range(1, 53):
        ticket(
            site,
            number,
            sender=f"c{number}@x.example",
            subject=f"subject {number:03}",
            group="billing" if number % 2 else "security",
        )
    first = site.get("/").text
    older = site.get(re.search(r'href="([^"]*before=\d+)"', first)[1].replace("&amp;", "&")).text
    shown = re.findall(r"subject (\d{3})", first), re.findall(r"subject (\d{3})", older)
    assert (len(shown[0]), len(shown[1])) == (50, 2)
    assert sorted(shown[0] + shown[1]) == [f"{n:03}" for n in range(1, 53)]
    assert len(re.findall(r"subject \d{3}", site.get("/?group=security").text)) == 26
    assert "No tickets here" in site.get("/?group=nobody").text


def test_the_ticket_shows_note_checklist_words_answer_and_trail_with_places(site):
    number = ticket(site, 1, text="Quiero que me devolváis el dinero.\n\n> viejo texto citado")
    page = site.get(f"/tickets/{number}").text
    for wanted in (
        "Missing: charge (asked), amount.",
        "missing, asked",
        "cobrado dos veces",
        "¿Qué cargo es?",
        "Quiero que me devolváis el dinero.",
        "intents/refund.yaml:6",
        "routes.yaml:9",
        "1 rule that did not match",
    ):
        assert wanted in page, wanted
    assert "viejo texto citado" not in page


def test_each_line_of_the_note_keeps_its_columns_and_a_letter_below_it_its_own(site):
    note = "refund · billing\nWhat      Asks for <money>.\n          in Spanish\n\nDear Ana,\n\n  Yours\n"
    page = site.get(f"/tickets/{ticket(site, 1, note=note)}").text
    shown = re.search(r'<pre class="text note">(.*?)</pre>', page, re.DOTALL)[1]
    lines = ("refund · billing", "What      Asks for &lt;money&gt;.", "          in Spanish")
    assert shown == "".join(f"<span>{line}</span>" for line in lines) + "\n\nDear Ana,\n\n  Yours\n"


def test_a_ticket_without_an_answer_says_why(site):
    number = ticket(site, 1, reply=None, suppressed="automatic")
    assert "No automatic answer: automatic." in site.get(f"/tickets/{number}").text


def test_secrets_of_the_customer_are_masked(site):
    number = ticket(site, 1, text="Mi tarjeta es 4111 1111 1111 1111, gracias.")
    page = site.get(f"/tickets/{number}").text
    assert "4111 1111 1111 1111" not in page
    assert "gracias" in page


def test_the_bytes_can_be_kept_but_are_never_shown_as_a_page(site):
    ticket(site, 1, text="<script>1</script>")
    answer = site.get("/messages/1/raw")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="message-1.eml"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"<script>1</script>" in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/tickets/99",
        "/tickets/0",
        "/tickets/1 OR 1=1".replace(" ", "%20"),
        "/tickets/1;--",
        "/tickets/" + "9" * 31,
        "/tickets/-1",
        "/messages/../../etc/passwd",
        "/messages/%2e%2e%2f%2e%2e%2fetc/passwd/raw",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/messages/" + "9" * 31 + "/raw",
        "/nothing",
    ],
)
def test_what_does_not_exist_is_404(site, path):
    assert site.get(path).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/health",
        "/nothing",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/static/style.css",
        "/v1/requests",
    ],
)
def test_the_headers_are_on_every_answer(site, path):
    answer = site.get(path)
    for name, value in HEADERS.items():
        wanted = "public, max-age=3600" if (name, path) == ("Cache-Control", "/static/style.css") else value
        assert answer.headers[name] == wanted, name
    assert "Strict-Transport-Security" in answer.headers


def test_a_fault_of_ours_shows_a_number_and_nothing_else(site, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("customer text and /a/path")

    monkeypatch.setattr(type(site.store), "requests", broken)
    answer = site.get("/", Accept="text/html")
    assert answer.status == 500
    assert "customer text" not in answer.text
    assert "Traceback" not in answer.text
    assert re.search(r"<code>[0-9a-f]{12}</code>", answer.text)
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_no_page_has_a_script_or_a_style_of_its_own(site):
    number = ticket(site, 1)
    for path in ("/", f"/tickets/{number}", "/health", "/nothing"):
        page = site.get(path, Accept="text/html").text
        assert not re.search(r"<script|\sstyle=|<style|\son\w+=|javascript:", page), path
        assert '<html lang="en">' in page


# --- who may see ---


def test_without_a_password_only_this_machine_sees_the_pages(site):
    assert site.get("/").status == 200
    for headers in ({"X_Forwarded_For": "1.2.3.4"}, {"Forwarded": "for=1.2.3.4"}, {"Via": "1.1 proxy"}):
        answer = site.get("/", **headers)
        assert answer.status == 403
        assert "ANTESALA_ADMIN_PASSWORD" in answer.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil", ""])
def test_another_name_is_refused(site, host):
    answer = site.ask("GET", "/", headers={"Host": host})
    assert answer.status == 400
    assert b"Tickets" not in answer.body


def test_a_name_of_the_settings_is_taken(tmp_path):
    with serving(settings_in(tmp_path, hosts=("desk.example",), admin_password=Secret(PASSWORD))) as site:
        assert site.ask("GET", "/login", headers={"Host": "desk.example"}).status == 200
        assert site.ask("GET", "/login", headers={"Host": "other.example"}).status == 400


def test_health_tells_strangers_words_only(tmp_path):
    with serving(settings_in(tmp_path, admin_password=Secret(PASSWORD))) as site:
        parts = site.get("/healthz").json["parts"]
    assert parts
    assert all(set(part) == {"name", "status"} for part in parts)


@pytest.fixture
def closed(tmp_path):
    with serving(settings_in(tmp_path, admin_password=Secret(PASSWORD))) as site:
        yield site


def sign_in(site, password=PASSWORD, **headers):
    return site.form("/login", {"token": token_of(site.get("/login")), "password": password}, **headers)


def test_with_a_password_nobody_sees_a_page_before_signing_in(closed):
    ticket(closed, 1)
    for path in ("/", "/tickets/1", "/health", "/messages/1/raw"):
        answer = closed.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/login")
    assert closed.get("/v1/requests/1").status == 403


def test_signing_in_and_out(closed):
    answer = sign_in(closed)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-antesala=")
    for flag in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert flag in cookie
    session = cookie.split(";")[0]
    page = closed.get("/", Cookie=session)
    assert page.status == 200
    out = closed.form("/logout", {"token": token_of(page)}, Cookie=session)
    assert out.status == 303
    assert closed.get("/", Cookie=session).status == 303


def test_each_sign_in_is_a_session_of_its_own(closed):
    first, second = (sign_in(closed).headers["Set-Cookie"].split(";")[0] for _ in range(2))
    assert first != second
    assert closed.get("/", Cookie="__Host-antesala=guess").status == 303


def test_who_guesses_passwords_has_to_wait(closed):
    answers = [sign_in(closed, "wrong").status for _ in range(6)]
    assert answers == [403] * 5 + [429]
    assert sign_in(closed).status == 429


def test_a_password_is_nowhere_in_what_is_served(closed):
    cookie = sign_in(closed).headers["Set-Cookie"].split(";")[0]
    for path in ("/", "/health", "/healthz", "/metrics", "/openapi.json", "/login"):
        body = closed.get(path, Cookie=cookie).text
        assert PASSWORD not in body
        assert "whsec_" not in body.replace("whsec_…", "")


def test_a_session_ends_by_itself():
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    idle, used = sessions.start(), sessions.start()
    for now[0] in range(0, 12 * 3600, 1200):
        assert sessions.holds(used)
    assert not sessions.holds(idle)
    now[0] = 12 * 3600.0
    assert not sessions.holds(used)


# --- what changes something ---


def set_aside(site):
    from plugin.act.outcome import Outcome

    ticket(site, 1)
    job = site.store.claim(["reply"])
    site.store.finish(job, Outcome("dead", error="550 no such user"))
    return job.id


def test_what_was_set_aside_is_shown_and_tried_again(site):
    job_id = set_aside(site)
    page = site.get("/health")
    assert "550 no such user" in page.text
    assert f"antesala retry {job_id}" in page.text
    assert "<h3>Our answer, " in page.text
    assert "set aside after 1 try " in page.text
    assert site.get("/healthz").json["status"] == "warning"
    assert site.form(f"/failed/{job_id}/retry", {"token": token_of(page)}).status == 303
    assert site.store.failed() == ()
    assert site.get("/healthz").json["status"] == "ok"


def test_what_can_never_succeed_is_left_undone(site):
    job_id = set_aside(site)
    token = token_of(site.get("/health"))
    assert site.form(f"/failed/{job_id}/resolve", {"token": token, "outcome": "sent"}).status == 404
    assert site.form(f"/failed/{job_id}/resolve", {"token": token, "outcome": "leave"}).status == 303
    assert (site.store.failed(), site.store.claim(["reply"])) == ((), None)
    assert site.get("/healthz").json["status"] == "ok"


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({}, {}),
        ({"token": "0" * 64}, {}),
        ({"token": "good"}, {"Origin": "https://evil.example"}),
        ({"token": "good"}, {"Origin": "null"}),
        ({"token": "good"}, {"Sec_Fetch_Site": "cross-site"}),
        ({"token": "good"}, {"Content_Type": "text/plain"}),
    ],
)
def test_a_form_of_another_site_changes_nothing(site, fields, headers):
    job_id = set_aside(site)
    good = token_of(site.get("/health"))
    fields = {name: good if value == "good" else value for name, value in fields.items()}
    assert site.form(f"/failed/{job_id}/retry", fields, **headers).status == 403
    assert [job.id for job in site.store.failed()] == [job_id]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "TRACE"])
def test_only_post_changes_anything(site, method):
    job_id = set_aside(site)
    answer = site.ask(method, f"/failed/{job_id}/retry", headers={"X-HTTP-Method-Override": "POST"})
    assert answer.status == 405
    assert len(site.store.failed()) == 1


def test_a_form_that_is_too_large_is_refused(site):
    job_id = set_aside(site)
    fields = {"token": token_of(site.get("/health")), "x": "y" * 100_000}
    assert site.form(f"/failed/{job_id}/retry", fields).status == 413
    assert len(site.store.failed()) == 1


def test_whoever_takes_a_ticket_first_has_it(site):
    number = ticket(site, 1)
    page = site.get(f"/tickets/{number}")
    assert "I take it" in page.text
    token = {"token": token_of(page)}
    assert site.form(f"/tickets/{number}/take", {"token": "0" * 64}).status == 403
    assert site.store.request(number).taken_at is None
    assert site.form(f"/tickets/{number}/take", token).status == 303
    first = site.store.request(number).taken_at
    assert first is not None
    assert "I take it" not in site.get(f"/tickets/{number}").text
    assert site.form(f"/tickets/{number}/take", token).status == 303
    assert site.store.request(number).taken_at == first
    assert site.form("/tickets/99/take", token).status == 404


# --- a real browser ---


@pytest.mark.server
def test_in_a_browser_a_customers_words_stay_words(site, tmp_path):
    words = Evidence(HOSTILE, "body", 0, 5, note=HOSTILE)
    made = decision()
    number = ticket(
        site,
        1,
        sender=f'"{HOSTILE[:60]}" <a@b.example>'.replace('"', "'"),
        subject=HOSTILE,
        text=HOSTILE,
        note=HOSTILE,
        tags=(HOSTILE,),
        completeness=Completeness(0, (Item("reason", True, 1.0, (words,)),)),
        trail=tuple(
            type(step)(step.stage, HOSTILE, step.place, step.matched, HOSTILE, (words,)) for step in made.trail
        ),
    )
    for path in ("/", f"/tickets/{number}", "/health"):
        command = [shutil.which("chromium"), *BROWSER, f"--user-data-dir={tmp_path / 'browser'}"]
        url = f"http://127.0.0.1:{site.port}{path}"
        done = subprocess.run([*command, url], capture_output=True, text=True, timeout=120)
        assert "Antesala</title>" in done.stdout, done.stderr[-2000:]
        assert "<title>owned" not in done.stdout
        assert "Content Security Policy" not in done.stderr
