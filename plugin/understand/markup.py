"""What the markup of mail programs says about a piece of HTML: quote, introduction, earlier mail, signature."""

from __future__ import annotations

from collections.abc import Mapping

import re2

from plugin.understand.newest.lines import HISTORY, INTRO, QUOTE, SIGNATURE

__all__ = ["hint_of"]

_CLASSES = {
    INTRO: "gmail_attr moz-cite-prefix protonmail_quote_header apple-mail-attribution",
    QUOTE: "sparrow-quote front-blockquote freshdesk_quote alimail-quote zmail_extra hs_reply tutanota_quote",
    HISTORY: "yahoo_quoted yahoo-quoted-begin protonmail_quote moz-forward-container bloop_original_html",
    SIGNATURE: "moz-signature gmail_signature gmail_signature_prefix protonmail_signature_block tutanota_signature "
    "ms-outlook-mobile-signature yahoo-signature io-ox-signature bloop_sign",
}
_IDS = {
    INTRO: "reply-intro",
    QUOTE: "qt replybody1 isreplycontent mail-app-auto-quote",
    HISTORY: "divrplyfwdmsg x_divrplyfwdmsg appendonsend x_appendonsend zwchr stopspelling olk_src_body_section "
    "mail-editor-reference-message-container x_mail-editor-reference-message-container isforwardcontent "
    "appleoriginalcontents yahoo_quoted",
    SIGNATURE: "signature x_signature ms-outlook-mobile-signature x_ms-outlook-mobile-signature applemailsignature "
    "mail-app-auto-default-signature bloop_sign initialmailsignature",
}
_BY_CLASS = {name: hint for hint, names in _CLASSES.items() for name in names.split()}
_BY_ID = {name: hint for hint, names in _IDS.items() for name in names.split()}
_BY_NAME = {"quote": QUOTE, "messagereplysection": QUOTE, "messagesignaturesection": SIGNATURE}
#: Outlook's line above the earlier mail: one border on top and no others, in one of its greys.
_OUTLOOK = re2.compile(
    r"(?i)border:none;\s*border-top:\s*solid\s+(?:#E1E1E1|#B5C4DF|rgb\(225,\s*225,\s*225\)|rgb\(181,\s*196,\s*223\))\s+1\.0pt"
)
_INDENT = re2.compile(r"(?i)margin:\s*0(?:px|pt)?\s+0(?:px|pt)?\s+0(?:px|pt)?\s+(?:40px|30pt)")


def hint_of(tag: str, attributes: Mapping[str, str | None], style: str, around: str) -> str | None:
    """The hint for an element, or None if its markup says nothing; `around` is the hint that holds outside it."""
    if around in (QUOTE, SIGNATURE):
        return None  # inside a quote all is quote
    if tag == "blockquote":
        # indentation by the toolbar of Gmail and Outlook on the web is no quote
        return None if style and _INDENT.search(style) and "border-left" not in style.lower() else QUOTE
    if not attributes:
        return None
    if attributes.get("data-marker") == "__DIVIDER__":
        return HISTORY
    if style and "border-top" in style and _OUTLOOK.search(style):
        return HISTORY
    if found := _BY_ID.get((attributes.get("id") or "").lower()):
        return found
    if found := _BY_NAME.get((attributes.get("name") or "").lower()):
        return found
    if attributes.get("data-smartmail") == "gmail_signature":
        return SIGNATURE
    for name in (attributes.get("class") or "").lower().split()[:20]:
        if found := _BY_CLASS.get(name):
            return found
        if name.endswith("yahoo_quoted"):  # Yahoo puts a number before it
            return HISTORY
    return None
