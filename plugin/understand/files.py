"""What kind of file an attachment is, and a name for it that can be shown."""

from __future__ import annotations

import hashlib
import mimetypes
import unicodedata

from plugin.model import Attachment

__all__ = ["describe", "shown_name"]

_TABLES = "csv tsv xls xlsx xlsm xlsb ods numbers"
_ARCHIVES = "zip gz tgz bz2 xz 7z rar tar zst cab iso dmg"
_DOCUMENTS = "pdf doc docx docm dot dotx odt rtf pages ppt pptx odp key epub xps"
_BY_EXTENSION = {
    extension: kind
    for kind, extensions in {
        "image": "png jpg jpeg jpe jfif gif bmp webp heic heif tif tiff svg avif ico",
        "video": "mp4 mov avi mkv webm m4v mpg mpeg 3gp wmv",
        "audio": "mp3 wav m4a ogg oga opus aac flac amr wma",
        "table": _TABLES,
        "document": _DOCUMENTS,
        "archive": _ARCHIVES,
        "mail": "eml msg mbox",
        "calendar": "ics ical ifb vcs",
        "text": "txt log md json xml yaml yml html htm har ini conf",
    }.items()
    for extension in extensions.split()
}
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n", "image", ".png"),
    (b"\xff\xd8\xff", "image", ".jpg"),
    (b"GIF8", "image", ".gif"),
    (b"BM", "image", ".bmp"),
    (b"%PDF-", "document", ".pdf"),
    (b"PK\x03\x04", "archive", ".zip"),
    (b"\x1f\x8b", "archive", ".gz"),
    (b"Rar!", "archive", ".rar"),
    (b"7z\xbc\xaf", "archive", ".7z"),
    (b"ID3", "audio", ".mp3"),
    (b"OggS", "audio", ".ogg"),
    (b"\x1aE\xdf\xa3", "video", ".webm"),
    (b"{\\rtf", "document", ".rtf"),
    (b"BEGIN:VCALENDAR", "calendar", ".ics"),
)
_BY_TYPE = {
    "application/pdf": "document",
    "application/rtf": "document",
    "text/rtf": "document",
    "application/msword": "document",
    "application/vnd.oasis.opendocument.text": "document",
    "application/vnd.ms-powerpoint": "document",
    "application/vnd.ms-excel": "table",
    "application/vnd.oasis.opendocument.spreadsheet": "table",
    "text/csv": "table",
    "text/tab-separated-values": "table",
    "application/zip": "archive",
    "application/x-zip-compressed": "archive",
    "application/gzip": "archive",
    "application/x-7z-compressed": "archive",
    "application/x-tar": "archive",
    "application/vnd.rar": "archive",
    "message/rfc822": "mail",
    "message/global": "mail",
    "text/rfc822-headers": "mail",
    "application/vnd.ms-outlook": "mail",
    "text/calendar": "calendar",
    "application/ics": "calendar",
    "application/json": "text",
    "application/xml": "text",
}
_RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))}


def describe(data: bytes, content_type: str, name: str, inline: bool) -> Attachment:
    """The attachment that these bytes are; its name is the same at every reading of the same bytes."""
    digest = hashlib.sha256(data).hexdigest()
    kind, extension = _kind(data, content_type, shown_name(name))
    shown = shown_name(name) or f"{kind}-{digest[:8]}{extension}"
    return Attachment(shown, kind, content_type, len(data), digest, inline)


def _kind(data: bytes, content_type: str, name: str) -> tuple[str, str]:
    """Kind and a fitting extension: by the first bytes where they tell, then by the name, then by the declared type."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    by_name = _BY_EXTENSION.get(extension)
    for magic, kind, suffix in _MAGIC:
        if data.startswith(magic):
            # office files are zip archives; only the name or the type tells which
            office = by_name if by_name in ("document", "table") else _type_kind(content_type)
            return (office if kind == "archive" and office in ("document", "table") else kind), suffix
    if data[4:8] == b"ftyp":
        image = data[8:12] in (b"heic", b"heix", b"mif1", b"avif")
        return ("image", ".heic") if image else ("audio", ".m4a") if data[8:11] == b"M4A" else ("video", ".mp4")
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return {b"WEBP": ("image", ".webp"), b"WAVE": ("audio", ".wav")}.get(data[8:12], ("video", ".avi"))
    kind = by_name or _type_kind(content_type) or "other"
    return kind, mimetypes.guess_extension(content_type, strict=False) or ".bin"


def _type_kind(content_type: str) -> str | None:
    if kind := _BY_TYPE.get(content_type):
        return kind
    if "spreadsheet" in content_type:
        return "table"
    if "officedocument" in content_type or "opendocument" in content_type:
        return "document"
    main = content_type.partition("/")[0]
    return main if main in ("image", "video", "audio", "text") else None


def shown_name(name: str) -> str:
    """A file name that can do no harm when shown: the last step of a path, no controls or direction marks, 120 long."""
    name = unicodedata.normalize("NFC", name[:20_000].encode("utf-8", "replace").decode("utf-8"))
    name = "".join(" " if c in "\r\n\t" else c for c in name if c in "\r\n\t" or unicodedata.category(c)[0] != "C")
    name = " ".join(name.replace("\\", "/").rpartition("/")[2].split()).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if len(name) > 120:
        name = f"{stem[: 119 - len(extension)]}.{extension}" if dot and len(extension) <= 10 else name[:120]
    if (stem if dot else name).partition(".")[0].lower() in _RESERVED:
        name = f"_{name}"
    return name
