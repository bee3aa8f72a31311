"""Everything that can be told about a message without rules: its language, its facts, whether it is a person's."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.model import Message, Understood
from plugin.understand.automatic import automatic
from plugin.understand.facts import facts
from plugin.understand.language import language
from plugin.understand.own import Own


def understand(
    message: Message,
    *,
    own: Own,
    languages: Iterable[str],
    fallback_language: str,
    inherited: str | None = None,
) -> Understood:
    """Pure: the same message always gives the same result.

    `languages` are those the desk recognises, `fallback_language` the one for messages that do not tell, `inherited`
    the language of the conversation so far. A language that the customer chose is taken as it is.
    """
    among = tuple(languages)
    if message.language in among:
        code, sure = message.language, True
    else:
        code, sure = language(
            message.newest, message.subject, among=among, fallback=fallback_language, inherited=inherited
        )
    return Understood(
        message=message,
        language=code,
        language_sure=sure,
        facts=facts(message, code),
        automatic=automatic(message, own),
    )
