"""The codes of what went wrong, as a person who looks after Antesala reads them."""

from __future__ import annotations

_WORDS = {
    "RcptTo": "The mail server refuses this recipient: the address is wrong, or the server does not relay for us.",
    "MailFrom": "The mail server refuses our sender; ANTESALA_BOUNCE_ADDRESS gives it another.",
    "AfterData": "The mail server refuses the mail itself, as too large or as unwanted.",
    "DuringData": "The connection broke before the mail was through; it was not sent.",
    "NoAnswerAfterData": "The connection ended before the mail server said whether it has the mail.",
    "AddressUnusable": "Nothing can be sent to this address.",
    "NoSender": "The request has no address that could be answered.",
    "SMTPAuthenticationError": "The mail server refuses the log-in: check ANTESALA_SMTP_URL.",
    "OAuth2Error": "There is no access token; antesala doctor says why.",
    "StartTlsMissing": "The mail server offers no STARTTLS; antesala doctor says what to do.",
    "SSLCertVerificationError": "The certificate is refused; antesala doctor says what to do.",
    "SSLError": "TLS could not be agreed; antesala doctor says what to do.",
    "gaierror": "There is no such host; antesala doctor says what to do.",
    "ConnectionRefusedError": "Nobody listens there; antesala doctor says what to do.",
    "ConnectError": "Nobody answers there; antesala doctor says what to do.",
    "Http": "The other side answered with this HTTP status.",
    "GatewayAddressMissing": "ANTESALA_GATEWAY_ADDRESSES has no address for this group.",
    "NotifyAddressMissing": "There is no setting ANTESALA_NOTIFY_… of this name.",
    "NotVisible": "The desk shows the bot no such ticket: it is gone, or its rights are too small.",
    "NoAddressForTickets": "This desk opens tickets by mail alone: set ANTESALA_GATEWAY_ADDRESSES.",
    "OpenedByMail": "The desk has the customer's mail; its ticket is not there yet.",
    "NotTaken": "The desk said yes and did not do it: see its log and the bot's rights.",
    "NoteIsPublic": "The desk showed our note to the customer: mend it, then antesala resume note.",
    "TicketMissing": "The desk has no ticket for this request.",
    "RequestMissing": "The request is no longer here.",
    "BytesDeleted": "It is no longer here: its retention is over, or the person was forgotten.",
    "JudgeFailed": "The mail could not be decided within its limits; the log has the reason.",
    "ParseFailed": "The mail could not be read within its limits.",
}


def in_words(error: str) -> str:
    """The first code of `error` as a sentence, or nothing where the code says all there is."""
    for word in error.replace(":", " ").split()[:2]:
        if word in _WORDS:
            return _WORDS[word]
    return ""
