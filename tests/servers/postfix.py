"""A real Postfix that hands every mail to a Dovecot of tests, whatever the domain. Needs root.

Answers for faults: nouser@ 550, defer@ 450, full@ 452; a Subject with REJECTME gets 550 after DATA.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from types import TracebackType

from servers.dovecot import Dovecot
from servers.ground import answers, end, folder, free_port, program, wait_for

_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {home}/maillog
maillog_file_prefixes = {home}
myhostname = mx.desk.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
relay_domains = static:ALL
relay_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps =
disable_dns_lookups = yes
smtp_host_lookup = native
lmtp_host_lookup = native
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access regexp:{home}/etc/rcpt, permit
smtpd_sender_restrictions = {sender_restrictions}
header_checks = regexp:{home}/etc/headers
smtpd_tls_cert_file = {tls}/server.pem
smtpd_tls_key_file = {tls}/server.key
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_sasl_auth_enable = no
smtpd_peername_lookup = no
minimal_backoff_time = 2s
maximal_backoff_time = 10s
queue_run_delay = 2s
recipient_delimiter = +
in_flow_delay = 0
biff = no
"""

_TLS = "-o smtpd_sasl_auth_enable=yes -o smtpd_relay_restrictions=permit_sasl_authenticated,reject"
_MASTER = """
127.0.0.1:{smtp}       inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_tls_auth_only=yes {tls}
127.0.0.1:{smtps}      inet n - n - - smtpd -o smtpd_tls_wrappermode=yes {tls}
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
showq     unix n - n - - showq
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
lmtp      unix - - n - - lmtp
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """A context manager; the server runs inside. Log-ins are those of the Dovecot, any address with `pass`."""

    def __init__(self, dovecot: Dovecot, *, refuse_null_sender: bool = False) -> None:
        self.home = folder("postfix")
        self.smtp, self.submission, self.smtps = free_port(), free_port(), free_port()
        self.dovecot = dovecot
        self.ca = dovecot.ca
        self._refuse_null_sender = refuse_null_sender

    def __enter__(self) -> Postfix:
        if os.getuid() != 0:
            raise RuntimeError("Postfix can only be started by root")
        for name in ("etc", "queue", "data"):
            (self.home / name).mkdir()
        shutil.chown(self.home / "data", "postfix")
        etc = self.home / "etc"
        senders = f"check_sender_access regexp:{etc}/senders"
        values = {"home": self.home, "lmtp": self.dovecot.lmtp, "auth": self.dovecot.auth, "tls": self.ca.parent}
        (etc / "main.cf").write_text(_MAIN.format(**values, sender_restrictions=senders))
        ports = {"smtp": self.smtp, "submission": self.submission, "smtps": self.smtps}
        (etc / "master.cf").write_text(_MASTER.format(**ports, tls=_TLS))
        (etc / "rcpt").write_text(
            "/^nouser@/ 550 5.1.1 No such user\n/^defer@/ 450 4.3.0 Later\n/^full@/ 452 4.2.2 Full\n"
        )
        (etc / "headers").write_text("/^Subject:.*REJECTME/ REJECT content refused\n")
        (etc / "senders").write_text("/^<>$/ 550 5.7.1 No null sender here\n" if self._refuse_null_sender else "")
        self._postfix("start")
        wait_for(lambda: all(map(answers, ports.values())), message="Postfix does not answer")
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        pid = (self.home / "queue/pid/master.pid").read_text().strip()
        self._postfix("stop")
        end(int(pid))
        shutil.rmtree(self.home, ignore_errors=True)

    def idle(self) -> bool:
        """Whether every mail that was taken is delivered."""
        waiting = ("maildrop", "incoming", "active", "deferred", "defer", "hold")
        return not any(path.is_file() for name in waiting for path in (self.home / "queue" / name).rglob("*"))

    def _postfix(self, word: str) -> None:
        command = [program("postfix", "postfix"), "-c", str(self.home / "etc"), word]
        with (self.home / f"{word}.log").open("wb") as log:  # a pipe would stay open in the daemon
            done = subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=False, timeout=60)
        assert done.returncode == 0, (self.home / f"{word}.log").read_text()
