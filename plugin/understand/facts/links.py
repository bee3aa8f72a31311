# ruff: noqa: E501
"""E-mail addresses, domains, links and telephone numbers."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.model import Fact
from plugin.understand.facts.found import Text, compiled, matches

_EMAIL = compiled(r"[a-z0-9][a-z0-9._%+\-]{0,63}@[a-z0-9](?:[a-z0-9\-]{0,62}\.){1,6}[a-z]{2,24}")
_LINK = compiled(r"(?:https?://|www\.)[^\s<>\"]{3,1000}")
_DOMAIN = compiled(
    r"@?(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,5}(?:com|net|org|example|es|fr|de|it|pt|be|ch|ca|co|uk|us|mx|ar|cl|pe|br|io|eu|in|app|info|biz|at|ie|au|nz|cat|test|invalid)"
)
_PHONE = compiled(
    r"\+\d{1,3}[ .\-]?(?:\(?\d{1,4}\)?[ .\-]?){2,5}\d{2,4}|\(?0\d{1,4}\)?[ .\-](?:\d{2,4}[ .\-]?){2,4}\d{2}|[679]\d{2} \d{3} \d{3}|[67]\d{2} \d{2} \d{2} \d{2}"
)
#: Where pictures and recordings are shared; a link there stands for a screenshot.
_PICTURES = (
    "imgur", "prnt.sc", "prntscr", "lightshot", "gyazo", "loom.com", "screencast", "screenrec", "cloudapp", "jam.dev", "droplr", "monosnap", "snipboard",
    "ibb.co", "postimg", "youtu.be", "youtube.com", "vimeo", "streamable", "photos.app", "photos.google", "vidyard", "veed.io", "share.icloud",
    "screenshot", "captura", "capture", "screen", "grab", "recording", "video", "grabacion", "pantalla", "ecran", "bildschirm", "schermata", "clip", ".png", ".jpg", ".jpeg", ".gif", ".mp4", ".mov", ".webm", "/img", "/image", "/photo", "/foto",
)  # fmt: skip
_SHARES = (
    "drive.google",
    "dropbox",
    "wetransfer",
    "onedrive",
    "1drv",
    "icloud",
    "we.tl",
    "drive.",
    "cloud",
    "nube",
    "share",
    "compart",
    "partage",
)


def links(text: Text) -> Iterator[Fact]:
    """`email`, `link`, `domain` and `phone` facts; links to pictures are `picture-link`, to shared files `file-link`."""
    taken = []
    for match in matches(_EMAIL, text.folded):
        taken.append((match.start(), match.end()))
        yield text.fact("email", match.group(), match.start(), match.end())
    for match in _LINK.finditer(text.folded):
        start, end = match.start(), _end_of_link(text.folded, match.start(), match.end())
        taken.append((start, end))
        yield text.fact(_kind_of_link(text.folded[start:end]), text.raw[start:end], start, end)
    taken.sort()
    for match in matches(_DOMAIN, text.folded):
        if not _touches(match.start(), match.end(), taken):
            value = match.group()
            if "/" in text.folded[match.end() : match.end() + 1]:
                end = match.end() + len(text.folded[match.end() :].split()[0])
                whole = text.folded[match.start() : end]
                if _kind_of_link(whole) != "link":
                    yield text.fact(_kind_of_link(whole), text.raw[match.start() : end], match.start(), end)
                    continue
            yield text.fact("domain", value.lstrip("@"), match.start(), match.end())
    for match in matches(_PHONE, text.folded):
        if 9 <= sum(map(str.isdigit, match.group())) <= 15 and not _touches(match.start(), match.end(), taken):
            yield text.fact("phone", "".join(filter(str.isdigit, match.group())), match.start(), match.end())


def _end_of_link(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in ".,;:!?)]}'\"»":
        end -= 1
    return end


def _kind_of_link(link: str) -> str:
    if "/" not in link.removeprefix("https://").removeprefix("http://").rstrip("/"):
        return "domain"  # a site as such: www.casa.example
    if any(name in link for name in _PICTURES):
        return "picture-link"
    return "file-link" if any(name in link for name in _SHARES) else "link"


def _touches(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in taken)
