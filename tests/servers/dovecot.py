"""A real Dovecot: every address is a mailbox, the password of all is `pass`; XOAUTH2 takes tokens signed here.

Runs as root or as anybody.
"""

from __future__ import annotations

import base64
import getpass
import grp
import hashlib
import hmac
import json
import os
import shutil
import signal
import smtplib
import subprocess
import time
from pathlib import Path
from types import TracebackType

from imapclient import IMAPClient

from servers.ground import answers, certificate, end, folder, free_port, program, wait_for

PASSWORD = "pass"
ISSUER = "https://idp.desk.test"

_CONFIG = """
protocols = imap lmtp
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/dovecot.log
instance_name = antesala-tests
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/tls/server.pem
ssl_key = <{home}/tls/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
auth_verbose = yes
mail_fsync = never
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 1
first_valid_gid = 1
mail_home = {home}/mail/%d/%n
mail_location = maildir:~/Maildir
recipient_delimiter = +
lda_mailbox_autocreate = yes
mail_max_userip_connections = 50
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password=pass
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={home}/mail/%d/%n allow_all_users=yes
}}
service imap-login {{
  {no_chroot}
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  {no_chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {no_chroot}
}}
service auth {{
  inet_listener {{
    port = {auth}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""

_OAUTH2 = """introspection_mode = local
local_validation_key_dict = fs:posix:prefix={home}/keys/
username_attribute = email
issuers = {issuer}
"""


class Dovecot:
    """A context manager; the server runs inside."""

    def __init__(self) -> None:
        self.home = folder("dovecot")
        self.imap, self.imaps, self.lmtp = free_port(), free_port(), free_port()
        self.auth = free_port()  #: where Postfix asks whether a log-in is good
        self.ca = self.home / "tls" / "ca.pem"
        self._key = os.urandom(24).hex().encode()

    def __enter__(self) -> Dovecot:
        certificate(self.home / "tls")
        self._configure()
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def _configure(self) -> None:
        root = os.getuid() == 0
        me = getpass.getuser() if not root else ""
        group = grp.getgrgid(os.getgid()).gr_name
        for name in ("run", "mail", "keys/default/HS256"):
            (self.home / name).mkdir(parents=True)
        if root:
            shutil.chown(self.home / "mail", "mail", "mail")
        # Dovecot looks for keys under <azp>/<alg>/<kid>
        (self.home / "keys/default/HS256/test").write_bytes(base64.b64encode(self._key))
        (self.home / "oauth2.conf").write_text(_OAUTH2.format(home=self.home, issuer=ISSUER))
        (self.home / "dovecot.conf").write_text(
            _CONFIG.format(
                home=self.home,
                imap=self.imap,
                imaps=self.imaps,
                lmtp=self.lmtp,
                auth=self.auth,
                mail_user=me or "mail",
                mail_group=group if me else "mail",
                internal_user=me or "dovecot",
                internal_group=group if me else "dovecot",
                login_user=me or "dovenull",
                no_chroot="chroot =" if me else "",
            )
        )

    def start(self) -> None:
        """Start it, the first time or again."""
        (self.home / "run/master.pid").unlink(missing_ok=True)
        command = [program("dovecot", "dovecot-imapd"), "-c", str(self.home / "dovecot.conf")]
        with (self.home / "start.log").open("wb") as log:  # a pipe would stay open in the daemon
            done = subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=False, timeout=20)
        assert done.returncode == 0, (self.home / "start.log").read_text()
        wait_for(lambda: all(map(answers, (self.imap, self.imaps, self.lmtp))), message="Dovecot does not answer")

    @property
    def pid(self) -> int | None:
        try:
            return int((self.home / "run/master.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def stop(self) -> None:
        """A clean end; connections are cut."""
        workers = self.workers()
        if (pid := self.pid) is not None:
            end(pid)
        for worker in workers:
            end(worker, signal.SIGKILL)

    def kill(self) -> None:
        """The end that a power cut makes: master and all workers at once."""
        workers = self.workers()
        if (pid := self.pid) is not None:
            end(pid, signal.SIGKILL)
        for worker in workers:
            end(worker, signal.SIGKILL)

    def workers(self, name: str = "") -> list[int]:
        """Processes of the server, those called `name` only."""
        if (pid := self.pid) is None:
            return []
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            return []
        found = []
        for child in children:
            try:
                command = Path(f"/proc/{child}/comm").read_text().strip()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if not name or command == name:
                found.append(int(child))
        return found

    def signal_sessions(self, sig: int) -> int:
        """Signal every process that serves an IMAP session; how many there were."""
        pids = self.workers("imap") + self.workers("imap-login")
        for pid in pids:
            os.kill(pid, sig)
        return len(pids)

    def deliver(self, address: str, raw: bytes) -> None:
        """Hand over a mail as an SMTP server would (LMTP)."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            client.sendmail("sender@guest.example", [address], raw)

    def file(self, address: str, folder: str, raw: bytes) -> None:
        """Put a mail into a folder, as a client or a server does with what was sent (APPEND)."""
        with IMAPClient("127.0.0.1", self.imap, ssl=False, timeout=30) as client:
            client.login(address, PASSWORD)
            client.append(folder, raw)

    def admin(self, *args: str) -> str:
        """A command of doveadm, e.g. `("mailbox", "update", "-u", user, "--uid-validity", "5", "INBOX")`."""
        command = [program("doveadm", "dovecot-core"), "-c", str(self.home / "dovecot.conf"), *args]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=30
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def token(self, address: str, *, lifetime: int = 600, key: bytes | None = None) -> str:
        """An access token (JWT, HS256) for XOAUTH2."""
        now = int(time.time())
        header = {"alg": "HS256", "typ": "JWT", "kid": "test"}
        claims = {"iss": ISSUER, "sub": address, "email": address, "iat": now - 1, "exp": now + lifetime}
        signed = b".".join(_b64(json.dumps(part).encode()) for part in (header, claims))
        return (signed + b"." + _b64(hmac.digest(key or self._key, signed, hashlib.sha256))).decode()


def _b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
