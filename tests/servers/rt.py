"""A real Request Tracker 5 of Debian's packages, on loopback, with SQLite, set up as docs/desks/rt.md says.

Beside the bot there are an agent (carol) and a customer who may look at her tickets in the self-service.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from servers.ground import PATIENCE, answers, end, folder, free_port, wait_for
from servers.hooks import HookSink
from servers.smtp import SmtpServer

_SHARE = Path("/usr/share/request-tracker5")
_SETUP = Path("/usr/sbin/rt-setup-database-5")
BOT, AGENT, CUSTOMER = "antesala", "carol", "ana@casa.example"
PASSWORD = "a password of tests"
SECRET = "secret of the hooks of RT"
QUEUES = ("General", "Billing")

_CONFIG = r"""
Set($rtname, 'desk.test');
Set($Organization, 'desk.test');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{home}/rt.sqlite3');
Set($CorrespondAddress, 'support@desk.test');
Set($CommentAddress, 'support-comment@desk.test');
Set($MailCommand, 'sendmailpipe');
Set($SendmailPath, '{home}/sendmail');
Set($SendmailArguments, '-oi -t');
Set($LogToSyslog, undef);
Set($LogToFile, 'info');
Set($LogDir, '{home}');
Set($LogToFileNamed, 'rt.log');
Set($WebSessionClass, 'Apache::Session::File');
Set($RestrictReferrer, 0);
Set($BcryptCost, 5);
$RT::MasonDataDir = '{home}/mason';  # Debian's own folders are its web server's alone
$RT::MasonSessionDir = '{home}/sessions';
1;
"""
#: RT hands its mail to a program; this one hands it on by SMTP.
_SENDMAIL = """#!/usr/bin/python3
import email, email.utils, smtplib, sys
mail = email.message_from_bytes(sys.stdin.buffer.read())
fields = [text for name in ("To", "Cc", "Bcc") for text in mail.get_all(name, [])]
to = [address for _, address in email.utils.getaddresses(fields) if address]
del mail["Bcc"]
if to:
    with smtplib.SMTP("127.0.0.1", {port}, timeout=30) as server:
        server.sendmail("rt@desk.test", to, mail.as_bytes())
"""
_SEED = r"""
our (@Queues, @CustomFields, @Users, @ACL, @Scrips, @Final);
@Queues = ({{ Name => 'Billing', Description => 'Billing', CorrespondAddress => 'billing@desk.test' }});
@CustomFields = ({{ Name => 'Tags', Type => 'FreeformMultiple', LookupType => 'RT::Queue-RT::Ticket', ApplyTo => 0 }},
  {{ Name => 'Kinds', Type => 'SelectMultiple', LookupType => 'RT::Queue-RT::Ticket', ApplyTo => 0,
     Values => [map +{{ Name => $_ }}, qw(refund incomplete)] }});
@Users = (
  (map +{{ Name => $_, EmailAddress => "$_\@desk.test", Password => '{password}', Privileged => 1 }},
    qw({bot} {agent})),
  {{ Name => '{customer}', EmailAddress => '{customer}', RealName => 'Ana Casa',
     Password => '{password}', Privileged => 0 }},
);
my @rights = qw(SeeQueue ShowTicket ShowTicketComments ModifyTicket CommentOnTicket ReplyToTicket CreateTicket
                SeeCustomField ModifyCustomField ModifySelf ManageAuthTokens OwnTicket);
@ACL = (
  (map +{{ GroupDomain => 'SystemInternal', GroupType => 'Everyone', Right => $_ }},
    qw(CreateTicket ReplyToTicket SeeQueue)),
  {{ GroupDomain => 'RT::System-Role', GroupType => 'Requestor', Right => 'ShowTicket' }},
  (map {{ my $who = $_; map +{{ UserId => $who, Right => $_ }}, @rights }} qw({bot} {agent})),
);
@Scrips = ({{
  Description => 'Antesala', ScripCondition => 'User Defined', ScripAction => 'User Defined', Template => 'Blank',
  Stage => 'TransactionBatch',
  CustomIsApplicableCode => q[{condition}], CustomPrepareCode => 'return 1;', CustomCommitCode => q[{commit}],
}}, {{
  Description => 'Escalates', ScripCondition => 'On Comment', ScripAction => 'User Defined', Template => 'Blank',
  CustomPrepareCode => q[return $self->TransactionObj->Content =~ /RULE: move/;],
  CustomCommitCode => q[my $ticket = RT::Ticket->new(RT->SystemUser); $ticket->Load($self->TicketObj->id);
    $ticket->SetQueue('General'); $ticket->AddCustomFieldValue(Field => 'Tags', Value => 'overdue'); return 1;],
}});
@Final = (sub {{
  my $autoreply = RT::Scrip->new(RT->SystemUser);
  $autoreply->LoadByCols(Description => 'On Create Autoreply To Requestors');
  my ($off, $why) = $autoreply->SetDisabled(1);
  die "autoreply: $why" unless $off;
  my $user = RT::User->new(RT->SystemUser); $user->Load('{bot}');
  my $token = RT::AuthToken->new(RT->SystemUser);
  my ($ok, $msg, $text) = $token->Create(Owner => $user->id, Description => 'Antesala');
  die "token: $msg" unless $ok;
  open my $file, '>', '{home}/token' or die $!; print $file $text; close $file;
}});
1;
"""


def scrip(page: Path) -> tuple[str, str]:
    """Condition and commit code of the webhook, as the page in docs tells people to paste them."""
    blocks = page.read_text("utf-8").split("```perl\n")[1:]
    condition, commit = (block.partition("```")[0] for block in blocks[:2])
    return condition, commit


class RequestTracker:
    """A context manager; the server runs inside."""

    def __init__(self, page: Path) -> None:
        self.home = folder("rt")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.smtp, self.sink = SmtpServer(), HookSink()
        self._page = page
        self._env = {
            **os.environ,
            "RT_SITE_CONFIG": str(self.home / "RT_SiteConfig.pm"),
            "RT_SITE_CONFIG_DIR": str(self.home / "RT_SiteConfig.d"),
        }

    def __enter__(self) -> RequestTracker:
        if not _SETUP.exists():
            raise RuntimeError("RT is missing: `make test` as root installs the Debian package request-tracker5")
        self._write()
        self._setup("--action", "init", "--skip-create")
        self._setup("--action", "insert", "--datafile", str(self.home / "seed.pl"))
        command = ["perl", str(_SHARE / "libexec/rt-server"), "--host", "127.0.0.1", "--port", str(self.port)]
        with (self.home / "server.log").open("wb") as log:
            self._server = subprocess.Popen(
                [*command, "--max-workers", "3"],
                env=self._env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        wait_for(self._ready, message="Request Tracker does not answer")
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        end(self._server.pid)
        self._server.wait(10)
        self.smtp.close()
        self.sink.close()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def token(self) -> str:
        """The bot's."""
        return (self.home / "token").read_text("ascii")

    def mail_in(self, raw: bytes, queue: str = "General") -> str:
        """What rt-mailgate does with a mail; the number of the newest ticket."""
        form = {"queue": queue, "action": "correspond"}
        part = {"message": (None, raw, "application/octet-stream")}
        answer = httpx.post(f"{self.url}/REST/1.0/NoAuth/mail-gateway", data=form, files=part, timeout=PATIENCE)
        assert answer.text.startswith("ok"), answer.text + (self.home / "rt.log").read_text("utf-8")[-2000:]
        newest = {"query": "id > 0", "orderby": "id", "order": "DESC", "per_page": "1"}
        found = self.rest("GET", "tickets", params=newest).json()["items"]
        return str(found[0]["id"])

    def rest(self, method: str, path: str, who: str = AGENT, **more: Any) -> httpx.Response:
        """A call of the API as somebody else than the bot."""
        url = f"{self.url}/REST/2.0/{path}"
        answer = httpx.request(method, url, auth=(who, PASSWORD), timeout=PATIENCE, **more)
        assert answer.is_success, answer.text
        return answer

    @contextmanager
    def many(self, count: int) -> Iterator[list[str]]:
        """So many new tickets, and gone afterwards; straight in its database: by itself RT makes twenty a second."""
        with closing(sqlite3.connect(self.home / "rt.sqlite3", timeout=PATIENCE)) as database:
            names = [row[1] for row in database.execute("pragma table_info(Tickets)")]
            last = database.execute("select max(id) from Tickets").fetchone()[0]
            new = range(last + 1, last + 1 + count)
            ours = {"id": "?1", "EffectiveId": "?1", "LastUpdated": "datetime('now')", "Created": "datetime('now')"}
            values = ", ".join(ours.get(name, name) for name in names)
            copy = f"insert into Tickets ({', '.join(names)}) select {values} from Tickets where id = {last}"
            with database:
                database.executemany(copy, [(number,) for number in new])
            yield [str(number) for number in new]
            with database:
                database.execute("delete from Tickets where id > ?", (last,))

    def _ready(self) -> bool:
        assert self._server.poll() is None, (self.home / "server.log").read_text()
        if not answers(self.port):
            return False
        head = {"authorization": f"token {self.token}"}
        return httpx.get(f"{self.url}/REST/2.0/rt", headers=head, timeout=PATIENCE).is_success

    def _write(self) -> None:
        condition, commit = scrip(self._page)
        hook = f"http://127.0.0.1:{self.sink.port}/v1/hooks/rt"
        commit = commit.replace("https://antesala.example.com/v1/hooks/rt", hook).replace("PUT-THE-SECRET-HERE", SECRET)
        people = {"bot": BOT, "agent": AGENT, "customer": CUSTOMER.replace("@", "\\@"), "password": PASSWORD}
        seed = _SEED.format(home=self.home, condition=condition, commit=commit, **people)
        (self.home / "seed.pl").write_text(seed.replace(f"'{people['customer']}'", f"'{CUSTOMER}'"), "utf-8")
        for name in ("RT_SiteConfig.d", "mason", "sessions"):
            (self.home / name).mkdir()
        (self.home / "RT_SiteConfig.pm").write_text(_CONFIG.format(home=self.home, port=self.port), "utf-8")
        (self.home / "sendmail").write_text(_SENDMAIL.format(port=self.smtp.port), "utf-8")
        (self.home / "sendmail").chmod(0o755)

    def _setup(self, *words: str) -> None:
        done = subprocess.run(
            [str(_SETUP), *words],
            env=self._env,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
