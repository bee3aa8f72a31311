"""Bytes to text: never an exception, never a dropped character, whatever the mail says its charset is."""

from __future__ import annotations

from functools import cache

from charset_normalizer import from_bytes

__all__ = ["clean", "codec_for", "decode"]

#: Charsets that may be named by a mail, with the superset that real senders mean by them
#: (WHATWG Encoding, section 4.2). Python has codecs that are no charsets (rot13, zip, idna, unicode_escape): not these.
_SUPERSETS = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unknown unknown-8bit unknown utf-8-sig csutf8 utf8mb4",
    "cp1252": "us-ascii ascii iso-8859-1 iso8859-1 latin1 latin-1 l1 cp1252 windows-1252 x-cp1252 ansi_x3.4-1968 8bit",
    "gb18030": "gb2312 gbk gb18030 x-gbk iso-gb2312 cp936 ms936 windows-936 gb_2312-80 csgb2312 euc-cn",
    "cp932": "shift_jis shift-jis sjis x-sjis cp932 ms932 windows-31j ms_kanji csshiftjis",
    "cp949": "ks_c_5601-1987 ks_c_5601 euc-kr euckr cp949 windows-949 ksc5601 ks_c_5601-1989",
    "big5hkscs": "big5 big-5 big5-hkscs big5hkscs cp950 x-x-big5 cn-big5",
    "cp1254": "iso-8859-9 latin5 cp1254 windows-1254",
    "cp1250": "cp1250 windows-1250 x-cp1250",
    "cp1251": "cp1251 windows-1251 x-cp1251",
    "cp1253": "cp1253 windows-1253",
    "cp1255": "cp1255 windows-1255",
    "cp1256": "cp1256 windows-1256",
    "cp1257": "cp1257 windows-1257",
    "cp1258": "cp1258 windows-1258",
    "iso8859-2": "iso-8859-2 latin2",
    "iso8859-3": "iso-8859-3 latin3",
    "iso8859-4": "iso-8859-4 latin4",
    "iso8859-5": "iso-8859-5 cyrillic",
    "iso8859-6": "iso-8859-6 iso-8859-6-i iso-8859-6-e arabic",
    "iso8859-7": "iso-8859-7 greek",
    "iso8859-8": "iso-8859-8 iso-8859-8-i iso-8859-8-e hebrew",
    "iso8859-10": "iso-8859-10 latin6",
    "cp874": "iso-8859-11 tis-620 cp874 windows-874",
    "iso8859-13": "iso-8859-13 latin7",
    "iso8859-14": "iso-8859-14 latin8",
    "iso8859-15": "iso-8859-15 latin9 latin-9",
    "iso8859-16": "iso-8859-16 latin10",
    "koi8-r": "koi8-r koi8 koi",
    "koi8-u": "koi8-u koi8-ru",
    "mac-roman": "macintosh mac x-mac-roman macroman",
    "mac-cyrillic": "x-mac-cyrillic mac-cyrillic",
    "mac-latin2": "x-mac-ce mac-latin2",
    "cp437": "cp437 ibm437",
    "cp850": "cp850 ibm850",
    "cp852": "cp852 ibm852",
    "cp866": "cp866 ibm866",
    "cp858": "cp858",
    "euc_jp": "euc-jp eucjp x-euc-jp",
    "iso2022_jp_2": "iso-2022-jp iso-2022-jp-1 iso-2022-jp-2 csiso2022jp iso-2022-jp-ms cp50220 cp50221",
    "iso2022_kr": "iso-2022-kr",
    "johab": "johab",
    "hz": "hz-gb-2312 hz",
    "utf-7": "utf-7 unicode-1-1-utf-7",
    "utf-16": "utf-16 ucs-2 unicode iso-10646-ucs-2",
    "utf-16-le": "utf-16le utf-16-le",
    "utf-16-be": "utf-16be utf-16-be",
    "utf-32": "utf-32 ucs-4",
}
_CODECS = {name: codec for codec, names in _SUPERSETS.items() for name in names.split()}
#: Single-byte charsets of the West: valid UTF-8 under such a label is UTF-8 (common from web forms).
_WESTERN = {"cp1252", "iso8859-15", "cp1254", "cp1250", "iso8859-2", "mac-roman", "cp850", "cp437"}

#: C0 and C1 controls but tab and newline; direction overrides that make text read other than it is; BOM.
_DROP = dict.fromkeys(
    [c for c in (*range(0x20), *range(0x7F, 0xA0)) if c not in (0x09, 0x0A)]
    + [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xFFFE, 0xFFFF]
)
_LINES = {0x85: "\n", 0x2028: "\n", 0x2029: "\n", 0x0B: "\n", 0x0C: "\n", 0xA0: " ", 0x202F: " "}
_CLEAN = {**_DROP, **_LINES}


@cache
def codec_for(charset: str) -> str | None:
    """The codec to use for a charset that a mail names, or None if it is none that mail may use."""
    return _CODECS.get(charset.strip().strip("\"'").lower().replace("_", "-")) or _CODECS.get(charset.strip().lower())


def decode(data: bytes, charset: str | None = None) -> tuple[str, str | None]:
    """Text of `data` and what was wrong: None, "charset-unknown" or "charset-wrong"."""
    codec = codec_for(charset[:60]) if charset else None
    defect = "charset-unknown" if charset and codec is None else None
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-8" if data[0] == 0xEF else "utf-16"
    if codec is None or codec in _WESTERN:
        if data.isascii():
            return _strict(data, "iso2022_jp_2" if not charset and b"\x1b$" in data else "ascii") or "", defect
        if (text := _strict(data, "utf-8")) is not None:
            return text, defect if codec is None else "charset-wrong"
    if codec and (text := _strict(data, codec)) is not None:
        return text, defect
    return _guess(data, codec), defect or ("charset-wrong" if charset else "charset-missing")


def _strict(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
        text.encode("utf-8")  # some codecs let half a surrogate pair through
    except (UnicodeError, LookupError, ValueError):
        return None
    return text


def _guess(data: bytes, codec: str | None) -> str:
    if (text := _strict(data, "utf-8")) is not None:
        return text
    if codec == "utf-8":
        text = data.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        if broken * 2 <= sum(c > "\x7f" for c in text):
            return text  # a byte was lost; else it is no UTF-8 at all
        codec = None
    if codec in _WESTERN:
        # the few bytes that Windows-1252 leaves undefined
        return data.decode(codec or "cp1252", "replace")
    sample = data[: 64 * 1024]
    high = sum(byte >= 0x80 for byte in sample)
    # Few high bytes are the accents of a Western text, for which statistics on a short text guess wild things.
    best = None if codec or high * 2 < len(sample) else from_bytes(sample).best()
    if best is not None and best.encoding and (codec := codec_for(best.encoding)):
        return data.decode(codec, "replace")
    return data.decode(codec or "cp1252", "replace").encode("utf-8", "replace").decode("utf-8")


def clean(text: str) -> str:
    """Text with newlines as LF and without control characters, NULs, direction overrides and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.translate(_CLEAN)
