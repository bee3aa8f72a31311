"""Was a mail of ours taken by the server? It is looked for where the server, or our copy of it, put it.

Finding it is proof: the Sent folder is filled by the server that took it, and the copy goes out in the
same SMTP transaction. Not finding it proves nothing, since a queue, a filter or a slow folder may still
hold it; so nothing is ever sent again because of it.
"""

from __future__ import annotations

from plugin.act.gateway import EFFECT
from plugin.act.ids import MARKER
from plugin.act.outcome import EffectError, Outcome
from plugin.intake.session import Session
from plugin.intake.trouble import trouble
from plugin.settings import ImapMailbox

_AUTH_SECONDS = 300.0  #: pause after a refused log-in
_MAX_BYTES = 1 << 20  #: no mail is fetched


def was_sent(folder: ImapMailbox, message_id: str) -> bool:
    """Is the mail with this Message-ID of ours there?

    By its Message-ID, or by our own headers, since some servers put a Message-ID of theirs in its place.
    Raises EffectError (again) where the folder cannot be looked into.
    """
    name = message_id.partition(".")[0]
    try:
        session = Session(folder, _MAX_BYTES, read_only=True)
    except Exception as error:
        raise EffectError(_unreachable(error, folder)) from None
    try:
        return session.has({"Message-ID": message_id, MARKER: name, EFFECT: message_id})
    except Exception as error:
        session.cut()
        raise EffectError(_unreachable(error, folder)) from None
    finally:
        session.close()


def _unreachable(error: Exception, folder: ImapMailbox) -> Outcome:
    found = trouble(error, folder.name)
    wait = _AUTH_SECONDS if found.lasting else found.wait or None
    return Outcome("again", error=f"SentFolder {error.__class__.__name__}", wait=wait, fault=True)
