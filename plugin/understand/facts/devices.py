# ruff: noqa: E501
"""On what the customer saw it: device, operating system, browser, and the version of an app."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.model import Fact
from plugin.understand.facts.found import Text, compiled, matches
from plugin.understand.facts.languages import ALL

_DEVICES = {
    "iphones?(?: \\d{1,2}(?: ?(?:pro|plus|max|mini|se))*)?": "iphone", "ipads?(?: (?:pro|air|mini))?": "ipad", "macbook(?:s)?(?: (?:air|pro))?": "macbook", "imac": "imac", "mac ?mini": "mac", "macs?": "mac",
    "samsung(?: galaxy)?(?: [a-z]?\\d{1,3}\\w*)?": "samsung", "galaxy(?: [a-z]?\\d{1,3}\\w*)?": "samsung", "xiaomi": "xiaomi", "redmi": "xiaomi", "poco [a-z]\\d": "xiaomi", "huawei(?: \\w+)?": "huawei", "motorola": "motorola", "moto g\\w*": "motorola", "moto [eg]?\\d+": "motorola", "oneplus": "oneplus", "oppo": "oppo", "realme": "realme",
    "(?:google )?pixel(?: \\d\\w?)?": "pixel", "lenovo(?: \\w+)?": "lenovo", "thinkpad": "thinkpad", "surface(?: pro| go)?": "surface", "chromebook": "chromebook", "kindle(?: fire)?": "kindle", "fire tablet": "kindle", "fairphone": "fairphone", "nokia": "nokia", "asus": "asus", "acer": "acer",
    "dell": "dell", "toshiba": "toshiba",
}  # fmt: skip
_SYSTEMS = {
    "windows(?: (?:7|8|10|11|xp|vista))?": "windows", "win ?(?:7|8|10|11)": "windows", "w(?:10|11)": "windows", "mac ?os(?: x)?(?: \\w+)?": "macos", "os ?x": "macos", "(?:mac )?(?:sonoma|sequoia|ventura|monterey|big sur|catalina|tahoe)": "macos", "ipad ?os(?: \\d+(?:\\.\\d+)*)?": "ipados", "ios(?: \\d+(?:\\.\\d+)*)?": "ios", "android(?: \\d+)?": "android",
    "linux(?: mint)?": "linux", "ubuntu(?: \\d\\d(?:\\.\\d\\d)?)?": "linux", "debian": "linux", "fedora": "linux", "chrome ?os": "chromeos",
}  # fmt: skip
_BROWSERS = {
    "(?:google )?chrome(?: \\d{2,3}(?:\\.\\d+)*)?": "chrome", "chromium": "chromium", "(?:mozilla )?fire ?fox(?: \\d{2,3}(?:\\.\\d+)*)?": "firefox", "safari(?: \\d+(?:\\.\\d+)*)?": "safari", "(?:microsoft|ms) edge(?: \\d+)?": "edge", "edge(?: \\d+)?": "edge", "opera(?: gx)?": "opera", "brave": "brave", "vivaldi": "vivaldi",
    "internet explorer": "ie", "duckduckgo": "duckduckgo", "samsung internet": "samsung-internet", "tor browser": "tor",
    "(?:modo |navegacion |fenetre de navigation |navigation |fenetre )(?:incognito|privad[oa]|privee?)": "private-window", "incognito(?: \\w+)?": "private-window", "private (?:window|browsing|tab|mode)": "private-window", "(?:ventana|pestana|mode|ventana de|en) incognito": "private-window", "navigation privee": "private-window",
}  # fmt: skip
_APP = compiled(
    r"(?:app|application|appli|aplicacion|aplicativo|anwendung|applicazione|version|versione|versao|v)\.? ?(?:movil|mobile|android|ios)? ?"
    r"(?:version |versione |versao |v\.? ?|ver\.? ?)?(\d{1,3}(?:\.\d{1,4}){1,3}(?:-?(?:beta|rc)\d*)?)"
)
_MOBILE_APP = compiled(
    r"(?:la |l'|the |a |die |your |vuestra |votre |su )?(?:app|appli|application|aplicacion|aplicativo|applicazione)"
    r"(?: (?:movil|mobile|de celular|del (?:movil|celular|telefono)|sur (?:mon )?(?:telephone|gsm|iphone|android)|on my phone|del cellulare|android|ios|para (?:android|iphone|ios)|do celular))"
    r"|(?:movil|mobile|phone|iphone|android|ios|ipad) (?:app|appli|application)"
)
_KINDS = {"os": _SYSTEMS, "browser": _BROWSERS, "device": _DEVICES}
_BY_KIND = {kind: compiled("|".join(sorted(names, key=len, reverse=True))) for kind, names in _KINDS.items()}
_EXACT = {kind: [(compiled(pattern), value) for pattern, value in names.items()] for kind, names in _KINDS.items()}
_GENERIC = {pattern: value for words in ALL for pattern, value in words.devices.items()}
_GENERIC_WORDS = compiled("|".join(sorted(_GENERIC, key=len, reverse=True)))
_GENERIC_EXACT = [(compiled(pattern), value) for pattern, value in _GENERIC.items()]


def devices(text: Text) -> Iterator[Fact]:
    """`device`, `os`, `browser` and `app-version` facts. `device.word` is a mere "computer" or "phone"."""
    for match in matches(_APP, text.folded):
        yield text.fact("app-version", match.group(1), match.start(), match.end())
    for match in matches(_MOBILE_APP, text.folded):
        yield text.fact("mobile-app", match.group(), match.start(), match.end())
    for kind, pattern in _BY_KIND.items():
        for match in matches(pattern, text.folded):
            if kind == "browser" and match.group() == "edge" and not text.raw[match.start()].isupper():
                continue
            yield text.fact(kind, _named(_EXACT[kind], match.group()), match.start(), match.end())
    for match in matches(_GENERIC_WORDS, text.folded):
        yield text.fact("device.word", _named(_GENERIC_EXACT, match.group()), match.start(), match.end())


def _named(names: list[tuple[object, str]], words: str) -> str:
    return next((value for pattern, value in names if pattern.fullmatch(words)), words)  # type: ignore[attr-defined]
